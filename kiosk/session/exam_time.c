#include "kiosk/session/exam_time.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS };

static const int64_t warning_left_ms[WARNINGS] = {
    [WARNING_FIVE_MINUTES] = 5 * MINUTE_MS,
    [WARNING_ONE_MINUTE] = MINUTE_MS,
};

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct exam_time exam_time_of(const struct attempt *attempt)
{
    return (struct exam_time){.exam_ms = attempt_exam_ms(attempt, attempt->last_boot_ms),
        .boot_ms = attempt->last_boot_ms,
        .is_running = attempt_is_running(attempt),
        .limit_ms = attempt->max_time_ms};
}

int64_t exam_time_used(const struct exam_time *time, int64_t now_ms)
{
    const int64_t since = time->is_running ? later(now_ms - time->boot_ms, 0) : 0;

    return earlier(time->exam_ms + since, time->limit_ms);
}

int64_t exam_time_left(const struct exam_time *time, int64_t now_ms)
{
    return time->limit_ms - exam_time_used(time, now_ms);
}

bool exam_time_is_up(const struct exam_time *time, int64_t now_ms)
{
    return exam_time_left(time, now_ms) == 0;
}

enum exam_time_warning exam_time_warning(const struct exam_time *time, int64_t now_ms)
{
    const int64_t left = exam_time_left(time, now_ms);

    if (left == 0)
        return WARNING_UP;
    for (int warning = WARNING_ONE_MINUTE; warning > WARNING_NONE; warning--)
        if (left <= warning_left_ms[warning] && time->limit_ms > warning_left_ms[warning])
            return (enum exam_time_warning)warning;
    return WARNING_NONE;
}

int64_t exam_time_shown_s(const struct exam_time *time, int64_t now_ms)
{
    return (exam_time_left(time, now_ms) + SECOND_MS - 1) / SECOND_MS;
}

int64_t exam_time_beat_ms(const struct exam_time *time, int64_t saved_ms)
{
    return saved_ms + (time->is_running ? EXAM_TIME_BEAT_MS : EXAM_TIME_IDLE_BEAT_MS);
}

/* Every warning and the end fall on a whole second of the time left, so the next second covers them. */
int64_t exam_time_next_ms(const struct exam_time *time, int64_t now_ms, int64_t saved_ms)
{
    const int64_t left = exam_time_left(time, now_ms);
    int64_t next = exam_time_beat_ms(time, saved_ms);

    if (time->is_running)
        next = earlier(next, left == 0 ? now_ms : now_ms + (left - 1) % SECOND_MS + 1);
    return later(next, now_ms);
}

/* --- pace --------------------------------------------------------------------------------------------------- */

static int64_t credit_now(const struct pace *pace, int64_t now_ms)
{
    return earlier(pace->credit_ms + later(now_ms - pace->boot_ms, 0), (int64_t)PACE_BURST * PACE_REFILL_MS);
}

struct pace pace_begin(int64_t now_ms)
{
    return (struct pace){.credit_ms = (int64_t)PACE_BURST * PACE_REFILL_MS, .boot_ms = now_ms};
}

int64_t pace_wait_ms(const struct pace *pace, int64_t now_ms, int64_t saved_ms)
{
    if (credit_now(pace, now_ms) >= PACE_REFILL_MS)
        return 0;
    return later(saved_ms + EXAM_TIME_BEAT_MS - now_ms, 0);
}

void pace_spend(struct pace *pace, int64_t now_ms)
{
    *pace = (struct pace){.credit_ms = later(credit_now(pace, now_ms) - PACE_REFILL_MS, 0), .boot_ms = now_ms};
}
