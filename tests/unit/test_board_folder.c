#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/clock.h"
#include "provisioning/board_folder.h"
#include "provisioning/program.h"
#include "provisioning/scratch.h"

#define NOW_MS INT64_C(1795332890000)

static int64_t now(const struct clock *clock)
{
    (void)clock;
    return NOW_MS;
}

static const struct clock clock_stopped = {.boot_ms = now, .awake_ms = now, .wall_ms = now};

/* carrel WORDS…, with the board in the scratch folder this test runs in. */
static int carrel(const char *const *words)
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    return program_run(words, count, &clock_stopped);
}

#define CARREL(...) carrel((const char *const[]){__VA_ARGS__, NULL})

static int set_up(void **state)
{
    static struct scratch scratch;
    struct error err = {0};

    *state = &scratch;
    if (!scratch_make(&scratch, "board", &err))
        fail_msg("%s", err.text);
    return chdir(scratch.path);
}

static int tear_down(void **state)
{
    const int left = chdir("..");

    scratch_remove(*state);
    return left;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static size_t count_entries(const char *dir)
{
    struct dirent **entries = NULL;
    const int count = scandir(dir, &entries, NULL, NULL);

    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return (size_t)count - 2; /* . and .. */
}

static void init_makes_every_role_trusted_for_itself_only(void **state)
{
    static const struct {
        const char *dir, *name;
        enum role role;
    } made[] = {
        {"b", "exam-signer", ROLE_EXAM_SIGNER},
        {"b", "scoring", ROLE_SCORING},
        {"b", "server", ROLE_SERVER},
        {"b", "ticket", ROLE_TICKET},
        {"b", "intake", ROLE_INTAKE},
        {"b", "board", ROLE_BOARD},
        {"b", "tls-server", ROLE_TLS_SERVER},
        {"b/centers/oslo", "ca", ROLE_CENTER_CA},
        {"b/centers/oslo/staff", "anna", ROLE_STAFF},
    };
    struct error err = {0};
    struct trust *trust;

    (void)state;
    assert_int_equal(CARREL("init", "b", "--center", "oslo", "--staff", "anna", "--dns", "localhost"), 0);
    trust = trust_load("b/root.pem", &err);
    assert_non_null(trust);
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        struct identity *identity = identity_load(made[i].dir, made[i].name, &err);
        const struct certificate *const *chain;
        if (identity == NULL)
            fail_msg("%s", err.text);
        const size_t count = identity_chain(identity, &chain);
        for (enum role role = ROLE_EXAM_SIGNER; role < ROLES; role++)
            assert_int_equal(
                trust_check(trust, identity_certificate(identity), chain, count, role, NOW_MS, &err),
                role == made[i].role);
        identity_free(identity);
    }
    trust_free(trust);
}

static void init_makes_keys_for_their_owner_alone(void **state)
{
    static const char *const keys[] = {"b/root.key", "b/exam-signer.key", "b/centers/oslo/staff/anna.key"};
    struct stat info;

    (void)state;
    assert_int_equal(stat("b", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        assert_int_equal(stat(keys[i], &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
    }
}

static void init_makes_a_crl_that_is_believed(void **state)
{
    struct buffer crl = {.max = CRL_MAX_BYTES};
    struct error err = {0};
    struct trust *trust = trust_load("b/root.pem", &err);
    struct identity *server = identity_load("b", "server", &err);

    (void)state;
    assert_true(file_read("b/root.crl", &crl, &err));
    assert_true(trust_add_crl(trust, buffer_bytes(&crl), &err));
    assert_true(trust_check(trust, identity_certificate(server), NULL, 0, ROLE_SERVER, NOW_MS, &err));
    identity_free(server);
    trust_free(trust);
    buffer_release(&crl);
}

static void init_leaves_what_is_there_and_nothing_half(void **state)
{
    (void)state;
    assert_int_equal(CARREL("init", "b"), 77);
    assert_int_equal(CARREL("init", "c", "--center", "No"), 64);
    assert_int_equal(CARREL("init", "c", "--center", "../x"), 64);
    assert_int_equal(CARREL("init", "c", "--center", "x", "--center", "y", "--staff", "z"), 64);
    assert_int_equal(CARREL("init", "c", "--center", "x", "--staff", "y/z"), 66);
    assert_int_equal(CARREL("init", "no/where"), 66);
    assert_false(exists("c"));
    assert_int_equal(count_entries("."), 1);
}

static void centers_and_staff_are_added_once(void **state)
{
    (void)state;
    assert_int_equal(CARREL("center", "add", "rome", "--board", "b", "--title", "Rome, main hall"), 0);
    assert_int_equal(CARREL("center", "add", "rome", "--board", "b"), 77);
    assert_int_equal(CARREL("staff", "add", "bo", "--board", "b", "--center", "rome", "--name", "Bo Li"), 0);
    assert_int_equal(CARREL("staff", "add", "bo", "--board", "b", "--center", "rome"), 77);
    assert_int_equal(CARREL("staff", "add", "bo", "--board", "b", "--center", "paris"), 66);
    assert_true(exists("b/centers/rome/staff/bo.pem"));
}

static void center_that_could_not_be_made_leaves_nothing(void **state)
{
    char title[300] = "";
    const size_t entries = count_entries("b");

    (void)state;
    memset(title, 'x', sizeof title - 1); /* longer than a certificate's name may be */
    assert_int_not_equal(CARREL("center", "add", "lyon", "--board", "b", "--title", title), 0);
    assert_false(exists("b/centers/lyon")); /* no server would start with it */
    assert_int_equal(count_entries("b"), entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_makes_every_role_trusted_for_itself_only),
        cmocka_unit_test(init_makes_keys_for_their_owner_alone),
        cmocka_unit_test(init_makes_a_crl_that_is_believed),
        cmocka_unit_test(init_leaves_what_is_there_and_nothing_half),
        cmocka_unit_test(centers_and_staff_are_added_once),
        cmocka_unit_test(center_that_could_not_be_made_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
