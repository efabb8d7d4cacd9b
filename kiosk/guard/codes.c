#include "kiosk/guard/codes.h"

static void count_wrong(struct codes *codes, int64_t now_ms)
{
    if (++codes->wrong < CODES_TRIES)
        return;
    codes->wrong = 0;
    codes->pause_ms = codes->pause_ms == 0 ? CODES_PAUSE_MS : codes->pause_ms * 2;
    if (codes->pause_ms > CODES_PAUSE_MAX_MS)
        codes->pause_ms = CODES_PAUSE_MAX_MS;
    codes->paused_till = now_ms + codes->pause_ms;
}

int64_t codes_wait(const struct codes *codes, int64_t now_ms)
{
    return codes->paused_till > now_ms ? codes->paused_till - now_ms : 0;
}

bool codes_try(struct codes *codes, int64_t now_ms)
{
    codes_abandon(codes, now_ms);
    if (codes_wait(codes, now_ms) > 0)
        return false;
    codes->is_trying = true;
    return true;
}

bool codes_report(struct codes *codes, bool is_right, int64_t now_ms)
{
    if (!codes->is_trying)
        return false;
    codes->is_trying = false;
    if (is_right)
        *codes = (struct codes){0};
    else
        count_wrong(codes, now_ms);
    return true;
}

void codes_abandon(struct codes *codes, int64_t now_ms)
{
    (void)codes_report(codes, false, now_ms); /* no open try: nothing to count */
}
