/* policy.h: what this seat's enrolment says about the lock. docs/formats/guard-conf.md is the format.
 *
 * The guard reads guard.conf and nothing else of the seat's folder, before it starts anything. A file that is
 * there and can't be read, or is not exactly of the form, is an error: the guard doesn't start with half a
 * policy. */
#ifndef CARREL_GUARD_POLICY_H
#define CARREL_GUARD_POLICY_H

#include <stdbool.h>

#include "core/error.h"

#define POLICY_FILE "guard.conf"
#define POLICY_MAX_BYTES 4096u
#define POLICY_HASH_SIZE 192
#define POLICY_USER_SIZE 33

/* All zero: a folder without a seat. */
struct policy {
    bool is_enrolled;
    bool is_developer;             /* the seat allows --window and --practice */
    char unlock[POLICY_HASH_SIZE]; /* yescrypt; "": no code unlocks this seat */
    char user[POLICY_USER_SIZE]; /* who the screen process runs as, if the guard is root; "": as the guard */
};

/* Reads folder/guard.conf. A folder without one, and without the seat.json of an enrolment, is not an error:
 * it is not enrolled. Half an enrolment is one that is not a developer's. */
bool policy_load(const char *folder, struct policy *policy, struct error *err);

/* The text of a guard.conf of len bytes. *policy is written on success only. */
bool policy_parse(const char *text, size_t len, struct policy *policy, struct error *err);

/* May the guard run so? here is the policy of the folder it was given, host that of the standard folder; they
 * are the same if it was given none. A machine whose standard folder holds an enrolled seat that is not a
 * developer's has that one seat, and no switches. */
struct policy_wish {
    bool is_other_folder; /* --seat names another than the standard one */
    bool is_unlocked;     /* --window or --practice: nothing is locked */
};
bool policy_allows(
    const struct policy *here, const struct policy *host, const struct policy_wish *wish, struct error *err);

/* Is it the unlock code? Takes about 0.1 s. False too if the seat has none or crypt(3) fails. */
bool policy_is_unlock_code(const struct policy *policy, const char *code);

#endif
