#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <X11/XF86keysym.h>
#include <X11/keysym.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/guard/environment.h"
#include "kiosk/guard/lock_x11.h"
#include "kiosk/guard/memory.h"
#include "kiosk/guard/options.h"

/* ---- options ---- */

static bool parse(struct options *options, const char *a, const char *b)
{
    char first[64], second[64], name[] = "carrel-kiosk";
    char *argv[] = {name, first, second, NULL};
    struct error err = {0};
    const int argc = 1 + (a != NULL) + (b != NULL);

    (void)snprintf(first, sizeof first, "%s", a == NULL ? "" : a);
    (void)snprintf(second, sizeof second, "%s", b == NULL ? "" : b);
    argv[argc] = NULL;
    if (options_parse(options, argc, argv, &err))
        return true;
    assert_int_equal(err.code, ERROR_USAGE);
    return false;
}

static void options_have_defaults(void **state)
{
    struct options options;

    (void)state;
    assert_true(parse(&options, NULL, NULL));
    assert_int_equal(options.task, OPTIONS_RUN);
    assert_string_equal(options.seat, OPTIONS_SEAT_FOLDER);
    assert_false(options.is_window);
    assert_null(options.practice);
}

static void options_are_taken(void **state)
{
    struct options options;

    (void)state;
    assert_true(parse(&options, "--window", NULL));
    assert_true(options.is_window && options.width == 0 && options.height == 0);
    assert_true(parse(&options, "--window=1024x768", NULL));
    assert_true(options.is_window && options.width == 1024 && options.height == 768);
    assert_true(parse(&options, "--seat", "/x"));
    assert_string_equal(options.seat, "/x");
    assert_true(parse(&options, "--practice=p.exam", NULL));
    assert_string_equal(options.practice, "p.exam");
    assert_true(parse(&options, "--help", NULL));
    assert_int_equal(options.task, OPTIONS_HELP);
    assert_true(parse(&options, "--version", NULL));
    assert_int_equal(options.task, OPTIONS_VERSION);
}

static void anything_else_is_refused(void **state)
{
    static const char *const bad[] = {"--window=", "--window=1024", "--window=1024x", "--window=1024x768x2",
        "--window=-1024x768", "--window= 1024x768", "--window=99999999999x768", "--window=319x768", "--seat",
        "--seat=", "--practice=", "--clock=1", "-w", "extra"};
    struct options options = {.seat = "untouched"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse(&options, bad[i], NULL))
            fail_msg("taken: %s", bad[i]);
        assert_string_equal(options.seat, "untouched");
    }
}

/* ---- environment ---- */

static const char *value_of(const struct environment *environment, const char *name)
{
    const size_t len = strlen(name);

    for (size_t i = 0; environment->entries[i] != NULL; i++)
        if (strncmp(environment->entries[i], name, len) == 0 && environment->entries[i][len] == '=')
            return environment->entries[i] + len + 1;
    return NULL;
}

static void the_environment_is_made_from_a_list(void **state)
{
    static struct environment environment;

    (void)state;
    assert_int_equal(setenv("LD_PRELOAD_TEST", "x", 1), 0);
    assert_int_equal(setenv("SDL_VIDEODRIVER", "dummy", 1), 0);
    assert_int_equal(setenv("PATH", "/tmp", 1), 0);
    assert_int_equal(setenv("DISPLAY", ":9", 1), 0);
    environment_make(&environment, true);
    assert_null(value_of(&environment, "LD_PRELOAD_TEST"));
    assert_string_equal(value_of(&environment, "PATH"), "/usr/bin:/bin");
    assert_string_equal(value_of(&environment, "DISPLAY"), ":9");
    assert_string_equal(value_of(&environment, "SDL_VIDEODRIVER"), "x11");
    environment_make(&environment, false);
    assert_string_equal(value_of(&environment, "SDL_VIDEODRIVER"), "dummy");
}

static void a_value_that_does_not_fit_is_left_out(void **state)
{
    static struct environment environment;
    static char large[ENVIRONMENT_BYTES + 1];

    (void)state;
    memset(large, 'x', sizeof large - 1);
    assert_int_equal(setenv("LANG", large, 1), 0);
    environment_make(&environment, true);
    assert_null(value_of(&environment, "LANG"));
    assert_non_null(value_of(&environment, "SDL_VIDEODRIVER"));
    assert_int_equal(unsetenv("LANG"), 0);
}

/* ---- memory files ---- */

static const struct message_memory keys = {MESSAGE_MEMORY_KEYS, "0123456789abcdef0123456789abcdef", {0}};
static const struct message_memory package = {
    MESSAGE_MEMORY_PACKAGE, "0123456789abcdef0123456789abcdef", {0}};
static const struct message_memory other = {MESSAGE_MEMORY_KEYS, "ffffffffffffffffffffffffffffffff", {0}};

static int make_memory(off_t size, int seals)
{
    const int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    assert_int_equal(ftruncate(fd, size), 0);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
    return fd;
}

