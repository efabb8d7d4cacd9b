/* range.h: parts of a file, asked for (Range) and sent (Content-Range), RFC 9110 section 14. */
#ifndef CARREL_SERVER_HTTP_RANGE_H
#define CARREL_SERVER_HTTP_RANGE_H

#include <stdbool.h>
#include <stdint.h>

struct range {
    int64_t first, length;
};

enum range_answer {
    RANGE_WHOLE, /* no Range, or one we don't serve (another unit, several parts): the whole with 200 */
    RANGE_PART,  /* 206 */
    RANGE_NONE,  /* outside of the file: 416 */
};

/* value: of the Range field, NULL without one. range is the part to send, for RANGE_WHOLE all of size. */
enum range_answer range_of(const char *value, int64_t size, struct range *range);

/* "bytes FIRST-LAST/TOTAL" of a part that is sent. False if it is anything else. */
bool content_range_parse(const char *value, struct range *range, int64_t *total);

#endif
