/* carry.h: what staff carry on a stick between the server and a seat that has no network.
 *
 * A stick (any folder) is laid out like the seat's own: spool/in for what goes to seats, spool/out for
 * results, root.pem to check both by. `seat pack` and `result import` fill the first from the server, `seat
 * load` takes it; `result export` fills the second. Nothing on it is in the clear, and what is taken from it
 * is checked as if it came from the network. */
#ifndef CARREL_PROVISIONING_CARRY_H
#define CARREL_PROVISIONING_CARRY_H

#include "core/inbox.h"

/* Makes the stick's folders and its root.pem, and opens its spool/in as that center's. */
struct inbox *carry_open(const char *stick, struct bytes root, const char *center, struct error *err);

/* Whether a name is ID.result, or ID.journal; its ID. */
bool carry_is_result(const char *name, char id[OBJECT_ID_SIZE], bool *is_journal);
/* "stick/part/name". */
bool carry_path(
    const char *stick, const char *part, const char *name, char path[FILE_PATH_SIZE], struct error *err);
/* Copies a file whole or not at all; a file that is there and equal stays. copied may be NULL. */
bool carry_copy(const char *from, const char *to, size_t max, bool *copied, struct error *err);

#endif
