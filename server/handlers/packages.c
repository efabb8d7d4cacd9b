/* GET /v1/packages/{id}: a file that every seat in the world may have: it is sealed. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/field.h"
#include "server/call.h"
#include "server/handlers/handlers.h"

static bool open_package(struct call *call, const char *id, int *file, int64_t *bytes, struct error *err)
{
    char name[SESSION_ID_SIZE + 8], path[FILE_PATH_SIZE];
    struct stat found;
    snprintf(name, sizeof name, "%s.exam", id);
    if (!path_join(path, call->server->packages, name, err))
        return false;
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (opened < 0 || fstat(opened, &found) != 0) {
        error_set_errno(err, "the package");
        if (opened >= 0)
            close(opened);
        return false;
    }
    *file = opened;
    *bytes = found.st_size;
    return true;
}

/* A part continues what the client has only if that is still this file (RFC 9110, 13.1.5). */
static const char *range_wanted(const struct head *head, const char *etag)
{
    const char *if_range = head_field(head, "if-range");
    return if_range == NULL || strcmp(if_range, etag) == 0 ? head_field(head, "range") : NULL;
}

static void send_package(struct call *call, const struct exam_row *exam, struct error *err)
{
    char digest[DIGEST_TEXT_SIZE], etag[DIGEST_TEXT_SIZE + 2];
    struct reply *reply = call_reply(call);
    const struct head *head = &call->exchange->head;
    int file = -1;
    int64_t bytes = 0;
    digest_text(&exam->facts.package_digest, digest);
    snprintf(etag, sizeof etag, "\"%s\"", digest);
    const char *held = head_field(head, "if-none-match");
    if (held != NULL && strcmp(held, etag) == 0)
        reply_empty(reply, 304);
    else if (open_package(call, exam->facts.package_id, &file, &bytes, err))
        reply_file_take(reply, file, bytes, range_wanted(head, etag), "application/cms");
    else
        call_fail(call, err);
    if (reply->status < 400)
        memcpy(reply->etag, etag, sizeof etag);
}

void packages_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct exam_row exam;
    const char *id = call_parameter(call, 0);
    if (field_is_session(id) && reader->exam_get(reader, id, &exam, &err))
        send_package(call, &exam, &err);
    else if (err.code == ERROR_NONE)
        reply_error(call_reply(call), 404, "not-found", "this exam is not there");
    else
        call_fail(call, &err);
}
