#include "kiosk/sync/backoff.h"

int64_t backoff_delay_ms(unsigned failures, int64_t retry_after_s, uint64_t random)
{
    int64_t window = BACKOFF_FIRST_MS;

    for (unsigned i = 1; i < failures && window < BACKOFF_CAP_MS; i++)
        window *= 2;
    if (window > BACKOFF_CAP_MS)
        window = BACKOFF_CAP_MS;
    return retry_after_s * 1000 + (int64_t)(random % (uint64_t)(window + 1));
}
