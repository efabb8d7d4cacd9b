/* Jobs through lanes and writer, with a store that fails as it is told. */
#include "server/workers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* --- a store that only counts ------------------------------------------------------------------------- */

enum trouble { TROUBLE_NONE, TROUBLE_BEGIN, TROUBLE_COMMIT, TROUBLE_FULL, TROUBLE_UNDO, TROUBLE_UNKNOWN };

/* Written by the writer's thread only; read after the loop has delivered what it wrote. */
static struct {
    enum trouble trouble;
    unsigned commits, rollbacks, marks, undone, kept;
} seen;

static bool fake_begin(struct store *store, struct error *err)
{
    (void)store;
    return seen.trouble != TROUBLE_BEGIN || error_set(err, ERROR_BUSY, "not now");
}
static enum store_commit fake_commit(struct store *store, struct error *err)
{
    (void)store;
    seen.commits++;
    if (seen.trouble == TROUBLE_COMMIT)
        return error_set(err, ERROR_FULL, "full"), STORE_ROLLED_BACK;
    if (seen.trouble == TROUBLE_UNKNOWN)
        return error_set(err, ERROR_IO, "the disk"), STORE_UNKNOWN;
    return STORE_COMMITTED;
}
static void fake_rollback(struct store *store)
{
    (void)store;
    seen.rollbacks++;
}
static bool fake_mark(struct store *store, struct error *err)
{
    (void)store;
    (void)err;
    seen.marks++;
    return true;
}
static bool fake_keep(struct store *store, struct error *err)
{
    (void)store;
    (void)err;
    seen.kept++;
    return true;
}
static bool fake_undo(struct store *store, struct error *err)
{
    (void)store;
    seen.undone++;
    return seen.trouble != TROUBLE_UNDO || error_set(err, ERROR_FULL, "no such mark");
}
static void fake_close(struct store *store)
{
    free(store);
}

static struct store *open_fake(void *context, bool is_reader, struct error *err)
{
    (void)context;
    (void)is_reader;
    (void)err;
    struct store *store = calloc(1, sizeof *store);
    *store = (struct store){.close = fake_close,
        .begin = fake_begin,
        .commit = fake_commit,
        .rollback = fake_rollback,
        .mark = fake_mark,
        .keep = fake_keep,
        .undo = fake_undo};
    return store;
}

/* --- a job that does what it is told ------------------------------------------------------------------ */

struct test_job {
    struct job job;
    enum write_end ends[10]; /* of each try; beyond: WRITE_KEEP */
    bool writes;
    unsigned worked, written, done;
    bool was_lost;
    unsigned *left; /* jobs not done yet: the last one stops the loop */
    struct loop *loop;
};

static struct test_job *test_of(struct job *job)
{
    return (struct test_job *)job; /* its first member */
}

static enum write_end write_it(struct job *job, struct store *writer)
{
    struct test_job *test = test_of(job);
    (void)writer;
    unsigned try = test->written++;
    return try < 10 ? test->ends[try] : WRITE_KEEP;
}

static void work_it(struct job *job, struct store *reader)
{
    struct test_job *test = test_of(job);
    (void)reader;
    test->worked++;
    if (test->writes)
        job->write = write_it;
}

static void done_it(struct job *job)
{
    struct test_job *test = test_of(job);
    test->done++;
    test->was_lost = job->is_lost;
    if (--*test->left == 0)
        loop_stop(test->loop);
}

struct fixture {
    struct loop *loop;
    struct workers *workers;
    unsigned left;
};

static void begin(struct fixture *fixture, enum trouble trouble)
{
    struct error err = {ERROR_NONE, ""};
    memset(&seen, 0, sizeof seen);
    seen.trouble = trouble;
    fixture->left = 0;
    fixture->loop = loop_new(&err);
    assert_non_null(fixture->loop);
    const struct workers_settings settings = {
        .loop = fixture->loop, .open_store = open_fake, .fast_threads = 2};
    fixture->workers = workers_new(&settings, &err);
    assert_non_null(fixture->workers);
}

static void prepare(struct fixture *fixture, struct test_job *test, enum lane lane, bool writes)
{
    test->job = (struct job){.lane = lane, .work = work_it, .done = done_it};
    test->writes = writes;
    test->left = &fixture->left;
    test->loop = fixture->loop;
    fixture->left++;
}

static void run_all(struct fixture *fixture, struct test_job *tests, size_t count)
{
    for (size_t i = 0; i < count; i++)
        workers_submit(fixture->workers, &tests[i].job);
    assert_true(loop_run(fixture->loop, NULL));
    workers_free(fixture->workers);
    loop_free(fixture->loop);
}

static void job_that_only_reads_is_done_without_a_commit(void **state)
{
    struct fixture fixture;
    struct test_job job = {.writes = false};
    (void)state;
    begin(&fixture, TROUBLE_NONE);
    prepare(&fixture, &job, LANE_SLOW, false);
    run_all(&fixture, &job, 1);
    assert_int_equal(job.worked, 1);
    assert_int_equal(job.done, 1);
    assert_false(job.was_lost);
    assert_int_equal(seen.commits, 0);
}

