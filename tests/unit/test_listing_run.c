#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

/* On a stage of their own. */
static bool run_all(struct listing_run *runs, size_t count, unsigned limit_s,
    bool (*tell)(void *context, size_t ended), void *context, struct error *err)
{
    const struct listing_watch watch = {tell, context};
    struct stage stage;
    const bool ok = stage_open(&stage, err) && listing_run_all(&stage, runs, count, limit_s, &watch, err);

    stage_close(&stage);
    return ok;
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
        {"import time; time.sleep(30)", "", LISTING_TOO_LONG, -1},
        {"open('x', 'w').write('y' * 20000000)", "", LISTING_EXITED, 1},
        {"import sys; print(sys.stdin.read() == '', sys.flags.isolated)", "True 1\n", LISTING_EXITED, 0},
    };
    enum { COUNT = sizeof cases / sizeof cases[0] };
    struct listing_run runs[COUNT] = {{.program = NULL}};
    const int64_t begun_ms = clock_awake_ms(clock_system());
    struct error err = {0};
    size_t done = 0;

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        runs[i].program = strdup(cases[i].program);
    assert_true(run_all(runs, COUNT, 2, go_on, &done, &err));
    assert_int_equal(done, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        if (runs[i].end != cases[i].end)
            fail_msg("%s ends in %d", cases[i].program, runs[i].end);
        if (cases[i].end == LISTING_EXITED)
            assert_int_equal(runs[i].exit_code, cases[i].exit_code);
        if (cases[i].out != NULL)
            assert_string_equal(buffer_text(&runs[i].out), cases[i].out);
    }
    assert_true(clock_awake_ms(clock_system()) - begun_ms < 25000);
    release(runs, COUNT);
}

/* Gone, or dead and not yet collected by whoever inherited it. */
static bool has_ended(pid_t process)
{
    char path[40], state = 'Z';
    FILE *stat;

    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    stat = fopen(path, "r");
    if (stat == NULL)
        return true;
    assert_int_equal(fscanf(stat, "%*d (%*[^)]) %c", &state), 1);
    (void)fclose(stat);
    return state == 'Z' || state == 'X';
}

/* What a listing starts neither holds up its end nor stays behind. */
static void what_a_listing_started_ends_with_it(void **state)
{
    struct listing_run run = {
        .program = strdup("import subprocess; print(subprocess.Popen(['sleep', '30']).pid)")};
    struct error err = {0};
    size_t done;
    pid_t left;

    (void)state;
    assert_true(run_all(&run, 1, 5, go_on, &done, &err));
    assert_int_equal(run.end, LISTING_EXITED);
    left = (pid_t)strtol(buffer_text(&run.out), NULL, 10);
    assert_true(left > 1);
    for (int tries = 0; tries < 200 && !has_ended(left); tries++)
        (void)poll(NULL, 0, 10);
    assert_true(has_ended(left));
    release(&run, 1);
}

static void interrupted_runs_end_at_once(void **state)
{
    struct listing_run runs[3] = {{.program = strdup("print(1)")},
        {.program = strdup("import time; time.sleep(9)")}, {.program = strdup("")}};
    const int64_t begun_ms = clock_awake_ms(clock_system());
    struct error err = {0};

    (void)state;
    assert_false(run_all(runs, 3, LISTING_RUN_S, stop_after_one, NULL, &err));
    assert_int_equal(err.code, ERROR_BUSY);
    assert_true(clock_awake_ms(clock_system()) - begun_ms < 8000);
    release(runs, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listing_runs_say_how_they_ended),
        cmocka_unit_test(what_a_listing_started_ends_with_it),
        cmocka_unit_test(interrupted_runs_end_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
