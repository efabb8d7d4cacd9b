/* exam_time.h: what the seat does about exam time: when the next beat, warning or second is due.
 *
 * The rule of exam time itself is the fold's (core/attempt.h). Here it is an anchor taken from the last record: at
 * boot_ms it was exam_ms, and it runs or stands since. All of it is arithmetic on CLOCK_BOOTTIME in ms. */
#ifndef CARREL_KIOSK_EXAM_TIME_H
#define CARREL_KIOSK_EXAM_TIME_H

#include "core/attempt.h"

#define EXAM_TIME_BEAT_MS 800    /* a record at least this often while exam time runs; the guard covers at 1000 */
#define EXAM_TIME_IDLE_BEAT_MS 60000 /* while it stands: agreement, tutorial, survey, covered by staff */

struct exam_time {
    int64_t exam_ms, boot_ms;
    bool is_running;
    int64_t limit_ms;
};

struct exam_time exam_time_of(const struct attempt *attempt);
int64_t exam_time_used(const struct exam_time *time, int64_t now_ms); /* at most limit_ms */
int64_t exam_time_left(const struct exam_time *time, int64_t now_ms);
bool exam_time_is_up(const struct exam_time *time, int64_t now_ms);

/* What the time left asks for, once each; for an exam shorter than the warning it isn't given. */
enum exam_time_warning { WARNING_NONE, WARNING_FIVE_MINUTES, WARNING_ONE_MINUTE, WARNING_UP, WARNINGS };
enum exam_time_warning exam_time_warning(const struct exam_time *time, int64_t now_ms);

/* Whole seconds as shown: rounded up, so that 0:00 is shown at the end and not a second before it. */
int64_t exam_time_shown_s(const struct exam_time *time, int64_t now_ms);

/* CLOCK_BOOTTIME at which a beat is due when the last synced record was at saved_ms, and at which anything is: a beat,
 * another second to show, a warning, the end. Never in the past of now_ms. */
int64_t exam_time_beat_ms(const struct exam_time *time, int64_t saved_ms);
int64_t exam_time_next_ms(const struct exam_time *time, int64_t now_ms, int64_t saved_ms);

/* How fast a candidate's acts are written. A journal has room for a bounded number of records; a stuck key must not
 * fill it. The first PACE_BURST acts go through at once, one more is gained every PACE_REFILL_MS, and when all are used an
 * act takes the place of the next beat: it waits EXAM_TIME_BEAT_MS since the last record, then is written. */
#define PACE_BURST 500
#define PACE_REFILL_MS 10000

struct pace {
    int64_t credit_ms; /* acts left × PACE_REFILL_MS */
    int64_t boot_ms;   /* when that was so */
};

struct pace pace_begin(int64_t now_ms);
/* How long an act of the candidate must wait, 0: write it now (and then call pace_spend). */
int64_t pace_wait_ms(const struct pace *pace, int64_t now_ms, int64_t saved_ms);
void pace_spend(struct pace *pace, int64_t now_ms);

#endif
