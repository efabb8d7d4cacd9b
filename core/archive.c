#include "core/archive.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { NAME_BYTES_MAX = 200, DEFLATE_LEVEL = 9 };

struct archive {
    zip_t *zip;
};

static bool set_zip_error(struct error *err, const char *what, const char *reason)
{
    return error_set(err, ERROR_FORMAT, "%s: %s", what, reason);
}

/* --- names ---------------------------------------------------------------------------------------------- */

static bool name_is_safe(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    const size_t len = strlen(name);

    if (len == 0 || len > NAME_BYTES_MAX || strspn(name, allowed) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const bool begins_part = i == 0 || name[i - 1] == '/';
        if (begins_part && (name[i] == '.' || name[i] == '/'))
            return false;
    }
    return name[len - 1] != '/';
}

/* --- writing -------------------------------------------------------------------------------------------- */

/* Every field that a clock or a machine could change is set. The content is borrowed until the zip is closed.
 */
static bool add_file(zip_t *zip, const struct archive_file *file, struct error *err)
{
    zip_source_t *source;
    zip_int64_t index;

    if (!name_is_safe(file->name))
        return error_set(err, ERROR_FORMAT, "%.60s is no name for a file in a package", file->name);
    source = zip_source_buffer(zip, file->content.data, file->content.len, 0);
    if (source == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    index = zip_file_add(zip, file->name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return set_zip_error(err, file->name, zip_strerror(zip));
    }
    if (zip_file_set_dostime(zip, (zip_uint64_t)index, 0, 1 << 5 | 1, 0) != 0 || /* 1980-01-01 00:00 */
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, DEFLATE_LEVEL) != 0 ||
        zip_file_set_external_attributes(zip, (zip_uint64_t)index, 0, ZIP_OPSYS_UNIX, 0100644u << 16) != 0)
        return set_zip_error(err, file->name, zip_strerror(zip));
    return true;
}

static bool take_source(zip_source_t *source, struct buffer *out, struct error *err)
{
    zip_stat_t stat;
    uint8_t *room;
    bool ok;

    if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0)
        return set_zip_error(err, "zip", zip_error_strerror(zip_source_error(source)));
    room = buffer_extend(out, stat.size);
    ok = room != NULL ? zip_source_read(source, room, stat.size) == (zip_int64_t)stat.size ||
                            set_zip_error(err, "zip", zip_error_strerror(zip_source_error(source)))
                      : error_set(err, ERROR_LIMIT, "the package is larger than %zu bytes", out->max);
    (void)zip_source_close(source); /* only read */
    return ok;
}

/* Source and zip share one counted source; so ours is freed at the end whatever became of the zip. */
static bool write_source(
    zip_source_t *source, const struct archive_file *files, size_t count, struct error *err)
{
    zip_error_t reason;
    zip_t *zip;

    zip_error_init(&reason);
    zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &reason);
    if (zip == NULL) {
        set_zip_error(err, "zip", zip_error_strerror(&reason));
        zip_error_fini(&reason);
        return false;
    }
    zip_error_fini(&reason);
    zip_source_keep(source);
    for (size_t i = 0; i < count; i++)
        if (!add_file(zip, &files[i], err)) {
            zip_discard(zip);
            return false;
        }
    if (zip_close(zip) == 0)
        return true;
    set_zip_error(err, "zip", zip_strerror(zip));
    zip_discard(zip);
    return false;
}

bool archive_write(const struct archive_file *files, size_t count, struct buffer *out, struct error *err)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    bool ok;

    if (source == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    ok = write_source(source, files, count, err) && take_source(source, out, err);
    zip_source_free(source);
    return ok;
}

/* --- reading -------------------------------------------------------------------------------------------- */

