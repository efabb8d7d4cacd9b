/* shapes.h: pieces of answers that more than one handler gives. */
#ifndef CARREL_SERVER_SHAPES_H
#define CARREL_SERVER_SHAPES_H

#include "core/json.h"
#include "server/board.h"
#include "server/store/store.h"

/* docs/api.md, "session": with its score where it is scored. NULL: the store failed. */
struct json *session_json(struct store *store, const struct session_row *row, struct error *err);
/* To a list: one of a walk over sessions. */
struct session_list {
    struct json *list;
    struct store *reader;
};
bool session_list_add(void *session_list, const struct session_row *row, struct error *err);

/* docs/api.md, "candidate": as the board sees it (center ""), or a center that has admitted the person. NULL
 * with ERROR_NOT_FOUND: nobody of that id is known there. */
struct json *candidate_json(
    struct store *store, const char *candidate_id, const char *center, int64_t now_ms, struct error *err);

/* {"name": list}, as all lists are answered. */
struct json *named_list(const char *name, struct json *list_take);

/* PEM of server, intake and scoring. */
bool recipients_pem(const struct board *board, struct buffer *pem, struct error *err);

/* The sitting, if it is this center's: of another one it is not there. */
bool sitting_of_center(
    struct store *reader, const char *id, const char *center, struct sitting_row *row, struct error *err);

#endif
