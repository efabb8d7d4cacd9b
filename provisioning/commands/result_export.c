/* result export: results and unfinished journals of a seat, as they are held, onto a stick. The seat's folder
 * is only read. */
#include <dirent.h>
#include <string.h>

#include "provisioning/cancel.h"
#include "provisioning/carry.h"
#include "provisioning/commands.h"
#include "provisioning/report.h"
#include "provisioning/table.h"

struct exporting {
    const struct call *call;
    const char *stick;
    struct seat_folder folder;
    struct inbox *seat;
    bool wants_all; /* also what has a receipt */
    struct table *table;
    struct json *list;
    size_t count;
};

static void note(struct exporting *exporting, const char *name, const char *what)
{
    struct json *object = json_new_object();

    json_set(object, "file", json_text(name));
    json_set(object, "state", json_text(what));
    json_add(exporting->list, object);
    table_row(exporting->table, name, what, NULL);
    exporting->count++;
}

static bool export_one(struct exporting *exporting, const char *name, struct error *err)
{
    char id[OBJECT_ID_SIZE], from[FILE_PATH_SIZE], to[FILE_PATH_SIZE];
    struct receipt receipt;
    bool is_journal, copied = false;

    if (!carry_is_result(name, id, &is_journal))
        return true;
    if (!exporting->wants_all && inbox_receipt(exporting->seat, id, &receipt, NULL) &&
        receipt.is_journal == is_journal) {
        note(exporting, name, "received by the server already");
        return true;
    }
    if (!cancel_check(err) || !seat_folder_path(&exporting->folder, from, FOLDER_OUT, name, err) ||
        !carry_path(exporting->stick, FOLDER_OUT, name, to, err) ||
        !carry_copy(from, to, RESULT_MAX_BYTES, &copied, err))
        return false;
    note(exporting, name, copied ? "copied" : "on the stick already");
    return true;
}

static bool export_all(struct exporting *exporting, struct error *err)
{
    const struct dirent *entry;
    char path[FILE_PATH_SIZE];
    bool ok = true;
    DIR *folder;

    if (!path_join(path, exporting->stick, FOLDER_OUT, err) || !folder_make(path, 0755, err) ||
        !seat_folder_path(&exporting->folder, path, FOLDER_OUT, NULL, err))
        return false;
    folder = opendir(path);
    if (folder == NULL)
        return error_set_errno(err, "cannot list %s", path);
    while (ok && (entry = readdir(folder)) != NULL)
        ok = export_one(exporting, entry->d_name, err);
    (void)closedir(folder); /* only read */
    return ok;
}

static bool show(const struct exporting *exporting, struct error *err)
{
    if (exporting->call->as_json)
        return report_json(exporting->list, err);
    if (exporting->count == 0)
        (void)printf("There is no result on this seat.\n");
    return exporting->count == 0 || table_print(exporting->table, stdout, err);
}

static bool run(const struct call *call, struct error *err)
{
    struct exporting exporting = {
        .call = call,
        .stick = arguments_value(call->arguments, "out"),
        .wants_all = arguments_has(call->arguments, "all"),
        .table = table_new("file", "state", NULL),
        .list = json_new_array(),
    };
    bool ok = seat_folder_load(arguments_value(call->arguments, "seat"), &exporting.folder, err) &&
              (exporting.seat = inbox_open(&exporting.folder, err)) != NULL && export_all(&exporting, err) &&
              show(&exporting, err);

    inbox_free(exporting.seat);
    json_free(exporting.list);
    table_free(exporting.table);
    return ok;
}

const struct command command_result_export = {
    .name = "result export",
    .operands = "",
    .summary = "Copy a seat's results onto a stick, as they are held",
    .options =
        (const struct option[]){
            {.name = "seat", .value = "DIR", .is_required = true, .help = "The seat's folder"},
            {.name = "out", .value = "DIR", .is_required = true, .help = "The stick"},
            {.name = "all", .help = "Also those that the server has"}, {0}},
    .has_json = true,
    .run = run,
};
