/* der_edit.h: an attacker's knife: takes an element of a DER structure out, puts one in, or puts another in its place, and
 * mends the lengths around it. A path counts children from 0: "0.1.0" is the first child of the second child of the
 * outermost element. Aborts where the path leads nowhere. */
#ifndef CARREL_TEST_DER_EDIT_H
#define CARREL_TEST_DER_EDIT_H

#include "core/buffer.h"

enum der_edit { DER_REPLACE, DER_INSERT, DER_DELETE }; /* DER_INSERT: before the element, or behind the last one */

struct buffer der_edit(struct bytes der, const char *path, enum der_edit edit, struct bytes with);
/* The element with its header. */
struct bytes der_at(struct bytes der, const char *path);

#endif
