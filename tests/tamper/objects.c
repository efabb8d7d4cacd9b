/* Finding the objects, and the keys their readers need, in a demo's folder. */
#include "tests/tamper/objects.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/package.h"
#include "core/result.h"

const char *const object_names[OBJECTS] = {"exam", "open", "key", "catalog", "ticket", "result",
    "result (scoring)", "receipt", "unfinished", "journal"};

static const size_t limits[OBJECTS] = {PACKAGE_MAX_BYTES, EXAM_KEY_MAX_BYTES, SCORING_KEY_MAX_BYTES,
    CATALOG_MAX_BYTES, TICKET_MAX_BYTES, RESULT_MAX_BYTES, RESULT_MAX_BYTES, TICKET_MAX_BYTES,
    RESULT_MAX_BYTES, RESULT_MAX_BYTES};

/* --- files ------------------------------------------------------------------------------------------------
 */

static bool load(const char *folder, const char *name, struct buffer *content, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return path_join(path, folder, name, err) && file_read(path, content, err);
}

/* The only file that the pattern names. */
static bool load_the(const char *folder, const char *pattern, struct buffer *content, struct error *err)
{
    char path[FILE_PATH_SIZE];
    glob_t found = {0};
    bool ok = path_join(path, folder, pattern, err);

    if (ok && (glob(path, 0, NULL, &found) != 0 || found.gl_pathc != 1))
        ok = error_set(err, ERROR_NOT_FOUND, "%s does not name one file", path);
    ok = ok && file_read(found.gl_pathv[0], content, err);
    globfree(&found);
    return ok;
}

/* --- sessions ---------------------------------------------------------------------------------------------
 */

static bool add_session(struct objects *objects, const char *folder, const char *path, struct error *err)
{
    struct session *session = &objects->sessions[objects->session_count++];
    const char *name = strrchr(path, '/') + 1;
    char receipt[OBJECT_ID_SIZE + sizeof ".receipt"];

    (void)snprintf(session->id, sizeof session->id, "%.*s", (int)strcspn(name, "."), name);
    (void)snprintf(receipt, sizeof receipt, "%s.receipt", session->id);
    session->ticket.max = session->receipt.max = TICKET_MAX_BYTES;
    return file_read(path, &session->ticket, err) && load(folder, receipt, &session->receipt, err);
}

static bool find_sessions(struct objects *objects, const char *folder, struct error *err)
{
    char path[FILE_PATH_SIZE];
    glob_t found = {0};
    bool ok = path_join(path, folder, "*.ticket", err);

    if (ok && glob(path, 0, NULL, &found) != 0)
        ok = error_set(err, ERROR_NOT_FOUND, "no ticket in %s", folder);
    for (size_t i = 0; ok && i < found.gl_pathc && i < SESSIONS_MAX; i++)
        ok = add_session(objects, folder, found.gl_pathv[i], err);
    globfree(&found);
    return ok;
}

/* --- the journal ------------------------------------------------------------------------------------------
 */

static bool append_lines(struct journal *journal, struct bytes lines, struct error *err)
{
    while (lines.len > 0) {
        const uint8_t *end = memchr(lines.data, '\n', lines.len);
        if (end == NULL)
            return error_set(err, ERROR_FORMAT, "the transcript's last line has no end");
        if (!journal_append(journal, bytes_of(lines.data, (size_t)(end - lines.data)), err))
            return false;
        lines.len -= (size_t)(end + 1 - lines.data);
        lines.data = end + 1;
    }
    return true;
}

/* As the kiosk writes and gathers it, in a folder that goes again. */
static bool write_journal(struct objects *objects, struct error *err)
{
    char folder[] = "/tmp/carrel-tamper.XXXXXX";
    const char *id = objects->sessions[0].id;
    struct journal *journal = NULL;
    enum journal_end end;
    bool ok = false;

    if (mkdtemp(folder) == NULL)
        return error_set_errno(err, "cannot make a folder");
    if (!journal_create(disk_system(), folder, id, objects->records.len * 2, err) ||
        (journal = journal_open(
             disk_system(), folder, id, objects->session_key, NULL, NULL, false, &end, err)) == NULL)
        goto done;
    ok = append_lines(journal, buffer_bytes(&objects->records), err) &&
         journal_gather(folder, id, &objects->files[JOURNAL], err);
done:
    journal_close(journal);
    (void)journal_remove(folder, id, NULL); /* a test's leavings at worst */
    (void)rmdir(folder);
    return ok;
}

