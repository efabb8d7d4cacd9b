/* What is read is written in one form, and that form is read as the same. */
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/limits.h"
#include "tests/fuzz/fuzz.h"

static void read_members(const struct json *value)
{
    struct json_reader reader = json_reader(value, "input", NULL);
    struct arena arena = {.max = 1 << 16};
    uint8_t hex[4];
    char text[8];

    json_get_text(&reader, "text", text, sizeof text);
    (void)json_get_string(&reader, "string", &arena, 16);
    (void)json_get_int(&reader, "int", -5, 5);
    (void)json_get_bool(&reader, "bool");
    (void)json_get_time(&reader, "time");
    json_get_hex(&reader, "hex", hex, sizeof hex);
    (void)json_count(json_get_array(&reader, "array", 3));
    (void)json_done(&reader);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json *value = json_parse(bytes_of(data, size), NULL), *again;
    struct buffer first = {.max = 8 * size + 64}, second = {.max = 8 * size + 64};

    if (value == NULL)
        return 0;
    read_members(value);
    if (!json_write(value, &first, NULL))
        abort();
    again = json_parse(buffer_bytes(&first), NULL);
    if (again == NULL || !json_write(again, &second, NULL) ||
        !bytes_equal(buffer_bytes(&first), buffer_bytes(&second)))
        abort();
    json_free(again);
    json_free(value);
    buffer_release(&first);
    buffer_release(&second);
    return 0;
}
