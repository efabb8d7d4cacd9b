#include "kiosk/guard/restarts.h"

bool restarts_add(struct restarts *restarts, int64_t now_ms)
{
    const int64_t *oldest;

    restarts->failed_ms[restarts->total++ % RESTARTS_MAX] = now_ms;
    oldest = &restarts->failed_ms[restarts->total % RESTARTS_MAX];
    return restarts->total >= RESTARTS_MAX && now_ms - *oldest < RESTARTS_WINDOW_MS;
}