static const char *fault_of_entry(zip_t *zip, zip_uint64_t index, size_t *unzipped, size_t limit)
{
    const zip_uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    zip_stat_t stat;

    if (zip_stat_index(zip, index, ZIP_FL_ENC_RAW, &stat) != 0 || (stat.valid & needed) != needed)
        return "an entry cannot be read";
    if (!name_is_safe(stat.name))
        return "an entry has a name that is not allowed";
    if (zip_name_locate(zip, stat.name, ZIP_FL_NOCASE) != (zip_int64_t)index)
        return "two entries have the same name";
    if (stat.encryption_method != ZIP_EM_NONE)
        return "an entry is encrypted";
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
        return "an entry is compressed in a way that is not allowed";
    if (stat.size > limit - *unzipped)
        return "its entries are too large together";
    *unzipped += stat.size;
    return NULL;
}

static bool check_directory(zip_t *zip, struct archive_limits limits, struct error *err)
{
    const zip_int64_t count = zip_get_num_entries(zip, 0);
    size_t unzipped = 0;

    if (count < 1 || (zip_uint64_t)count > limits.files)
        return set_zip_error(err, "zip", "it has no entries, or too many");
    for (zip_uint64_t i = 0; i < (zip_uint64_t)count; i++) {
        const char *fault = fault_of_entry(zip, i, &unzipped, limits.unzipped);
        if (fault != NULL)
            return set_zip_error(err, "zip", fault);
    }
    return true;
}

static zip_t *open_zip(struct bytes bytes, struct error *err)
{
    zip_error_t reason;
    zip_source_t *source;
    zip_t *zip = NULL;

    zip_error_init(&reason);
    source = zip_source_buffer_create(bytes.data, bytes.len, 0, &reason);
    if (source != NULL)
        zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &reason);
    if (zip == NULL) {
        set_zip_error(err, "zip", zip_error_strerror(&reason));
        zip_source_free(source);
    }
    zip_error_fini(&reason);
    return zip;
}

struct archive *archive_open(struct bytes zip, struct archive_limits limits, struct error *err)
{
    struct archive *archive = calloc(1, sizeof *archive);

    if (archive == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    archive->zip = open_zip(zip, err);
    if (archive->zip != NULL && check_directory(archive->zip, limits, err))
        return archive;
    archive_free(archive);
    return NULL;
}

size_t archive_count(const struct archive *archive)
{
    return (size_t)zip_get_num_entries(archive->zip, 0);
}

const char *archive_name(const struct archive *archive, size_t index)
{
    const char *name = zip_get_name(archive->zip, index, ZIP_FL_ENC_RAW);

    return name == NULL ? "" : name;
}

/* libzip compares the checksum at the end of the file, so one byte more than there should be is asked for. */
static bool read_file(
    zip_file_t *file, const char *name, size_t size, struct buffer *content, struct error *err)
{
    const size_t before = content->len;
    uint8_t *room = buffer_extend(content, size);
    uint8_t more;
    zip_int64_t got = 0;
    size_t read = 0;

    if (room == NULL)
        return error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", name, content->max);
    while (read < size && (got = zip_fread(file, room + read, size - read)) > 0)
        read += (size_t)got;
    if (read == size && zip_fread(file, &more, 1) == 0)
        return true;
    content->len = before;
    return error_set(err, ERROR_FORMAT, "%s in the package is damaged", name);
}

bool archive_read(const struct archive *archive, const char *name, struct buffer *content, struct error *err)
{
    const zip_int64_t index = zip_name_locate(archive->zip, name, 0);
    zip_file_t *file;
    zip_stat_t stat;
    bool ok;

    if (index < 0 || zip_stat_index(archive->zip, (zip_uint64_t)index, 0, &stat) != 0)
        return error_set(err, ERROR_NOT_FOUND, "the package has no %s", name);
    file = zip_fopen_index(archive->zip, (zip_uint64_t)index, 0);
    if (file == NULL)
        return set_zip_error(err, name, zip_strerror(archive->zip));
    ok = read_file(file, name, stat.size, content, err);
    (void)zip_fclose(file); /* only read; the checksum was compared above */
    return ok;
}

void archive_free(struct archive *archive)
{
    if (archive == NULL)
        return;
    if (archive->zip != NULL)
        zip_discard(archive->zip);
    free(archive);
}