static void jobs_are_written_in_groups_and_done_after_the_commit(void **state)
{
    static struct test_job jobs[300];
    struct fixture fixture;
    (void)state;
    memset(jobs, 0, sizeof jobs);
    begin(&fixture, TROUBLE_NONE);
    for (size_t i = 0; i < 300; i++)
        prepare(&fixture, &jobs[i], i % 3 == 0 ? LANE_SLOW : LANE_FAST, true);
    run_all(&fixture, jobs, 300);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(jobs[i].written, 1);
        assert_int_equal(jobs[i].done, 1);
        assert_false(jobs[i].was_lost);
    }
    assert_int_equal(seen.kept, 300);
    assert_true(seen.commits >= 5 && seen.commits <= 300);
}

static void write_that_is_undone_harms_no_other(void **state)
{
    static struct test_job jobs[2];
    struct fixture fixture;
    (void)state;
    memset(jobs, 0, sizeof jobs);
    begin(&fixture, TROUBLE_NONE);
    jobs[0].ends[0] = WRITE_UNDO;
    prepare(&fixture, &jobs[0], LANE_FAST, true);
    prepare(&fixture, &jobs[1], LANE_FAST, true);
    run_all(&fixture, jobs, 2);
    assert_int_equal(seen.undone, 1);
    assert_int_equal(seen.kept, 1);
    assert_false(jobs[0].was_lost); /* it has its own reason */
    assert_false(jobs[1].was_lost);
}

static void write_that_came_too_late_works_again(void **state)
{
    struct fixture fixture;
    struct test_job job = {.ends = {WRITE_AGAIN, WRITE_AGAIN, WRITE_KEEP}};
    (void)state;
    begin(&fixture, TROUBLE_NONE);
    prepare(&fixture, &job, LANE_FAST, true);
    run_all(&fixture, &job, 1);
    assert_int_equal(job.worked, 3);
    assert_int_equal(job.written, 3);
    assert_int_equal(seen.undone, 2);
    assert_int_equal(job.done, 1);
    assert_false(job.was_lost);
}

static void write_that_never_fits_is_lost_in_the_end(void **state)
{
    struct fixture fixture;
    struct test_job job = {.ends = {WRITE_AGAIN, WRITE_AGAIN, WRITE_AGAIN, WRITE_AGAIN, WRITE_AGAIN,
                               WRITE_AGAIN, WRITE_AGAIN, WRITE_AGAIN, WRITE_AGAIN, WRITE_AGAIN}};
    (void)state;
    begin(&fixture, TROUBLE_NONE);
    prepare(&fixture, &job, LANE_FAST, true);
    run_all(&fixture, &job, 1);
    assert_int_equal(job.done, 1);
    assert_true(job.was_lost);
    assert_int_equal(seen.kept, 0);
}

static void group_that_is_not_stored_is_told_to_all(void **state)
{
    static const enum trouble troubles[] = {TROUBLE_BEGIN, TROUBLE_COMMIT, TROUBLE_UNDO};
    (void)state;
    for (size_t t = 0; t < 3; t++) {
        static struct test_job jobs[3];
        struct fixture fixture;
        memset(jobs, 0, sizeof jobs);
        begin(&fixture, troubles[t]);
        for (size_t i = 0; i < 3; i++) {
            prepare(&fixture, &jobs[i], LANE_FAST, true);
            if (troubles[t] == TROUBLE_UNDO)
                jobs[i].ends[0] = WRITE_UNDO;
        }
        run_all(&fixture, jobs, 3);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(jobs[i].done, 1);
            assert_true(jobs[i].was_lost);
        }
        assert_true(seen.rollbacks >= 1);
    }
}

/* In a process of its own: what ends there is the whole program, with nothing done. */
static void ends_the_program(enum trouble trouble, enum write_end end)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct fixture fixture;
        struct test_job job = {.ends = {end}};
        fclose(stderr);
        begin(&fixture, trouble);
        prepare(&fixture, &job, LANE_FAST, true);
        workers_submit(fixture.workers, &job.job);
        (void)loop_run(fixture.loop, NULL);
        _exit(job.done != 0 ? 1 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 74);
}

static void disk_that_fails_ends_the_program_with_nothing_answered(void **state)
{
    (void)state;
    ends_the_program(TROUBLE_UNKNOWN, WRITE_KEEP);
    ends_the_program(TROUBLE_NONE, WRITE_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(job_that_only_reads_is_done_without_a_commit),
        cmocka_unit_test(jobs_are_written_in_groups_and_done_after_the_commit),
        cmocka_unit_test(write_that_is_undone_harms_no_other),
        cmocka_unit_test(write_that_came_too_late_works_again),
        cmocka_unit_test(write_that_never_fits_is_lost_in_the_end),
        cmocka_unit_test(group_that_is_not_stored_is_told_to_all),
        cmocka_unit_test(disk_that_fails_ends_the_program_with_nothing_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
