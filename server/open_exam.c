#include "server/open_exam.h"

struct exam *open_exam(const struct board *board, const char *packages, struct store *reader,
    const char *package_id, struct error *err)
{
    char name[SESSION_ID_SIZE + 8], path[FILE_PATH_SIZE];
    struct buffer open = {.max = EXAM_KEY_MAX_BYTES}, file = {.max = PACKAGE_MAX_BYTES},
                  sealed = {.max = PACKAGE_MAX_BYTES};
    struct exam_facts facts;
    struct package_name package;
    struct secret *key = NULL;
    struct exam *exam = NULL;
    snprintf(name, sizeof name, "%s.exam", package_id);
    if (reader->exam_open_file(reader, package_id, &open, err) &&
        exam_key_open(buffer_bytes(&open), board->issuers, board->ticket, &facts, &key, err) &&
        path_join(path, packages, name, err) && file_read(path, &file, err) &&
        package_verify(buffer_bytes(&file), board->issuers, &sealed, &package, err))
        exam = package_open(buffer_bytes(&sealed), package.id, key, err);
    secret_free(key);
    buffer_release(&sealed);
    buffer_release(&file);
    buffer_release(&open);
    return exam;
}
