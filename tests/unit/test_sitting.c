/* A session on a seat's folder: real journal, real keys, a clock and a disk that the test drives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/outfile.h"
#include "core/result.h"
#include "kiosk/seat/delivery.h"
#include "kiosk/seat/seal.h"
#include "kiosk/seat/sitting.h"
#include "tests/support/pki.h"

#define FOLDER "seat"
#define MINUTE_MS INT64_C(60000)

static struct pki pki;
static struct error err;

/* --- a clock and a disk that do what the test says --------------------------------------------------------------- */

static int64_t boot_ms, wall_ms;

static int64_t fake_boot(const struct clock *clock)
{
    (void)clock;
    return boot_ms;
}

static int64_t fake_wall(const struct clock *clock)
{
    (void)clock;
    return wall_ms;
}

static const struct clock fake_clock = {fake_boot, fake_boot, fake_wall};

static void pass(int64_t ms)
{
    boot_ms += ms;
    wall_ms += ms;
}

static int failing_writes; /* this many pwrites fail from now on */

static int disk_open(const struct disk *disk, const char *path, int flags, unsigned mode)
{
    (void)disk;
    return disk_system()->open(disk_system(), path, flags, mode);
}

static ssize_t disk_pwrite(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset)
{
    (void)disk;
    if (failing_writes > 0) {
        failing_writes--;
        errno = ENOSPC;
        return -1;
    }
    return disk_system()->pwrite(disk_system(), fd, data, len, offset);
}

static int disk_sync(const struct disk *disk, int fd)
{
    (void)disk;
    return disk_system()->fdatasync(disk_system(), fd);
}

static const struct disk fake_disk = {disk_open, disk_pwrite, disk_sync};

/* --- a seat ------------------------------------------------------------------------------------------------------ */

static void save_pem(const char *path, const struct certificate *const *certificates, size_t count)
{
    struct buffer pem = {.max = PEM_MAX_BYTES};

    for (size_t i = 0; i < count; i++)
        assert_true(certificate_pem(certificates[i], &pem, &err));
    assert_true(outfile_save(path, 0644, buffer_bytes(&pem), &err));
    buffer_release(&pem);
}

static void copy(const char *from, const char *to, mode_t mode)
{
    struct buffer content = {.max = PEM_MAX_BYTES};

    assert_true(file_read(from, &content, &err));
    assert_true(outfile_save(to, mode, buffer_bytes(&content), &err));
    buffer_release(&content);
}

static const char *const parts[] = {"kiosk/journals", "kiosk/places", "spool/out", "spool/in/receipts",
    "spool/in/tickets", "spool/in/packages"};

static struct seat *make_seat(void)
{
    static const char seat_json[] = "{\"center\":\"center-1\",\"developer\":false,\"format\":1,\"public\":\"\","
                                    "\"seat\":\"seat-1\",\"server\":\"\"}";
    const struct certificate *const sealed_to[] = {
        pki_certificate(&pki, PKI_INTAKE), pki_certificate(&pki, PKI_SCORING)};
    const struct certificate *const root[] = {pki_certificate(&pki, PKI_ROOT)};
    char path[FILE_PATH_SIZE];
    struct seat *seat;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_true(path_join(path, FOLDER, parts[i], &err));
        assert_true(folder_make(path, 0700, &err));
    }
    assert_true(outfile_save(FOLDER "/seat.json", 0644, bytes_of_text(seat_json), &err));
    save_pem(FOLDER "/root.pem", root, 1);
    save_pem(FOLDER "/certificates.pem", sealed_to, 2);
    copy("pki/seat-1.key", FOLDER "/kiosk/kiosk.key", 0600);
    copy("pki/seat-1.pem", FOLDER "/kiosk/kiosk.pem", 0644);
    seat = seat_load(FOLDER, PKI_NOW_MS, &err);
    if (seat == NULL)
        fail_msg("%s", err.text);
    return seat;
}

