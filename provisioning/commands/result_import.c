/* result import: hands results to the server with a staff certificate, and puts each receipt beside its
 * result, so that `seat load` brings it back to the seat. One that is refused does not stop the others. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/outfile.h"
#include "core/receipt.h"
#include "provisioning/cancel.h"
#include "provisioning/carry.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/progress.h"
#include "provisioning/report.h"
#include "provisioning/table.h"

struct importing {
    struct client client;
    const struct call *call;
    struct trust *trust;
    struct table *table;
    struct json *list;
    size_t done, refused;
};

static void note(struct importing *importing, const char *path, const char *receipt, const char *reason)
{
    struct json *object = json_new_object();

    json_set(object, "file", json_text(path));
    json_set(object, "receipt", json_text(receipt));
    json_set(object, "reason", json_text(reason));
    json_add(importing->list, object);
    table_row(importing->table, path, receipt[0] == '\0' ? "-" : receipt, reason, NULL);
}

/* path with .receipt in the place of its suffix. */
static bool receipt_path(const char *path, char to[FILE_PATH_SIZE], struct error *err)
{
    const char *suffix = strrchr(path, '.');
    int len = snprintf(to, FILE_PATH_SIZE, "%.*s.receipt", (int)(suffix - path), path);

    return (len > 0 && len < FILE_PATH_SIZE) ||
           error_set(err, ERROR_LIMIT, "the path %.60s… is too long", path);
}

static bool check_receipt(const struct importing *importing, const char *id, bool is_journal,
    struct bytes file, struct receipt *receipt, struct error *err)
{
    char said[OBJECT_ID_SIZE];

    if (!receipt_verify(file, importing->trust, receipt, err))
        return false;
    object_id(receipt->session, receipt->epoch, said);
    return (strcmp(said, id) == 0 && receipt->is_journal == is_journal) ||
           error_set(err, ERROR_UNTRUSTED, "the receipt that came is for something else");
}

static bool put(struct importing *importing, const char *path, struct receipt *receipt, struct error *err)
{
    struct buffer content = {.max = RESULT_MAX_BYTES}, answer = {.max = TICKET_MAX_BYTES};
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    char id[OBJECT_ID_SIZE], url[OBJECT_ID_SIZE + 32], to[FILE_PATH_SIZE];
    struct request request = {
        .method = "PUT", .path = url, .content_type = "application/cms", .into = &answer};
    struct reply reply;
    bool is_journal, ok = false;

    if (!carry_is_result(name, id, &is_journal)) {
        error_set(err, ERROR_USAGE, "it is not called SESSION-EPOCH.result or .journal");
    } else if (file_read(path, &content, err)) {
        (void)snprintf(url, sizeof url, "/v1/%s/%s", is_journal ? "journals" : "results", id);
        request.body = buffer_bytes(&content);
        ok = transport_send(importing->client.transport, &request, &reply, err) &&
             check_receipt(importing, id, is_journal, buffer_bytes(&answer), receipt, err) &&
             receipt_path(path, to, err) && outfile_save(to, 0644, buffer_bytes(&answer), err);
        importing->client.status = reply.status;
    }
    buffer_release(&content);
    buffer_release(&answer);
    return ok;
}

/* False only where going on makes no sense: the server is not there, or somebody pressed Ctrl-C. */
static bool import_one(struct importing *importing, const char *path, struct error *err)
{
    struct error reason = {0};
    struct receipt receipt;

    if (!cancel_check(err))
        return false;
    importing->client.status = -1; /* of a request that was never made */
    if (put(importing, path, &receipt, &reason)) {
        importing->done++;
        note(importing, path, receipt.code, "");
        return true;
    }
    if (importing->client.status == 0) {
        *err = reason;
        return error_prefix(err, "%s", path);
    }
    importing->refused++;
    note(importing, path, "", reason.text);
    return true;
}

/* A stick (its spool/out) or any other folder. */
static bool import_folder(struct importing *importing, const char *path, struct error *err)
{
    char inside[FILE_PATH_SIZE], file[FILE_PATH_SIZE], id[OBJECT_ID_SIZE];
    const struct dirent *entry;
    struct stat info;
    bool is_journal, ok = true;
    DIR *folder;

    if (!path_join(inside, path, FOLDER_OUT, err))
        return false;
    if (stat(inside, &info) != 0)
        memcpy(inside, path, strlen(path) + 1); /* it fitted with more behind it */
    folder = opendir(inside);
    if (folder == NULL)
        return error_set_errno(err, "cannot list %s", inside);
    while (ok && (entry = readdir(folder)) != NULL)
        if (carry_is_result(entry->d_name, id, &is_journal))
            ok = path_join(file, inside, entry->d_name, err) && import_one(importing, file, err);
    (void)closedir(folder); /* only read */
    return ok;
}

static bool import_all(struct importing *importing, struct error *err)
{
    const struct arguments *arguments = importing->call->arguments;
    struct progress progress = progress_start("handing in", arguments->operand_count);
    bool ok = true;

    for (size_t i = 0; ok && i < arguments->operand_count; i++) {
        struct stat info;
        const char *path = arguments->operands[i];
        progress_to(&progress, i);
        ok = stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? import_folder(importing, path, err)
                                                             : import_one(importing, path, err);
    }
    progress_end(&progress);
    return ok;
}

static bool show(const struct importing *importing, struct error *err)
{
    bool ok = importing->call->as_json ? report_json(importing->list, err)
                                       : table_print(importing->table, stdout, err);

    if (ok && importing->refused > 0)
        ok = error_set(err, ERROR_REFUSED, "%zu of %zu were not taken", importing->refused,
            importing->refused + importing->done);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    struct importing importing = {
        .call = call,
        .table = table_new("file", "receipt", "reason", NULL),
        .list = json_new_array(),
    };
    bool ok = client_open(&importing.client, call, err) &&
              (importing.trust = profile_trust(&importing.client.profile, err)) != NULL;

    if (ok) {
        ok = import_all(&importing, err);
        ok = show(&importing, ok ? err : NULL) && ok; /* what was done is shown in any case */
    }
    trust_free(importing.trust);
    json_free(importing.list);
    table_free(importing.table);
    client_release(&importing.client);
    return ok;
}

const struct command command_result_import = {
    .name = "result import",
    .operands = "FILE-OR-STICK...",
    .summary = "Hand results that were carried to the server, and keep their receipts",
    .min_operands = 1,
    .max_operands = ARGUMENTS_MAX,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
