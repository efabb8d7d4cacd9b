#include "kiosk/sync/round.h"

struct round round_begin(void)
{
    return (struct round){.wait_ms = ROUND_WAIT_INTERVAL};
}

bool round_trouble(struct round *round, const struct error *err)
{
    if (round->trouble.code == ERROR_NONE)
        round->trouble = *err;
    return false;
}

/* Any other refusal is about one object; the next one may well be taken. */
static bool concerns_all(int status)
{
    return status == 0 || status == 401 || status == 429 || status >= 500;
}

bool round_note(struct round *round, bool ok, const struct reply *reply, const struct error *err)
{
    if (reply->status != 0)
        round->was_reached = true;
    if (ok)
        return true;
    if (concerns_all(reply->status))
        round->must_back_off = true;
    if (reply->retry_after_s > round->retry_after_s)
        round->retry_after_s = reply->retry_after_s;
    return round_trouble(round, err);
}

void round_due_in(struct round *round, int64_t ms)
{
    if (ms < round->wait_ms)
        round->wait_ms = ms;
}