static void forget_files(const char *id)
{
    static const char *const endings[] = {".result", ".journal"};
    char path[FILE_PATH_SIZE];

    (void)unlink(FOLDER "/kiosk/state.json"); /* may not be there */
    (void)journal_remove(FOLDER "/kiosk/journals", id, NULL);
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, FOLDER "/spool/out/%s%s", id, endings[i]);
        (void)unlink(path);
    }
}

/* --- a candidate ------------------------------------------------------------------------------------------------- */

struct fixture {
    struct seat *seat;
    struct memory *memory;
    struct secret *exam_key, *session_key;
};

#define SESSION "00112233445566778899aabbccddeeff"
#define ID SESSION "-1"

static struct exam *example_exam(void)
{
    struct buffer json = {.max = EXAM_JSON_MAX_BYTES};
    struct exam *exam;

    assert_true(file_read(CARREL_SOURCE_DIR "/docs/formats/examples/exam.json", &json, &err));
    exam = exam_decode(buffer_bytes(&json), &err);
    if (exam == NULL)
        fail_msg("%s", err.text);
    buffer_release(&json);
    return exam;
}

static struct sitting_parts make_parts(const struct fixture *fixture)
{
    struct sitting_parts parts_made = {.clock = &fake_clock,
        .disk = &fake_disk,
        .seat = fixture->seat,
        .lock = LOCK_X11,
        .ticket = calloc(1, sizeof(struct ticket)),
        .exam = example_exam()};
    struct ticket *ticket = parts_made.ticket;

    memcpy(ticket->session, SESSION, sizeof SESSION);
    memcpy(ticket->sitting, SESSION, sizeof SESSION);
    memcpy(ticket->package_id, SESSION, sizeof SESSION);
    memcpy(ticket->admission, "A-1", sizeof "A-1");
    memcpy(ticket->candidate_id, "c-1", sizeof "c-1");
    memcpy(ticket->center, "center-1", sizeof "center-1");
    ticket->epoch = 1;
    ticket->number = 1;
    ticket->max_time_ms = 10 * MINUTE_MS;
    ticket->opens_ms = wall_ms - MINUTE_MS;
    ticket->closes_ms = wall_ms + 60 * MINUTE_MS;
    ticket->accommodations = (struct accommodations){.time_factor = 1000, .theme = "light", .zoom = 100};
    memcpy(ticket->candidate_name, "Example, Alex", sizeof "Example, Alex");
    memcpy(ticket->exam_title, "Demo", sizeof "Demo");
    memcpy(ticket->exam_short, "Demo", sizeof "Demo");
    memcpy(ticket->exam_language, "en", sizeof "en");
    memcpy(ticket->time_zone, "UTC", sizeof "UTC");
    memcpy(ticket->lowest_software, "0.1.0", sizeof "0.1.0");
    ticket->item_count = (unsigned)exam_form_length(parts_made.exam);
    parts_made.keys.exam_key = secret_copy(secret_bytes(fixture->exam_key), &err);
    parts_made.keys.session_key = secret_copy(secret_bytes(fixture->session_key), &err);
    return parts_made;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    boot_ms = 5 * MINUTE_MS;
    wall_ms = PKI_NOW_MS;
    failing_writes = 0;
    forget_files(ID);
    fixture->seat = make_seat();
    fixture->memory = memory_load(FOLDER, &err);
    assert_non_null(fixture->memory);
    fixture->exam_key = secret_random(KEY_BYTES, &err);
    fixture->session_key = secret_random(KEY_BYTES, &err);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    secret_free(fixture->exam_key);
    secret_free(fixture->session_key);
    memory_free(fixture->memory);
    seat_free(fixture->seat);
    free(fixture);
    return 0;
}

static const struct sitting_opening start = {
    .reason = RUN_BEGIN, .code = CODE_START, .code_number = 1, .initials = "KM"};

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool reserve(const struct sitting_parts *made, bool is_again)
{
    return sitting_reserve(made->seat, made->disk, made->ticket, is_again, &err);
}

