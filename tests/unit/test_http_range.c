#include "server/http/range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct asked {
    const char *value;
    int64_t size;
    enum range_answer answer;
    int64_t first, length;
};

static const struct asked asked[] = {
    {NULL, 10, RANGE_WHOLE, 0, 10},
    {"bytes=0-", 10, RANGE_PART, 0, 10},
    {"bytes=3-", 10, RANGE_PART, 3, 7},
    {"bytes=3-3", 10, RANGE_PART, 3, 1},
    {"bytes=3-99", 10, RANGE_PART, 3, 7},
    {"bytes=9-", 10, RANGE_PART, 9, 1},
    {"bytes=10-", 10, RANGE_NONE, 0, 10},
    {"bytes=99-100", 10, RANGE_NONE, 0, 10},
    {"bytes=-4", 10, RANGE_PART, 6, 4},
    {"bytes=-99", 10, RANGE_PART, 0, 10},
    {"bytes=-0", 10, RANGE_NONE, 0, 10},
    {"bytes=0-", 0, RANGE_NONE, 0, 0},
    {"bytes=-1", 0, RANGE_NONE, 0, 0},
    {"bytes=0-9223372036854775807", 10, RANGE_PART, 0, 10},
    {"bytes=5-4", 10, RANGE_WHOLE, 0, 10},
    {"bytes=0-1,3-4", 10, RANGE_WHOLE, 0, 10},
    {"bytes=", 10, RANGE_WHOLE, 0, 10},
    {"bytes=-", 10, RANGE_WHOLE, 0, 10},
    {"bytes= 0-1", 10, RANGE_WHOLE, 0, 10},
    {"bytes=a-b", 10, RANGE_WHOLE, 0, 10},
    {"bytes=99999999999999999999-", 10, RANGE_WHOLE, 0, 10},
    {"items=0-1", 10, RANGE_WHOLE, 0, 10},
};

static void range_is_one_part_or_the_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct range range = {-1, -1};
        enum range_answer answer = range_of(asked[i].value, asked[i].size, &range);
        if (answer != asked[i].answer || range.first != asked[i].first || range.length != asked[i].length)
            fail_msg("%s of %lld: %d, %lld+%lld", asked[i].value, (long long)asked[i].size, (int)answer,
                (long long)range.first, (long long)range.length);
    }
}

static void content_range_is_exact(void **state)
{
    (void)state;
    struct range range;
    int64_t total;
    assert_true(content_range_parse("bytes 5-9/10", &range, &total));
    assert_int_equal(range.first, 5);
    assert_int_equal(range.length, 5);
    assert_int_equal(total, 10);
    static const char *const bad[] = {"bytes 5-10/10", "bytes 5-4/10", "bytes 0-9/*", "bytes */10",
        "bytes=0-9/10", "bytes 0-9/10 ", "bytes  0-9/10", "bytes 0-9", "0-9/10", "bytes -1-9/10", "",
        "bytes 0-9/9999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (content_range_parse(bad[i], &range, &total))
            fail_msg("%s: taken", bad[i]);
    assert_false(content_range_parse(NULL, &range, &total));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_is_one_part_or_the_whole),
        cmocka_unit_test(content_range_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
