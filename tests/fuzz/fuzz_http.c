/* A stream of requests as the server cuts it: head, body, head… Where a head is taken, a second reader,
 * written here in the dullest way, finds its end and its body's length in the same place: nobody before the
 * server can have seen another. Then target, query and ranges of every request are read too. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/encoding.h"
#include "server/http/head.h"
#include "server/http/range.h"
#include "server/http/target.h"
#include "tests/fuzz/fuzz.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* The one Content-Length of a head as bytes, by its lines; −1: none. Aborts on whatever makes that unclear.
 */
static int64_t length_by_lines(const char *text, size_t len)
{
    int64_t length = -1;
    for (size_t at = 0; at < len;) {
        const char *line = text + at;
        const char *end = memchr(line, '\n', len - at);
        must(end != NULL && end > line && end[-1] == '\r');
        size_t line_len = (size_t)(end - line) - 1;
        must(memchr(line, '\r', line_len) == NULL && memchr(line, '\0', line_len) == NULL);
        must(line_len == 0 || (line[0] != ' ' && line[0] != '\t'));
        must(line_len < 18 || strncasecmp(line, "transfer-encoding:", 18) != 0);
        if (line_len >= 15 && strncasecmp(line, "content-length:", 15) == 0) {
            must(length == -1);
            length = 0;
            for (size_t i = 15; i < line_len; i++) {
                if (line[i] == ' ' || line[i] == '\t')
                    continue;
                must(line[i] >= '0' && line[i] <= '9' && length < INT64_MAX / 10 - 9);
                length = length * 10 + (line[i] - '0');
            }
        }
        at += line_len + 2;
    }
    return length;
}

static void read_target(const struct head *head)
{
    static const char *const patterns[] = {
        "/", "/v1/catalog", "/v1/tickets/{ID}", "/v1/seats/{name}/revoke", "/v1/exams/{id}/{exam|open|key}"};
    struct target_parameters found;
    char value[TARGET_TEXT_SIZE];
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (!target_match(patterns[i], head->path, &found))
            continue;
        for (size_t p = 0; p < found.count; p++)
            must(found.values[p][0] != '\0' && strchr(found.values[p], '/') == NULL &&
                 strcmp(found.values[p], "..") != 0);
    }
    (void)target_query(head->query, "after", value);
}

static void read_ranges(const struct head *head)
{
    static const int64_t sizes[] = {0, 1, 1000, INT64_C(1) << 40};
    struct range range;
    int64_t total;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (range_of(head_field(head, "range"), sizes[i], &range) == RANGE_PART)
            must(range.first >= 0 && range.length > 0 && range.first <= sizes[i] - range.length);
    if (content_range_parse(head_field(head, "content-range"), &range, &total))
        must(range.first >= 0 && range.length > 0 && range.first <= total - range.length);
}

/* One request; the bytes it takes, 0 where the connection ends. */
static size_t read_request(const uint8_t *data, size_t size)
{
    struct head head = {0};
    struct error err = {ERROR_NONE, ""};
    int status = 0;
    size_t length = head_length(bytes_of(data, size));
    must(length <= size);
    if (length == 0)
        return 0;
    if (!head_parse(bytes_of(data, length), &head, &status, &err)) {
        must(status >= 400 && status < 600 && err.text[0] != '\0' && head.text == NULL);
        return 0;
    }
    int64_t said = length_by_lines((const char *)data, length);
    must(head.body_bytes == (said < 0 ? 0 : said));
    must(head_field(&head, "host") != NULL && head.path[0] == '/');
    read_target(&head);
    read_ranges(&head);
    bool is_whole = (uint64_t)head.body_bytes <= size - length;
    size_t taken = is_whole ? length + (size_t)head.body_bytes : 0;
    head_release(&head);
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t taken;
    while (size > 0 && (taken = read_request(data, size)) != 0) {
        data += taken;
        size -= taken;
    }
    return 0;
}
