#include "core/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Debian 12's headers are older than the kernels this may run on. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ull << 14)
#endif

enum { ABI_REFER = 2, ABI_TRUNCATE = 3 }; /* versions of Landlock that brought these rights */

struct landlock {
    int ruleset;
    uint64_t known;
};

static uint64_t known_rights(long abi)
{
    uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

    if (abi >= ABI_REFER)
        rights |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= ABI_TRUNCATE)
        rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
    return rights;
}

struct landlock *landlock_new(struct error *err)
{
    const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct landlock_ruleset_attr attributes = {.handled_access_fs = known_rights(abi)};
    struct landlock *rules;

    if (abi < ABI_REFER) {
        error_set(err, ERROR_NOT_FOUND, "this kernel has no (or too old a) Landlock");
        return NULL;
    }
    rules = calloc(1, sizeof *rules);
    if (rules == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    rules->known = attributes.handled_access_fs;
    rules->ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules->ruleset < 0) {
        error_set_errno(err, "cannot make a sandbox");
        free(rules);
        return NULL;
    }
    return rules;
}

static uint64_t rights_of(enum landlock_right right)
{
    static const uint64_t rights[] = {
        [LANDLOCK_READ_FILE] = LANDLOCK_ACCESS_FS_READ_FILE,
        [LANDLOCK_READ] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        [LANDLOCK_CARRY] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                           LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER |
                           LANDLOCK_ACCESS_FS_TRUNCATE,
    };
    return rights[right];
}

bool landlock_allow(struct landlock *rules, const char *path, enum landlock_right right, struct error *err)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights_of(right) & rules->known};
    bool ok;

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return error_set_errno(err, "cannot open %s", path);
    ok = syscall(SYS_landlock_add_rule, rules->ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    if (!ok)
        error_set_errno(err, "cannot allow %s in the sandbox", path);
    (void)close(rule.parent_fd); /* only named a path */
    return ok;
}

#ifdef CARREL_SIMULATION
/* What drives the clock and the disk's faults is written in place by its test, so that one rule for it holds. */
static void allow_simulation(struct landlock *rules)
{
    static const char *const names[] = {"CARREL_CLOCK", "CARREL_DISK_FAULT"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (getenv(names[i]) != NULL)
            (void)landlock_allow(rules, getenv(names[i]), LANDLOCK_READ_FILE, NULL);
}
#endif

void landlock_allow_system(struct landlock *rules)
{
    static const char *const folders[] = {"/etc", "/usr", "/lib", "/lib64", "/run", "/proc/self"};
    static const char *const files[] = {"/dev/null", "/dev/urandom", "/proc/sys/kernel/random/boot_id"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        (void)landlock_allow(rules, folders[i], LANDLOCK_READ, NULL); /* what is missing is not needed */
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)landlock_allow(rules, files[i], LANDLOCK_READ_FILE, NULL);
#ifdef CARREL_SIMULATION
    allow_simulation(rules);
#endif
}

bool landlock_enforce(struct landlock *rules, struct error *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set_errno(err, "cannot give up new privileges");
    return syscall(SYS_landlock_restrict_self, rules->ruleset, 0) == 0 ||
           error_set_errno(err, "cannot enter the sandbox");
}

void landlock_free(struct landlock *rules)
{
    if (rules == NULL)
        return;
    (void)close(rules->ruleset); /* enforced, or not wanted */
    free(rules);
}