static struct sitting *begin(const struct fixture *fixture)
{
    struct sitting_parts parts_made = make_parts(fixture);
    struct sitting *sitting = reserve(&parts_made, false) ? sitting_begin(&parts_made, &start, &err) : NULL;

    if (sitting == NULL)
        fail_msg("%s", err.text);
    return sitting;
}

static void to_first_question(struct sitting *sitting)
{
    if (sitting->attempt->phase == PHASE_AGREEMENT)
        assert_true(sitting_enter(sitting, PHASE_TUTORIAL));
    assert_true(sitting_enter(sitting, PHASE_EXAM));
    assert_true(sitting_visit(sitting, 0));
}

static struct sitting *reopen(const struct fixture *fixture)
{
    struct sitting_parts parts_made = make_parts(fixture);
    enum journal_end end;
    struct sitting *sitting = sitting_reopen(&parts_made, false, &end, &err);

    if (sitting == NULL)
        fail_msg("%s", err.text);
    return sitting;
}

static struct sitting *open_again(
    const struct fixture *fixture, enum run_reason reason, unsigned code_number)
{
    const struct sitting_opening opening = {.reason = reason,
        .code = reason == RUN_RESUME ? CODE_RESUME : CODE_START,
        .code_number = code_number,
        .initials = reason == RUN_RESUME ? "KM" : ""};
    struct sitting *sitting = reopen(fixture);

    if (!sitting_resume(sitting, &opening, &err))
        fail_msg("%s", err.text);
    return sitting;
}

static struct memory_session *remember(struct memory *memory)
{
    struct memory_session *session = memory_add(memory, ID, &err);

    assert_non_null(session);
    session->state = MEMORY_BEGUN;
    session->closes_ms = wall_ms + 60 * MINUTE_MS;
    session->limit_ms = 10 * MINUTE_MS;
    assert_true(memory_save(memory, &err));
    return session;
}

/* --- tests ------------------------------------------------------------------------------------------------------- */

static void session_begins_with_its_form_and_no_exam_time(void **state)
{
    struct sitting *sitting = begin(*state);

    assert_int_equal(sitting->attempt->item_count, exam_form_length(sitting->exam));
    pass(3 * MINUTE_MS);
    assert_int_equal(sitting_left_ms(sitting), 10 * MINUTE_MS);
    sitting_free(sitting);
}

static void restart_of_the_screen_keeps_answers_and_charges_time_to_the_millisecond(void **state)
{
    struct sitting *sitting = begin(*state);

    to_first_question(sitting);
    pass(1234);
    assert_true(sitting_choose(sitting, 0, 1));
    pass(77);
    sitting_free(sitting); /* killed: nothing said goodbye */
    pass(500);
    sitting = open_again(*state, RUN_SCREEN_RESTART, 1);
    assert_true(sitting_is_chosen(sitting, 0, 1));
    assert_int_equal(sitting->attempt->position, 0);
    assert_int_equal(sitting_left_ms(sitting), 10 * MINUTE_MS - 1234 - 77 - 500);
    sitting_free(sitting);
}

static void resume_after_the_guard_was_gone_charges_one_second(void **state)
{
    struct sitting *sitting = begin(*state);

    to_first_question(sitting);
    pass(2000);
    assert_true(sitting_choose(sitting, 0, 0));
    sitting_free(sitting);
    pass(7 * MINUTE_MS);
    sitting = open_again(*state, RUN_RESUME, 1);
    assert_int_equal(sitting_left_ms(sitting), 10 * MINUTE_MS - 2000 - 1000);
    sitting_free(sitting);
}

