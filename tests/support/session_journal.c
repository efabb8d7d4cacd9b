/* session-journal: the records of an unfinished journal, one JSON object a line, as the server opens it: with the session
 * key that the ticket holds. For end-to-end tests; nothing of it is in a program that ships.
 *
 *     session-journal KIOSK_DIR ROOT CENTER_CA TICKET START_CODE JOURNAL */
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/journal.h"
#include "core/result.h"
#include "core/ticket.h"

static struct error err;

static void must(bool ok)
{
    if (ok)
        return;
    (void)fprintf(stderr, "session-journal: %s\n", err.text);
    exit(1);
}

static struct buffer load(const char *path, size_t max)
{
    struct buffer content = {.max = max};

    must(file_read(path, &content, &err));
    return content;
}

static struct session_keys unwrap(const struct ticket *ticket, const char *code)
{
    struct session_keys keys = {0};
    struct secret *plain = code_normalise(CODE_START, bytes_of_text(code), &err);
    struct secret *stretched = plain == NULL ? NULL : code_stretch(CODE_START, 1, ticket->sitting, plain, &err);
    struct secret *wrapping = stretched == NULL ? NULL : code_wrapping_key(stretched, ticket->session, &err);

    must(wrapping != NULL && ticket_unwrap(&ticket->start, wrapping, &keys, &err));
    secret_free(wrapping);
    secret_free(stretched);
    secret_free(plain);
    return keys;
}

static bool print_line(void *context, struct bytes line, struct error *unused)
{
    (void)context;
    (void)unused;
    return fwrite(line.data, 1, line.len, stdout) == line.len && putchar('\n') == '\n';
}

static void print_journal(struct bytes files, const struct secret *session_key, const char *id)
{
    enum journal_end end;

    must(journal_read(files, session_key, id, print_line, NULL, &end, &err));
    if (end == JOURNAL_DAMAGED)
        error_set(&err, ERROR_FORMAT, "the journal is damaged");
    must(end != JOURNAL_DAMAGED);
}

int main(int argc, char **argv)
{
    struct buffer ticket_file, file, pem, content = {.max = RESULT_MAX_BYTES};
    struct cms_signer signer = {0};
    char id[OBJECT_ID_SIZE];

    if (argc != 7)
        return 64;
    struct identity *seat = identity_load(argv[1], "kiosk", &err);
    struct trust *trust = trust_load(argv[2], &err);
    must(seat != NULL && trust != NULL);
    pem = load(argv[3], PEM_MAX_BYTES);
    struct certificate *center = certificate_parse(buffer_bytes(&pem), &err);
    must(center != NULL && trust_add_intermediate(trust, center, &err));
    ticket_file = load(argv[4], TICKET_MAX_BYTES);
    struct ticket *ticket = ticket_open(buffer_bytes(&ticket_file), trust, seat, NULL, &err);
    must(ticket != NULL);
    struct session_keys keys = unwrap(ticket, argv[5]);
    file = load(argv[6], RESULT_MAX_BYTES);
    must(unfinished_verify(buffer_bytes(&file), trust, CMS_AT_SIGNING, &content, &signer, &err));
    object_id(ticket->session, ticket->epoch, id);
    print_journal(buffer_bytes(&content), keys.session_key, id);
    return 0;
}
