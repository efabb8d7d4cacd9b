#include "server/judge.h"

#include <stdarg.h>

static bool hold(struct judgement *judgement, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Always false: the first reason to hold ends the judging. */
static bool hold(struct judgement *judgement, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    judgement->standing = STANDING_HELD;
    vsnprintf(judgement->reason, sizeof judgement->reason, format, values);
    va_end(values);
    return false;
}

/* Where it stands among the session's others, and who signed it. */
static bool check_place(const struct evidence *evidence, struct judgement *judgement)
{
    if (evidence->is_journal)
        return hold(judgement, "unfinished: the session was not ended by the close of its window%s%s",
            evidence->unreadable == NULL ? "" : "; ",
            evidence->unreadable == NULL ? "" : evidence->unreadable);
    if (evidence->unreadable != NULL)
        return hold(judgement, "the records don't follow: %s", evidence->unreadable);
    if (evidence->session->is_replaced)
        return hold(judgement, "another admission has taken the place of this one");
    if (evidence->epoch < evidence->session->epoch)
        return hold(judgement, "epoch %u: the session was moved on to epoch %u", evidence->epoch,
            evidence->session->epoch);
    if (evidence->certificate_fault != NULL)
        return hold(judgement, "the seat's certificate: %s", evidence->certificate_fault);
    return true;
}

static bool check_end(const struct attempt *attempt, struct judgement *judgement)
{
    if (!attempt->has_ended)
        return hold(judgement, "it has no end");
    switch (attempt->end) {
    case END_DECLINED: return hold(judgement, "the candidate declined the agreement");
    case END_STAFF: return hold(judgement, "ended by staff");
    case END_SUBMITTED:
    case END_TIME:
    case END_WINDOW: return true;
    case END_REASONS: break;
    }
    return hold(judgement, "it ended in a way this program doesn't know");
}

/* The transcript says of the session what the ticket said. */
static bool check_ticket(const struct evidence *evidence, struct judgement *judgement)
{
    const struct attempt *attempt = evidence->attempt;
    const struct session_row *session = evidence->session;
    const struct exam_facts *facts = &evidence->exam->facts;
    if (strcmp(attempt->admission, session->admission) != 0 ||
        strcmp(attempt->candidate_id, session->candidate_id) != 0)
        return hold(judgement, "it is of another candidate than its ticket");
    if (strcmp(attempt->center, session->center) != 0)
        return hold(judgement, "it is of another center than its ticket");
    if (strcmp(attempt->package_id, session->package_id) != 0 ||
        !digest_equal(&attempt->package, &facts->package_digest))
        return hold(judgement, "it is of another exam package than its ticket");
    if (attempt->max_time_ms != session->max_time_ms)
        return hold(judgement, "its time limit is not the ticket's");
    if (attempt->item_count != session->item_count)
        return hold(judgement, "its form has %zu items, the ticket's has %u", attempt->item_count,
            session->item_count);
    if (attempt->content != facts->content)
        return hold(judgement, "it says the exam's bank is of another kind");
    if (attempt->lock == LOCK_NONE && facts->content != CONTENT_PUBLIC)
        return hold(judgement, "it was taken without a lock");
    return true;
}

static bool compute(const struct evidence *evidence, struct judgement *judgement)
{
    static const size_t response_size = sizeof(struct item_response);
    struct error err = {ERROR_NONE, ""};
    if (evidence->key == NULL && evidence->key_fault != NULL)
        return hold(judgement, "the scoring key: %s", evidence->key_fault);
    if (evidence->key == NULL)
        return false; /* received: judged elsewhere */
    struct item_response *responses = calloc(evidence->attempt->item_count + 1, response_size);
    if (responses == NULL)
        return false;
    attempt_responses(evidence->attempt, responses);
    bool ok = score_compute(evidence->key, responses, evidence->attempt->item_count, &judgement->score, &err);
    free(responses);
    return ok || hold(judgement, "it can't be scored: %s", err.text);
}

void judge(const struct evidence *evidence, struct judgement *judgement)
{
    *judgement = (struct judgement){.standing = STANDING_RECEIVED};
    if (check_place(evidence, judgement) && check_end(evidence->attempt, judgement) &&
        check_ticket(evidence, judgement) && compute(evidence, judgement))
        judgement->standing = STANDING_SCORED;
}

/* --- what it changes -------------------------------------------------------------------------- */

#define COPY(to, from) snprintf(to, sizeof to, "%s", from)

/* The session's standing is about the arrival from now on. */
static void take_over(const struct arrival *arrival, struct decision *decision)
{
    const struct judgement *judgement = arrival->judgement;
    struct session_row *session = &decision->session;
    session->standing = decision->standing;
    COPY(session->reason, decision->reason);
    session->result_epoch = arrival->epoch;
    session->is_journal = arrival->is_journal;
    session->transcript = arrival->transcript;
    COPY(session->receipt_code, arrival->receipt_code);
    session->taken_ms = arrival->taken_ms;
    bool is_scored = decision->standing == STANDING_SCORED;
    session->passed = is_scored && judgement->score.passed;
    session->points = is_scored ? judgement->score.points : 0;
    session->maximum = is_scored ? judgement->score.maximum : 0;
    session->scaled = is_scored ? judgement->score.scaled : 0;
}

/* Is there a result, no journal, of this epoch or a later one? */
static bool has_result(const struct session_row *session, unsigned epoch)
{
    return session->result_epoch >= epoch && !session->is_journal;
}

static void hold_both(struct decision *decision)
{
    static const char reason[] = "two results with the same epoch: neither is scored until a person decides";
    decision->standing = STANDING_HELD;
    COPY(decision->reason, reason);
    decision->session.standing = STANDING_HELD; /* a score already given is put on hold */
    COPY(decision->session.reason, reason);
    decision->holds_others = true;
}

void decide(const struct session_row *before, const struct arrival *arrival, struct decision *decision)
{
    *decision = (struct decision){.session = *before, .standing = arrival->judgement->standing};
    COPY(decision->reason, arrival->judgement->reason);
    bool is_beaten = before->result_epoch > arrival->epoch;
    bool is_second = before->result_epoch == arrival->epoch && has_result(before, arrival->epoch);
    if (is_second && !arrival->is_journal)
        hold_both(decision);
    else if (!is_beaten && !is_second)
        take_over(arrival, decision);
}