static void gap_over_15_minutes_goes_on_by_two_members_of_staff_only(void **state)
{
    static const char *const not_a_second[] = {NULL, "", "KM"};
    struct sitting_opening opening = {
        .reason = RUN_RESUME, .code = CODE_RESUME, .code_number = 1, .initials = "KM"};
    struct sitting *sitting = begin(*state);

    to_first_question(sitting);
    pass(2000);
    assert_true(sitting_choose(sitting, 0, 0));
    sitting_free(sitting);
    pass(15 * MINUTE_MS + 1001);
    sitting = reopen(*state);
    assert_true(sitting_gap(sitting).needs_second);
    for (size_t i = 0; i < sizeof not_a_second / sizeof *not_a_second; i++) {
        opening.second = not_a_second[i];
        assert_false(sitting_resume(sitting, &opening, &err));
        assert_true(sitting->is_refused && !sitting->is_unsaved);
    }
    sitting_free(sitting);
    pass(30 * MINUTE_MS);
    sitting = reopen(*state); /* nothing was written by those */
    assert_int_equal(sitting_gap(sitting).ms, 45 * MINUTE_MS + 1001);
    pass(5 * MINUTE_MS); /* staff look at it: that is gap too */
    opening.second = "SB";
    assert_true(sitting_resume(sitting, &opening, &err));
    assert_int_equal(sitting_left_ms(sitting), 10 * MINUTE_MS - 2000 - 1000);
    assert_int_equal(sitting->attempt->gap_ms, 50 * MINUTE_MS + 1001);
    assert_int_equal(sitting->attempt->given_ms, 50 * MINUTE_MS + 1);
    pass(700);
    assert_int_equal(sitting_left_ms(sitting), 10 * MINUTE_MS - 2000 - 1000 - 700);
    sitting_free(sitting);
}

static void limit_ends_the_exam_and_no_record_is_behind_it(void **state)
{
    struct sitting *sitting = begin(*state);

    to_first_question(sitting);
    pass(10 * MINUTE_MS - 1);
    assert_true(sitting_choose(sitting, 0, 0));
    pass(MINUTE_MS);
    sitting_tick(sitting);
    assert_true(sitting->attempt->has_ended);
    assert_int_equal(sitting->attempt->end, END_TIME);
    assert_int_equal(sitting->attempt->exam_ms, 10 * MINUTE_MS);
    assert_false(sitting_choose(sitting, 0, 1));
    assert_true(sitting_is_chosen(sitting, 0, 0));
    sitting_free(sitting);
}

static void failed_write_is_said_and_made_up_for(void **state)
{
    struct sitting *sitting = begin(*state);

    to_first_question(sitting);
    assert_true(sitting_choose(sitting, 0, 0));
    failing_writes = 1000;
    assert_false(sitting_choose(sitting, 0, 1));
    assert_true(sitting->is_unsaved);
    assert_true(sitting_is_chosen(sitting, 0, 1)); /* on screen as chosen, and as not saved */
    failing_writes = 0;
    pass(900);
    sitting_tick(sitting);
    assert_false(sitting->is_unsaved);
    sitting_free(sitting);
    sitting = open_again(*state, RUN_SCREEN_RESTART, 1);
    assert_true(sitting_is_chosen(sitting, 0, 1));
    sitting_free(sitting);
}

/* Every file of the journal is closed for good by then; it is opened again when the disk is well. */
static void disk_that_fails_for_long_is_made_up_for_when_it_is_well(void **state)
{
    struct sitting *sitting = begin(*state);

    to_first_question(sitting);
    for (int turn = 0; turn < 5; turn++) {
        failing_writes = 1000;
        assert_false(sitting_choose(sitting, 0, 1)); /* of several: it turns on, off, on … */
        for (int ticks = 0; ticks < 4; ticks++) {
            pass(900);
            sitting_tick(sitting);
            assert_true(sitting->is_unsaved);
        }
        assert_false(sitting_visit(sitting, 1)); /* it would leave the answer behind */
        failing_writes = 0;
        pass(900);
        sitting_tick(sitting);
        assert_false(sitting->is_unsaved || sitting->pending.is_set);
        assert_int_equal(sitting_is_chosen(sitting, 0, 1), turn % 2 == 0);
    }
    assert_int_equal(sitting_left_ms(sitting), 10 * MINUTE_MS - (int64_t)25 * 900);
    sitting_free(sitting);
    sitting = open_again(*state, RUN_SCREEN_RESTART, 1);
    assert_true(sitting_is_chosen(sitting, 0, 1));
    sitting_free(sitting);
}

