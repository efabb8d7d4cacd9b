/* GET /v1/tickets/{ID}: of the own center only. */
#include "server/call.h"
#include "server/handlers/handlers.h"

void tickets_get(struct call *call, struct store *reader)
{
    char session[SESSION_ID_SIZE];
    unsigned epoch;
    struct session_row row;
    struct error err = {ERROR_NONE, ""};
    struct buffer file = {.max = TICKET_MAX_BYTES};
    if (!call_object_id(call, session, &epoch))
        return;
    bool ok = reader->session_get(reader, session, &row, &err) &&
              (strcmp(row.center, call_peer(call)->center) == 0 ||
                  error_set(&err, ERROR_NOT_FOUND, "this session is not there")) &&
              reader->ticket_file(reader, session, epoch, &file, &err);
    if (ok)
        reply_bytes(call_reply(call), 200, "application/cms", buffer_bytes(&file));
    else
        call_fail(call, &err);
    buffer_release(&file);
}
