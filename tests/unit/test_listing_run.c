#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/clock.h"
#include "provisioning/authoring/listing_run.h"

static bool go_on(void *context, size_t done)
{
    *(size_t *)context = done;
    return true;
}

static bool stop_after_one(void *context, size_t done)
{
    (void)context;
    return done == 0;
}

static void release(struct listing_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_release(&runs[i].out);
        buffer_release(&runs[i].errors);
        free(runs[i].program);
    }
}

static void listing_runs_say_how_they_ended(void **state)
{
    static const struct {
        const char *program, *out;
        enum listing_end end;
        int exit_code;
    } cases[] = {
        {"print('a')", "a\n", LISTING_EXITED, 0},
        {"import sys; sys.exit(3)", "", LISTING_EXITED, 3},
        {"print('ä', end='')", "ä", LISTING_EXITED, 0},
        {"", "", LISTING_EXITED, 0},
        {"print('x' * 100000)", NULL, LISTING_TOO_MUCH, -1},
        {"import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "", LISTING_KILLED, -1},
        {"while True: pass", "", LISTING_TOO_LONG, -1},
        {"open('x', 'w').write('y' * 5000000)", "", LISTING_EXITED, 1},
        {"import sys; print(sys.stdin.read() == '', sys.flags.isolated)", "True 1\n", LISTING_EXITED, 0},
        /* What it starts goes with it, and does not hold up the end. */
        {"import subprocess; subprocess.Popen(['sleep', '30']); print('on')", "on\n", LISTING_EXITED, 0},
    };
    enum { COUNT = sizeof cases / sizeof cases[0] };
    struct listing_run runs[COUNT] = {{.program = NULL}};
    const int64_t begun_ms = clock_awake_ms(clock_system());
    struct error err = {0};
    size_t done = 0;

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        runs[i].program = strdup(cases[i].program);
    assert_true(listing_run_all(runs, COUNT, 2000, go_on, &done, &err));
    assert_int_equal(done, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        if (runs[i].end != cases[i].end &&
            !(cases[i].end == LISTING_TOO_LONG && runs[i].end == LISTING_KILLED))
            fail_msg("%s ends in %d", cases[i].program, runs[i].end); /* the CPU's limit may come first */
        if (cases[i].end == LISTING_EXITED)
            assert_int_equal(runs[i].exit_code, cases[i].exit_code);
        if (cases[i].out != NULL)
            assert_string_equal(buffer_text(&runs[i].out), cases[i].out);
    }
    assert_true(clock_awake_ms(clock_system()) - begun_ms < 25000);
    release(runs, COUNT);
}

static void interrupted_runs_end_at_once(void **state)
{
    struct listing_run runs[3] = {{.program = strdup("print(1)")},
        {.program = strdup("import time; time.sleep(9)")}, {.program = strdup("")}};
    const int64_t begun_ms = clock_awake_ms(clock_system());
    struct error err = {0};

    (void)state;
    assert_false(listing_run_all(runs, 3, LISTING_RUN_MS, stop_after_one, NULL, &err));
    assert_int_equal(err.code, ERROR_BUSY);
    assert_true(clock_awake_ms(clock_system()) - begun_ms < 8000);
    release(runs, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listing_runs_say_how_they_ended),
        cmocka_unit_test(interrupted_runs_end_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