static void answer_that_could_not_be_saved_by_the_limit_does_not_keep_the_exam_open(void **state)
{
    struct sitting *sitting = begin(*state);

    to_first_question(sitting);
    assert_true(sitting_choose(sitting, 0, 0));
    pass(10 * MINUTE_MS - 10);
    failing_writes = 1000;
    assert_false(sitting_choose(sitting, 0, 1));
    pass(5000);
    sitting_tick(sitting);
    assert_false(sitting->attempt->has_ended);
    failing_writes = 0;
    sitting_tick(sitting);
    assert_true(sitting->attempt->has_ended);
    assert_int_equal(sitting->attempt->exam_ms, 10 * MINUTE_MS);
    assert_true(sitting_is_chosen(sitting, 0, 0)); /* what was shown as saved */
    sitting_free(sitting);
}

static void session_stopped_while_it_began_begins_again(void **state)
{
    struct sitting_parts parts_made = make_parts(*state);
    struct sitting *sitting = begin(*state);

    sitting_free(sitting); /* killed before anything was shown */
    assert_false(reserve(&parts_made, false)); /* not by itself: a journal may be the truth */
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_null(sitting_begin(&parts_made, &start, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_true(is_there(FOLDER "/kiosk/journals/" ID ".0.journal"));
    parts_made = make_parts(*state);
    assert_true(reserve(&parts_made, true));
    sitting = sitting_begin(&parts_made, &start, &err);
    assert_non_null(sitting);
    assert_int_equal(sitting->attempt->runs, 1);
    sitting_free(sitting);
}

static void seat_without_room_refuses_and_leaves_nothing_behind(void **state)
{
    struct sitting_parts parts_made = make_parts(*state);

    failing_writes = 1000;
    assert_false(reserve(&parts_made, false));
    sitting_parts_release(&parts_made);
    assert_int_equal(err.code, ERROR_FULL);
    assert_int_equal(access(FOLDER "/kiosk/journals/" ID ".0.journal", F_OK), -1);
    assert_int_equal(access(FOLDER "/kiosk/places/" ID, F_OK), -1);
}

static void start_code_is_used_up_when_something_was_shown(void **state)
{
    struct fixture *fixture = *state;
    struct memory_session *session = remember(fixture->memory);

    session->state = MEMORY_OPENING;
    for (int i = 0; i < 2; i++)
        assert_true(memory_use_code(fixture->memory, session, CODE_START, 1, &err));
    session->state = MEMORY_BEGUN;
    assert_false(memory_use_code(fixture->memory, session, CODE_START, 1, &err));
}

static void clock_that_is_wrong_is_not_the_seats_now(void **state)
{
    struct fixture *fixture = *state;
    struct memory *memory = fixture->memory;
    const int64_t right = wall_ms, years = INT64_C(10) * 365 * 24 * 60 * MINUTE_MS;

    assert_true(memory_saw(memory, 1, right, true, &fake_clock, &err));
    wall_ms = 0;
    assert_int_equal(memory_now_ms(memory, &fake_clock), right);
    boot_ms += 1000;
    assert_int_equal(memory_now_ms(memory, &fake_clock), right + 1000);
    wall_ms = right + years;
    assert_int_equal(memory_now_ms(memory, &fake_clock), right + 1000);
    wall_ms = right + 30000;
    assert_int_equal(memory_now_ms(memory, &fake_clock), right + 30000);
    assert_true(memory_saw(memory, 2, right + 60000, false, &fake_clock, &err));
    wall_ms = right + years;
    assert_int_equal(memory_now_ms(memory, &fake_clock), right + 1000); /* a stick a little later changes nothing */
    memory = memory_load(FOLDER, &err); /* it is remembered */
    assert_non_null(memory);
    assert_int_equal(memory->seen.signed_ms, right);
    memory_free(memory);
}

static void heartbeat_is_due_within_800_ms_of_the_last_record(void **state)
{
    struct sitting *sitting = begin(*state);
    uint64_t before;

    to_first_question(sitting);
    before = sitting->attempt->records;
    assert_in_range(sitting_next_tick_ms(sitting) - boot_ms, 1, 800);
    pass(800);
    sitting_tick(sitting);
    assert_int_equal(sitting->attempt->records, before + 1);
    sitting_free(sitting);
}

static void sealed_result_opens_for_intake_and_folds_to_the_same_answers(void **state)
{
    struct fixture *fixture = *state;
    struct sitting *sitting = begin(fixture);
    struct buffer file = {.max = RESULT_MAX_BYTES}, transcript = {.max = TRANSCRIPT_MAX_BYTES};
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), &err);
    struct cms_signer signer = {0};
    struct attempt *attempt;

    (void)remember(fixture->memory);
    to_first_question(sitting);
    pass(5000);
    assert_true(sitting_choose(sitting, 0, 1));
    assert_true(sitting_end(sitting, END_SUBMITTED));
    if (!sitting_seal(sitting, fixture->memory, &err))
        fail_msg("%s", err.text);
    assert_true(file_read(FOLDER "/spool/out/" ID ".result", &file, &err));
    assert_true(trust_add_intermediate(trust, pki_certificate(&pki, PKI_CENTER_1), &err));
    if (!result_open(buffer_bytes(&file), pki.members[PKI_INTAKE], trust, wall_ms, &transcript, &signer, &err))
        fail_msg("%s", err.text);
    attempt = attempt_replay(buffer_bytes(&transcript), &err);
    assert_non_null(attempt);
    assert_true(attempt->has_ended);
    assert_int_equal(attempt_answered(attempt), 1);
    assert_int_equal(attempt->exam_ms, 5000);
    assert_int_equal(access(FOLDER "/kiosk/places/" ID, F_OK), -1);
    assert_int_equal(memory_find(fixture->memory, ID)->state, MEMORY_STORED);
    attempt_free(attempt);
    cms_signer_release(&signer);
    trust_free(trust);
    buffer_release(&file);
    buffer_release(&transcript);
    sitting_free(sitting);
}

