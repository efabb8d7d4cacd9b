/* Every cell of the session's table, and what must hold of the table as a whole. */
#include "kiosk/session/session.h"

#include <string.h>

#include "core/identifier.h"
#include "tests/unit/example.h"

/* What follows what, state by state, as a proctor would tell it; what isn't here doesn't belong there. */
static const char *const table[SESSION_STATES] = {
    [SESSION_REFUSED] = "",
    [SESSION_WAITING] = "admission check-in, unfinished resume, failure failed",
    [SESSION_CHECK_IN] = "confirmed start, back waiting, failure failed",
    [SESSION_START] = "code starting, back check-in",
    [SESSION_STARTING] = "wrong-code start, opened agreement, failure failed",
    [SESSION_RESUME] = "code resuming, back waiting",
    [SESSION_RESUMING] = "wrong-code resume, damage damaged, reopened gap, failure failed",
    [SESSION_GAP] = "back waiting, failure failed",
    [SESSION_DAMAGED] = "code resuming, back waiting",
    [SESSION_FAILED] = "back waiting",
    [SESSION_AGREEMENT] =
        "empty tutorial, agreed tutorial, declined sealing, time-up sealing, staff-end sealing",
    [SESSION_TUTORIAL] = "empty question, continue question, staff-end sealing",
    [SESSION_QUESTION] =
        "question question, review review, finish confirm, time-up sealing, staff-end sealing",
    [SESSION_REVIEW] = "question question, review review, finish confirm, time-up sealing, staff-end sealing",
    [SESSION_CONFIRM] = "back review, question question, submit survey, time-up sealing, staff-end sealing",
    [SESSION_SURVEY] = "empty sealing, continue sealing, time-up survey, staff-end sealing",
    [SESSION_SEALING] = "time-up sealing, sealed stored",
    [SESSION_STORED] = "receipt received, release waiting",
    [SESSION_RECEIVED] = "receipt received, release waiting",
};

/* The state that the row names for this event. */
static const char *told(const char *row, const char *event)
{
    static char state[32];
    const size_t len = strlen(event);

    for (const char *at = row; at != NULL; at = strchr(at, ',')) {
        at += strspn(at, ", ");
        if (strncmp(at, event, len) != 0 || at[len] != ' ')
            continue;
        (void)snprintf(state, sizeof state, "%.*s", (int)strcspn(at + len + 1, ","), at + len + 1);
        return state;
    }
    return "refused";
}

static void session_table_is_as_told(void **state)
{
    (void)state;
    for (int from = 0; from < SESSION_STATES; from++)
        for (int event = 0; event < SESSION_EVENTS; event++) {
            const char *next =
                session_state_name(session_next((enum session_state)from, (enum session_event)event));
            const char *expected = told(table[from], session_event_name((enum session_event)event));
            if (strcmp(next, expected) != 0)
                fail_msg("%s, %s: %s, told %s", session_state_name((enum session_state)from),
                    session_event_name((enum session_event)event), next, expected);
        }
}

/* Marks what can be reached from `from` without the event. */
static void reach(enum session_state from, enum session_event without, bool reached[SESSION_STATES])
{
    reached[from] = true;
    for (int event = 0; event < SESSION_EVENTS; event++) {
        const enum session_state next = session_next(from, (enum session_event)event);
        if ((enum session_event)event != without && next != SESSION_REFUSED && !reached[next])
            reach(next, without, reached);
    }
}

static void session_reaches_every_state(void **state)
{
    bool reached[SESSION_STATES] = {false};

    (void)state;
    reach(SESSION_WAITING, SESSION_EVENTS, reached);
    for (int i = SESSION_WAITING; i < SESSION_STATES; i++) {
        bool back[SESSION_STATES] = {false};
        assert_true(reached[i]);
        reach((enum session_state)i, SESSION_EVENTS, back);
        /* an old session goes on where its journal says */
        assert_true(back[SESSION_WAITING]);
    }
}

static void session_shows_content_by_a_code_only(void **state)
{
    bool reached[SESSION_STATES] = {false};

    (void)state;
    reach(SESSION_WAITING, EVENT_CODE, reached);
    for (int i = 0; i < SESSION_STATES; i++)
        assert_false(reached[i] && (session_shows_content((enum session_state)i) || i == SESSION_AGREEMENT));
}

static void session_with_content_ends_by_a_sealed_result_only(void **state)
{
    (void)state;
    for (int i = 0; i < SESSION_STATES; i++) {
        bool reached[SESSION_STATES] = {false};
        if (!session_shows_content((enum session_state)i))
            continue;
        reach((enum session_state)i, EVENT_SEALED, reached);
        assert_false(reached[SESSION_WAITING] || reached[SESSION_START] || reached[SESSION_AGREEMENT]);
        assert_int_equal(session_next((enum session_state)i, EVENT_TIME_UP), SESSION_SEALING);
        assert_int_equal(session_next((enum session_state)i, EVENT_STAFF_END), SESSION_SEALING);
    }
}

static void session_goes_on_where_its_attempt_stands(void **state)
{
    static const struct {
        enum phase phase;
        size_t position;
        enum session_state expected;
    } cases[] = {
        {PHASE_AGREEMENT, 0, SESSION_AGREEMENT},
        {PHASE_TUTORIAL, 0, SESSION_TUTORIAL},
        {PHASE_EXAM, 0, SESSION_QUESTION},
        {PHASE_EXAM, 2, SESSION_QUESTION},
        {PHASE_EXAM, 3, SESSION_REVIEW},
        {PHASE_SURVEY, 3, SESSION_SURVEY},
        {PHASE_ENDED, 0, SESSION_SEALING},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct attempt attempt = {
            .item_count = 3, .phase = cases[i].phase, .position = cases[i].position, .has_phase = true};
        assert_int_equal(session_of_attempt(&attempt), cases[i].expected);
    }
}

static void session_names_are_those_of_a_status(void **state)
{
    (void)state;
    for (int i = 0; i < SESSION_STATES; i++)
        assert_true(identifier_valid(session_state_name((enum session_state)i)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(session_table_is_as_told),
        cmocka_unit_test(session_reaches_every_state),
        cmocka_unit_test(session_shows_content_by_a_code_only),
        cmocka_unit_test(session_with_content_ends_by_a_sealed_result_only),
        cmocka_unit_test(session_goes_on_where_its_attempt_stands),
        cmocka_unit_test(session_names_are_those_of_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
