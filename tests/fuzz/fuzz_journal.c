/* A journal's files, read twice: as they come, and as edits to the example, which is encrypted: then what is
 * given back is the beginning of the example's records, and nothing else.
 *
 * An edit is three bytes: where (two), and what is added to the byte there. */
#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/file.h"
#include "core/journal.h"
#include "core/json.h"
#include "tests/fuzz/fuzz.h"

static struct {
    bool is_loaded;
    char id[64];
    struct secret *key;
    struct buffer files;
    struct buffer records; /* of the unchanged example, one a line */
} example;

static bool add_line(void *context, struct bytes record, struct error *err)
{
    (void)err;
    return buffer_add_bytes(context, record) && buffer_add_text(context, "\n");
}

static void read_into(struct bytes files, struct buffer *records, enum journal_end *end)
{
    (void)journal_read(files, example.key, example.id, add_line, records, end, NULL); /* refused is fine */
}

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void load_files(const char *hex)
{
    const size_t len = strlen(hex) / 2;
    uint8_t *room = buffer_extend(&example.files, len);

    must(room != NULL && hex_decode(hex, room, len));
}

static void load_example(void)
{
    struct buffer text = {.max = 1 << 16};
    struct json *json;
    struct json_reader reader;
    struct arena arena = {.max = 1 << 16};
    enum journal_end end = JOURNAL_DAMAGED;

    must(file_read(CARREL_SOURCE_DIR "/docs/formats/examples/journal.json", &text, NULL));
    json = json_parse(buffer_bytes(&text), NULL);
    reader = json_reader(json, "example", NULL);
    example.key = secret_new(KEY_BYTES, NULL);
    must(example.key != NULL);
    json_get_hex(&reader, "session_key", secret_data(example.key), KEY_BYTES);
    json_get_text(&reader, "id", example.id, sizeof example.id);
    example.files.max = 1 << 16;
    example.records.max = 1 << 16;
    load_files(json_get_string(&reader, "files", &arena, 1 << 15));
    must(!reader.failed);
    read_into(buffer_bytes(&example.files), &example.records, &end);
    must(end == JOURNAL_CLEAN && example.records.len > 0);
    arena_release(&arena);
    json_free(json);
    buffer_release(&text);
    example.is_loaded = true;
}

static bool is_beginning(struct bytes records, struct bytes whole)
{
    return records.len <= whole.len &&
           (records.len == 0 || memcmp(records.data, whole.data, records.len) == 0);
}

static void check(struct bytes files)
{
    struct buffer records = {.max = 1 << 16};
    enum journal_end end = JOURNAL_DAMAGED;

    read_into(files, &records, &end);
    must(is_beginning(buffer_bytes(&records), buffer_bytes(&example.records)) ||
         is_beginning(buffer_bytes(&records), bytes_of_text("one\ntwo\nthree\nnever synced\n")));
    buffer_release(&records);
}

static void check_edited(const uint8_t *data, size_t size)
{
    struct buffer files = {.max = 1 << 16};

    must(buffer_add_bytes(&files, buffer_bytes(&example.files)));
    for (size_t i = 0; i + 3 <= size && i < 300; i += 3)
        files.data[((size_t)data[i] << 8 | data[i + 1]) % files.len] += data[i + 2];
    check(buffer_bytes(&files));
    buffer_release(&files);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!example.is_loaded)
        load_example();
    check(bytes_of(data, size));
    check_edited(data, size);
    return 0;
}
