/* facts.h: what a command says about one thing: names and values, as two columns for people or one JSON
 * object. */
#ifndef CARREL_PROVISIONING_FACTS_H
#define CARREL_PROVISIONING_FACTS_H

#include <stdint.h>

#include "provisioning/command.h"

struct facts;

/* NULL on no memory, which the others accept. */
struct facts *facts_new(void);
/* name is the member's in JSON; people see it with blanks for underscores. value is copied; NULL is left out.
 */
void facts_text(struct facts *facts, const char *name, const char *value);
void facts_number(struct facts *facts, const char *name, int64_t value);
void facts_yes(struct facts *facts, const char *name, bool value);
/* Prints as the call asks for. */
bool facts_print(const struct facts *facts, const struct call *call, struct error *err);
void facts_free(struct facts *facts); /* NULL is fine */

#endif