#define ALL (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static void sealed_memory_is_held_and_handed_on(void **state)
{
    struct memory memory;
    struct message got;
    int ends[2];
    const int first = make_memory(100, ALL), second = make_memory(100, ALL);

    (void)state;
    memory_init(&memory);
    assert_true(memory_take(&memory, &keys, first));
    assert_true(memory_take(&memory, &package, make_memory(4096, ALL)));
    assert_true(memory_take(&memory, &keys, second));
    assert_false(is_open(first));
    assert_int_equal(memory_count(&memory), 2);

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    assert_true(memory_send(&memory, ends[0]));
    assert_int_equal(message_receive(ends[1], MESSAGE_FROM_GUARD, &got), MESSAGE_GOT);
    assert_int_equal(got.memory.kind, MESSAGE_MEMORY_KEYS);
    assert_string_equal(got.memory.session, keys.session);
    assert_int_equal(close(got.fd), 0);
    assert_int_equal(message_receive(ends[1], MESSAGE_FROM_GUARD, &got), MESSAGE_GOT);
    assert_int_equal(got.memory.kind, MESSAGE_MEMORY_PACKAGE);
    assert_int_equal(close(got.fd), 0);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);

    memory_forget(&memory);
    assert_false(is_open(second));
    assert_int_equal(memory_count(&memory), 0);
}

static void other_memory_is_refused_and_closed(void **state)
{
    struct memory memory;
    const int bad[] = {make_memory(100, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW), make_memory(100, 0),
        make_memory(0, ALL), make_memory(MESSAGE_MEMORY_KEYS_MAX_BYTES + 1, ALL), open("/dev/null", O_RDONLY),
        open("/proc/self/exe", O_RDONLY)};

    (void)state;
    memory_init(&memory);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(memory_take(&memory, &keys, bad[i]));
        assert_false(is_open(bad[i]));
    }
    assert_int_equal(memory_count(&memory), 0);
}

static void memory_of_two_sessions_is_never_held(void **state)
{
    struct memory memory;

    (void)state;
    memory_init(&memory);
    assert_true(memory_take(&memory, &package, make_memory(100, ALL)));
    assert_false(memory_take(&memory, &other, make_memory(100, ALL)));
    memory_forget(&memory);
    assert_true(memory_take(&memory, &other, make_memory(100, ALL)));
    memory_forget(&memory);
}

/* ---- keys ---- */

static void keys_pass_or_do_not(void **state)
{
    static const struct {
        KeySym symbol, plain;
        unsigned modifiers;
        bool may_pass;
    } cases[] = {
        {XK_a, XK_a, 0, true},
        {XK_A, XK_a, ShiftMask | LockMask | Mod2Mask, true},
        {XK_at, XK_q, Mod5Mask, true},
        {XK_dead_acute, XK_dead_acute, 0, true},
        {XK_Tab, XK_Tab, 0, true},
        {XK_F1, XK_F1, 0, true},
        {XK_Escape, XK_Escape, 0, true},
        {XK_Control_L, XK_Control_L, Mod1Mask, true},
        {XK_c, XK_c, ControlMask, true},
        {XK_plus, XK_plus, ControlMask, true},
        {XK_Home, XK_Home, ControlMask, true},
        {XK_n, XK_n, Mod1Mask, true},
        {XK_Left, XK_Left, Mod1Mask, true},
        {0x010004d0, 0x010004d0, ControlMask, true},
        {XK_Tab, XK_Tab, Mod1Mask, false},
        {XK_ISO_Left_Tab, XK_Tab, Mod1Mask | ShiftMask, false},
        {XK_F4, XK_F4, Mod1Mask, false},
        {XK_F2, XK_F2, ControlMask | Mod1Mask, false},
        {XF86XK_Switch_VT_2, XK_F2, ControlMask | Mod1Mask, false},
        {XK_Delete, XK_Delete, ControlMask | Mod1Mask, false},
        {XK_a, XK_a, ControlMask | Mod1Mask, false},
        {XK_a, XK_a, Mod4Mask, false},
        {XK_Super_L, XK_Super_L, 0, false},
        {XK_Print, XK_Print, 0, false},
        {XK_Sys_Req, XK_Print, Mod1Mask, false},
        {XK_Escape, XK_Escape, ControlMask, false},
        {XK_F1, XK_F1, ControlMask, false},
        {XK_space, XK_space, Mod1Mask, false},
        {XK_Escape, XK_Escape, Mod1Mask, false},
        {XF86XK_Sleep, XF86XK_Sleep, 0, false},
        {XF86XK_Ungrab, XK_KP_Divide, ControlMask, false},
        {XK_Terminate_Server, XK_BackSpace, ControlMask, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (x11_input_may_pass(cases[i].symbol, cases[i].plain, cases[i].modifiers) != cases[i].may_pass)
            fail_msg("case %zu, key %lx", i, (unsigned long)cases[i].symbol);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_have_defaults),
        cmocka_unit_test(options_are_taken),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(the_environment_is_made_from_a_list),
        cmocka_unit_test(a_value_that_does_not_fit_is_left_out),
        cmocka_unit_test(sealed_memory_is_held_and_handed_on),
        cmocka_unit_test(other_memory_is_refused_and_closed),
        cmocka_unit_test(memory_of_two_sessions_is_never_held),
        cmocka_unit_test(keys_pass_or_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
