/* Whatever a zip says of itself, no more comes out than was allowed, under names that lead nowhere else. */
#include <stdlib.h>
#include <string.h>

#include "core/archive.h"
#include "tests/fuzz/fuzz.h"

enum { FILES_MAX = 20, UNZIPPED_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct archive_limits limits = {FILES_MAX, UNZIPPED_MAX};
    struct archive *archive = archive_open(bytes_of(data, size), limits, NULL);
    size_t total = 0;

    if (archive == NULL)
        return 0;
    if (archive_count(archive) > FILES_MAX)
        abort();
    for (size_t i = 0; i < archive_count(archive); i++) {
        const char *name = archive_name(archive, i);
        struct buffer content = {.max = UNZIPPED_MAX};
        if (name[0] == '/' || name[0] == '.' || strstr(name, "/.") != NULL)
            abort();
        if (archive_read(archive, name, &content, NULL))
            total += content.len;
        buffer_release(&content);
    }
    if (total > UNZIPPED_MAX)
        abort();
    archive_free(archive);
    return 0;
}