static bool make_journal(struct objects *objects, struct error *err)
{
    struct cms_signer signer = {0};
    const bool ok = result_open(buffer_bytes(&objects->files[RESULT]), objects->intake, objects->root,
                        CMS_AT_ISSUE, &objects->records, &signer, err) &&
                    (objects->session_key = secret_random(KEY_BYTES, err)) != NULL &&
                    write_journal(objects, err) &&
                    unfinished_sign(buffer_bytes(&objects->files[JOURNAL]), objects->seat->identity,
                        clock_wall_ms(clock_system()), &objects->files[SENT], err);

    cms_signer_release(&signer);
    return ok;
}

/* --- all of it --------------------------------------------------------------------------------------------
 */

static bool load_keys(struct objects *objects, const char *folder, struct error *err)
{
    char pki[FILE_PATH_SIZE], root[FILE_PATH_SIZE], seat[FILE_PATH_SIZE];

    return path_join(pki, folder, "pki", err) && path_join(root, pki, "root.pem", err) &&
           path_join(seat, folder, "seat", err) && (objects->root = trust_load(root, err)) != NULL &&
           trust_remember_signers(objects->root, err) && /* as the server does */
           (objects->ticket = identity_load(pki, "ticket", err)) != NULL &&
           (objects->scoring = identity_load(pki, "scoring", err)) != NULL &&
           (objects->intake = identity_load(pki, "intake", err)) != NULL &&
           (objects->seat = seat_load(seat, clock_wall_ms(clock_system()), err)) != NULL;
}

static bool load_session_files(struct objects *objects, const char *folder, struct error *err)
{
    const struct session *first = &objects->sessions[0];
    char result[OBJECT_ID_SIZE + sizeof ".result"];

    (void)snprintf(result, sizeof result, "%s.result", first->id);
    return load(folder, result, &objects->files[RESULT], err) &&
           ((buffer_add_bytes(&objects->files[SCORED], buffer_bytes(&objects->files[RESULT])) &&
                buffer_add_bytes(&objects->files[TICKET], buffer_bytes(&first->ticket)) &&
                buffer_add_bytes(&objects->files[RECEIPT], buffer_bytes(&first->receipt))) ||
               error_set(err, ERROR_NOMEM, "out of memory"));
}

bool objects_load(struct objects *objects, const char *folder, struct error *err)
{
    struct exam_facts facts;

    *objects = (struct objects){.records = {.max = TRANSCRIPT_MAX_BYTES}};
    for (size_t i = 0; i < OBJECTS; i++)
        objects->files[i].max = limits[i];
    return load_keys(objects, folder, err) && find_sessions(objects, folder, err) &&
           load_the(folder, "*.exam", &objects->files[EXAM], err) &&
           load_the(folder, "*.open", &objects->files[OPEN], err) &&
           load_the(folder, "*.key", &objects->files[KEY], err) &&
           load(folder, "seat/spool/in/catalog", &objects->files[CATALOG], err) &&
           load_session_files(objects, folder, err) &&
           exam_key_open(buffer_bytes(&objects->files[OPEN]), objects->root, objects->ticket, &facts,
               &objects->exam_key, err) &&
           make_journal(objects, err);
}

void objects_release(struct objects *objects)
{
    for (size_t i = 0; i < OBJECTS; i++)
        buffer_release(&objects->files[i]);
    for (size_t i = 0; i < objects->session_count; i++) {
        buffer_release(&objects->sessions[i].ticket);
        buffer_release(&objects->sessions[i].receipt);
    }
    buffer_release(&objects->records);
    secret_free(objects->session_key);
    secret_free(objects->exam_key);
    identity_free(objects->intake);
    identity_free(objects->scoring);
    identity_free(objects->ticket);
    trust_free(objects->root);
    seat_free(objects->seat);
}