static void session_nobody_ended_goes_out_as_a_journal_after_its_window(void **state)
{
    struct fixture *fixture = *state;
    struct sitting *sitting = begin(fixture);

    (void)remember(fixture->memory);
    to_first_question(sitting);
    assert_true(sitting_choose(sitting, 0, 1));
    sitting_free(sitting);
    assert_true(delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err));
    assert_int_equal(access(FOLDER "/spool/out/" ID ".journal", F_OK), -1);
    pass(71 * MINUTE_MS);
    assert_true(delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err));
    assert_int_equal(access(FOLDER "/spool/out/" ID ".journal", F_OK), -1); /* it may still be resumed */
    pass(RESUME_MARGIN_MS);
    if (!delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err))
        fail_msg("%s", err.text);
    assert_int_equal(access(FOLDER "/spool/out/" ID ".journal", F_OK), 0);
    assert_int_equal(memory_find(fixture->memory, ID)->state, MEMORY_STORED);
}

static void session_runs_on_while_its_window_closes(void **state)
{
    struct fixture *fixture = *state;
    struct sitting *sitting = begin(fixture);

    (void)remember(fixture->memory);
    pass(71 * MINUTE_MS + RESUME_MARGIN_MS);
    assert_true(delivery_step(fixture->seat, fixture->memory, ID, wall_ms, &err));
    assert_int_equal(access(FOLDER "/spool/out/" ID ".journal", F_OK), -1);
    sitting_free(sitting);
}

