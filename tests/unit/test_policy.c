#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <crypt.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/file.h"
#include "kiosk/guard/policy.h"

#define HASH "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"

static void parses(const char *text, struct policy *policy)
{
    struct error err = {0};

    if (!policy_parse(text, strlen(text), policy, &err))
        fail_msg("%s", err.text);
}

static void a_full_policy_is_read(void **state)
{
    struct policy policy;

    (void)state;
    parses("version=1\ndeveloper=no\nunlock=" HASH "\nscreen-user=carrel-kiosk\n", &policy);
    assert_true(policy.is_enrolled);
    assert_false(policy.is_developer);
    assert_string_equal(policy.unlock, HASH);
    assert_string_equal(policy.user, "carrel-kiosk");
    parses("version=1\ndeveloper=yes\n", &policy);
    assert_true(policy.is_developer);
    assert_string_equal(policy.unlock, "");
}

static void whatever_is_off_is_refused(void **state)
{
    static const char *const bad[] = {"", "\n", "version=1\n", "developer=no\n", "developer=no\nversion=1\n",
        "version=2\ndeveloper=no\n", "version=1\ndeveloper=no", "version=1\ndeveloper=maybe\n",
        "version=1\ndeveloper= no\n", "version=1\ndeveloper=no\n\n", "version=1\ndeveloper=no\n# words\n",
        "version=1\ndeveloper=no\ndeveloper=yes\n", "version=1\ndeveloper=no\nversion=1\n",
        "version=1\ndeveloper=no\ncolour=red\n", "version=1\ndeveloper=no\nunlock=\n",
        "version=1\ndeveloper=no\nunlock=$6$abc$def\n", "version=1\ndeveloper=no\nunlock=$y$a:b\n",
        "version=1\ndeveloper=no\nunlock=plain\n", "version=1\ndeveloper=no\nscreen-user=\n",
        "version=1\ndeveloper=no\nscreen-user=a/b\n", "version=1\ndeveloper\n",
        "version=1\r\ndeveloper=no\r\n"};
    struct policy policy = {.user = "untouched"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct error err = {0};

        if (policy_parse(bad[i], strlen(bad[i]), &policy, &err))
            fail_msg("taken: %s", bad[i]);
        assert_int_not_equal(err.code, ERROR_NONE);
        assert_string_equal(policy.user, "untouched");
    }
}

static void every_prefix_and_every_nul_is_refused(void **state)
{
    char text[] = "version=1\ndeveloper=no\nunlock=" HASH "\nscreen-user=carrel-kiosk\n";
    const size_t len = sizeof text - 1;
    struct policy policy;

    (void)state;
    for (size_t cut = 0; cut < len; cut++) {
        const bool is_whole_line = cut > 22 && text[cut - 1] == '\n';
        assert_int_equal(policy_parse(text, cut, &policy, NULL), cut == 23 || is_whole_line);
    }
    for (size_t at = 0; at < len; at++) {
        const char was = text[at];
        text[at] = '\0';
        assert_false(policy_parse(text, len, &policy, NULL));
        text[at] = was;
    }
}