static void noted_as_stored_but_never_in_the_spool_is_a_journal_again(void **state)
{
    struct fixture *fixture = *state;
    struct sitting *sitting = begin(fixture);

    remember(fixture->memory)->state = MEMORY_STORED;
    assert_true(delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err));
    assert_int_equal(memory_find(fixture->memory, ID)->state, MEMORY_BEGUN);
    sitting_free(sitting);
}

static void leave_file(const char *path)
{
    assert_true(outfile_save(path, 0600, bytes_of("x", 1), &err));
}

static void sealed_by_a_process_that_died_is_not_opened_again(void **state)
{
    struct fixture *fixture = *state;
    struct sitting *sitting = begin(fixture);
    struct sitting_parts left = {.seat = fixture->seat, .ticket = sitting->ticket};

    (void)remember(fixture->memory);
    assert_true(sitting_end(sitting, END_STAFF));
    assert_true(sitting_goes_on(&left, fixture->memory));
    memory_find(fixture->memory, ID)->state = MEMORY_STORED; /* but it is not out yet */
    assert_true(sitting_goes_on(&left, fixture->memory));
    if (!sitting_seal(sitting, fixture->memory, &err))
        fail_msg("%s", err.text);
    assert_false(sitting_goes_on(&left, fixture->memory));
    leave_file(FOLDER "/kiosk/journals/" ID ".1.journal");
    leave_file(FOLDER "/kiosk/places/" ID ".state");
    sitting_clear_up(&left);
    assert_false(is_there(FOLDER "/kiosk/journals/" ID ".1.journal"));
    assert_false(is_there(FOLDER "/kiosk/places/" ID ".state"));
    assert_true(is_there(FOLDER "/spool/out/" ID ".result"));
    sitting_free(sitting);
}

static void stopped_as_it_began_it_begins_again_and_leaves_no_file(void **state)
{
    struct fixture *fixture = *state;
    struct sitting *sitting = begin(fixture);
    struct sitting_parts left = {.seat = fixture->seat, .ticket = sitting->ticket};

    remember(fixture->memory)->state = MEMORY_OPENING;
    assert_false(sitting_goes_on(&left, fixture->memory));
    sitting_free(sitting);
    pass(71 * MINUTE_MS);
    assert_true(delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err));
    assert_true(is_there(FOLDER "/kiosk/journals/" ID ".0.journal")); /* it may still begin */
    pass(RESUME_MARGIN_MS);
    assert_true(delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err));
    assert_null(memory_find(fixture->memory, ID));
    assert_false(is_there(FOLDER "/kiosk/journals/" ID ".0.journal"));
    assert_false(is_there(FOLDER "/kiosk/places/" ID));
    assert_false(is_there(FOLDER "/spool/out/" ID ".journal"));
}