static void long_values_are_refused(void **state)
{
    char text[600];
    struct policy policy;
    int len;

    (void)state;
    len = snprintf(text, sizeof text, "version=1\ndeveloper=no\nscreen-user=%.*s\n", POLICY_USER_SIZE - 1,
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_true(policy_parse(text, (size_t)len, &policy, NULL));
    len = snprintf(text, sizeof text, "version=1\ndeveloper=no\nscreen-user=%.*s\n", POLICY_USER_SIZE,
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_false(policy_parse(text, (size_t)len, &policy, NULL));
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

static void a_folder_tells_whether_it_is_a_seat(void **state)
{
    char folder[] = "policy.XXXXXX", path[FILE_PATH_SIZE];
    struct policy policy;
    struct error err = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(policy_load(folder, &policy, &err));
    assert_false(policy.is_enrolled);
    assert_true(policy_load("/nowhere/at/all", &policy, &err));
    assert_false(policy.is_enrolled);

    assert_true(path_join(path, folder, "seat.json", NULL));
    write_file(path, "{}", 0600);
    assert_true(policy_load(folder, &policy, &err));
    assert_true(policy.is_enrolled);
    assert_false(policy.is_developer);
    assert_int_equal(unlink(path), 0);

    assert_true(path_join(path, folder, POLICY_FILE, NULL));
    write_file(path, "version=1\ndeveloper=yes\n", 0600);
    assert_true(policy_load(folder, &policy, &err));
    assert_true(policy.is_developer);

    write_file(path, "version=1\ndeveloper=yes\n", 0620);
    assert_false(policy_load(folder, &policy, &err));
    assert_int_equal(err.code, ERROR_REFUSED);

    write_file(path, "nonsense\n", 0600);
    assert_false(policy_load(folder, &policy, &err));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/zero", path), 0);
    assert_false(policy_load(folder, &policy, &err));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void the_example_of_the_format_page_is_read(void **state)
{
    struct buffer page = {.max = 100000};
    struct policy policy;
    const char *begin, *end;

    (void)state;
    assert_true(file_read(CARREL_SOURCE_DIR "/docs/formats/guard-conf.md", &page, NULL));
    begin = strstr(buffer_text(&page), "```\n");
    assert_non_null(begin);
    begin += strlen("```\n");
    end = strstr(begin, "```\n");
    assert_non_null(end);
    assert_true(policy_parse(begin, (size_t)(end - begin), &policy, NULL));
    assert_string_equal(policy.user, "carrel-kiosk");
    assert_true(policy_is_unlock_code(&policy, "open sesame"));
    buffer_release(&page);
}

enum { NONE, EXAM, DEVELOPER, CODED_DEVELOPER };

static struct policy policy_of(int kind)
{
    return (struct policy){.is_enrolled = kind != NONE,
        .is_developer = kind == DEVELOPER || kind == CODED_DEVELOPER,
        .unlock = {kind == CODED_DEVELOPER ? '$' : '\0'}};
}

static void switches_are_for_developers(void **state)
{
    static const struct {
        int here, host;
        struct policy_wish wish; /* another folder, unlocked */
        enum error_code code;
    } cases[] = {
        {EXAM, EXAM, {false, false}, ERROR_NONE},
        {EXAM, EXAM, {false, true}, ERROR_REFUSED},
        {DEVELOPER, EXAM, {true, true}, ERROR_REFUSED},
        {DEVELOPER, EXAM, {true, false}, ERROR_REFUSED},
        {NONE, EXAM, {true, true}, ERROR_REFUSED},
        {EXAM, NONE, {true, true}, ERROR_REFUSED},
        {EXAM, NONE, {true, false}, ERROR_NONE},
        {EXAM, DEVELOPER, {true, true}, ERROR_REFUSED},
        {DEVELOPER, NONE, {true, true}, ERROR_NONE},
        {DEVELOPER, DEVELOPER, {false, true}, ERROR_NONE},
        {DEVELOPER, DEVELOPER, {false, false}, ERROR_USAGE},
        {CODED_DEVELOPER, NONE, {true, false}, ERROR_NONE},
        {NONE, NONE, {true, true}, ERROR_NONE},
        {NONE, DEVELOPER, {true, true}, ERROR_NONE},
        {NONE, NONE, {false, false}, ERROR_USAGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct policy here = policy_of(cases[i].here), host = policy_of(cases[i].host);
        struct error err = {0};

        assert_int_equal(policy_allows(&here, &host, &cases[i].wish, &err), cases[i].code == ERROR_NONE);
        assert_int_equal(err.code, cases[i].code);
    }
}

static void only_the_right_code_is_right(void **state)
{
    struct policy policy = {.is_enrolled = true};
    const char *salt = crypt_gensalt("$y$", 1, "0123456789abcdef", 16);

    (void)state;
    assert_false(policy_is_unlock_code(&policy, ""));
    assert_false(policy_is_unlock_code(&policy, "code"));
    (void)snprintf(policy.unlock, sizeof policy.unlock, "%s", crypt("code", salt));
    assert_true(policy_is_unlock_code(&policy, "code"));
    assert_false(policy_is_unlock_code(&policy, "Code"));
    assert_false(policy_is_unlock_code(&policy, "code "));
    assert_false(policy_is_unlock_code(&policy, ""));
    (void)snprintf(policy.unlock, sizeof policy.unlock, "$y$broken");
    assert_false(policy_is_unlock_code(&policy, "code"));
    (void)snprintf(policy.unlock, sizeof policy.unlock, "*0"); /* what crypt answers to a broken hash */
    assert_false(policy_is_unlock_code(&policy, "code"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_policy_is_read),
        cmocka_unit_test(whatever_is_off_is_refused),
        cmocka_unit_test(every_prefix_and_every_nul_is_refused),
        cmocka_unit_test(long_values_are_refused),
        cmocka_unit_test(a_folder_tells_whether_it_is_a_seat),
        cmocka_unit_test(the_example_of_the_format_page_is_read),
        cmocka_unit_test(switches_are_for_developers),
        cmocka_unit_test(only_the_right_code_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