static void no_code_opens_what_went_out(void **state)
{
    struct fixture *fixture = *state;
    struct memory_session *session = remember(fixture->memory);

    session->state = MEMORY_STORED;
    assert_false(memory_use_code(fixture->memory, session, CODE_RESUME, 1, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    session->state = MEMORY_BEGUN;
    assert_true(memory_use_code(fixture->memory, session, CODE_RESUME, 1, &err));
}

static void received_is_remembered_while_its_window_is_open(void **state)
{
    struct fixture *fixture = *state;
    struct memory_session *session = remember(fixture->memory);

    session->state = MEMORY_RECEIVED;
    session->done_ms = wall_ms;
    session->closes_ms = wall_ms + 2 * DELIVERY_RETENTION_MS;
    pass(DELIVERY_RETENTION_MS + MINUTE_MS);
    assert_true(delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err));
    assert_non_null(memory_find(fixture->memory, ID)); /* its start code is known as used */
    pass(DELIVERY_RETENTION_MS + RESUME_MARGIN_MS + 60 * MINUTE_MS);
    assert_true(delivery_step(fixture->seat, fixture->memory, NULL, wall_ms, &err));
    assert_null(memory_find(fixture->memory, ID));
}

static void codes_are_taken_once_and_in_order_and_a_restart_does_not_forget(void **state)
{
    static const struct {
        enum code_kind kind;
        unsigned number;
        bool expected;
    } steps[] = {{CODE_START, 1, true}, {CODE_START, 1, false}, {CODE_RESUME, 1, true}, {CODE_RESUME, 1, false},
        {CODE_RESUME, 3, true}, {CODE_RESUME, 2, false}, {CODE_RESUME, 4, true}, {CODE_ROOM, 1, true},
        {CODE_ROOM, 1, false}, {CODE_START, 1, false}};
    struct fixture *fixture = *state;

    (void)remember(fixture->memory);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct memory *memory = memory_load(FOLDER, &err);

        assert_non_null(memory);
        assert_int_equal(
            memory_use_code(memory, memory_find(memory, ID), steps[i].kind, steps[i].number, &err),
            steps[i].expected);
        memory_free(memory);
    }
}

static void handover_gives_the_same_session_to_the_next_screen_process(void **state)
{
    struct fixture *fixture = *state;
    struct sitting *sitting = begin(fixture);
    struct sitting_parts restored = {.clock = &fake_clock, .disk = &fake_disk, .seat = fixture->seat};
    int keys = sitting_keys_memory(sitting, &err), package = sitting_package_memory(sitting, &err);

    if (keys < 0 || package < 0)
        fail_msg("%s", err.text);
    assert_int_equal(write(keys, "x", 1), -1); /* sealed */
    if (!sitting_parts_restore(keys, package, &restored, &err))
        fail_msg("%s", err.text);
    assert_string_equal(restored.ticket->session, SESSION);
    assert_int_equal(restored.exam->item_count, sitting->exam->item_count);
    assert_true(secret_equal(restored.keys.session_key, secret_bytes(fixture->session_key)));
    sitting_parts_release(&restored);
    (void)close(keys);
    (void)close(package);
    sitting_free(sitting);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(session_begins_with_its_form_and_no_exam_time),
        TEST(restart_of_the_screen_keeps_answers_and_charges_time_to_the_millisecond),
        TEST(resume_after_the_guard_was_gone_charges_one_second),
        TEST(gap_over_15_minutes_goes_on_by_two_members_of_staff_only),
        TEST(limit_ends_the_exam_and_no_record_is_behind_it),
        TEST(failed_write_is_said_and_made_up_for),
        TEST(disk_that_fails_for_long_is_made_up_for_when_it_is_well),
        TEST(answer_that_could_not_be_saved_by_the_limit_does_not_keep_the_exam_open),
        TEST(session_stopped_while_it_began_begins_again),
        TEST(seat_without_room_refuses_and_leaves_nothing_behind),
        TEST(start_code_is_used_up_when_something_was_shown),
        TEST(clock_that_is_wrong_is_not_the_seats_now),
        TEST(heartbeat_is_due_within_800_ms_of_the_last_record),
        TEST(sealed_result_opens_for_intake_and_folds_to_the_same_answers),
        TEST(session_nobody_ended_goes_out_as_a_journal_after_its_window),
        TEST(session_runs_on_while_its_window_closes),
        TEST(noted_as_stored_but_never_in_the_spool_is_a_journal_again),
        TEST(sealed_by_a_process_that_died_is_not_opened_again),
        TEST(stopped_as_it_began_it_begins_again_and_leaves_no_file),
        TEST(no_code_opens_what_went_out),
        TEST(received_is_remembered_while_its_window_is_open),
        TEST(codes_are_taken_once_and_in_order_and_a_restart_does_not_forget),
        TEST(handover_gives_the_same_session_to_the_next_screen_process),
    };
    int failed;

    pki_init(&pki, "pki");
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pki_release(&pki);
    return failed;
}
