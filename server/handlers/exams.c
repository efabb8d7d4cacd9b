/* /v1/exams: the board publishes an exam: three files in parts, then one request that names their digests.
 * Nothing is served before all three are whole, verified and opened. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/exam_names.h"
#include "core/field.h"
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"
#include "server/http/range.h"

/* Parts of one file come one after the other; two clients that upload the same are put in a row here. */
static pthread_mutex_t uploading = PTHREAD_MUTEX_INITIALIZER;

static int64_t most_bytes(const char *kind)
{
    if (strcmp(kind, "exam") == 0)
        return PACKAGE_MAX_BYTES;
    return strcmp(kind, "open") == 0 ? EXAM_KEY_MAX_BYTES : SCORING_KEY_MAX_BYTES;
}

static bool upload_path(const struct server *server, const char *id, const char *kind,
    char path[FILE_PATH_SIZE], struct error *err)
{
    char name[2 * TARGET_TEXT_SIZE];
    if (!field_is_session(id))
        return error_set(err, ERROR_FORMAT, "%.64s is no package id", id);
    snprintf(name, sizeof name, "%s.%s", id, kind);
    return path_join(path, server->uploads, name, err);
}

/* --- parts ------------------------------------------------------------------------------------ */

static bool received_of(const char *path, int64_t *received, struct error *err)
{
    struct stat found;
    if (stat(path, &found) != 0) {
        *received = 0;
        return errno == ENOENT || error_set_errno(err, "the upload");
    }
    *received = found.st_size;
    return true;
}

static bool write_at(const char *path, int64_t at, struct bytes part, struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return error_set_errno(err, "the upload");
    size_t done = 0;
    bool ok = true;
    while (ok && done < part.len) {
        ssize_t wrote = pwrite(file, part.data + done, part.len - done, at + (int64_t)done);
        ok = wrote > 0 || (wrote < 0 && errno == EINTR) || error_set_errno(err, "the upload");
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (!ok)
        (void)!ftruncate(file, at); /* the client asks how far it got */
    if (close(file) != 0 && ok)
        ok = error_set_errno(err, "the upload");
    return ok;
}

static void reply_received(struct call *call, int status, int64_t received)
{
    struct json *json = json_new_object();
    json_set(json, "received", json_int(received));
    if (status == 409) {
        struct json *error = json_new_object();
        json_set(error, "code", json_text("gap"));
        json_set(error, "message", json_text("go on behind what was received"));
        json_set(json, "error", error);
    }
    call_json(call, status, json);
}

static void take_part(struct call *call, const char *path, const struct range *range, struct error *err)
{
    int64_t received = 0;
    if (!received_of(path, &received, err))
        call_fail(call, err);
    else if (range->first != received)
        reply_received(call, 409, received);
    else if (write_at(path, range->first, call_body(call), err))
        reply_received(call, 202, range->first + range->length);
    else
        call_fail(call, err);
}

void exam_part_put(struct call *call, struct store *reader)
{
    const char *id = call_parameter(call, 0), *kind = call_parameter(call, 1);
    char path[FILE_PATH_SIZE];
    struct range range;
    int64_t total;
    struct exam_row row;
    struct error err = {ERROR_NONE, ""}, missing = {ERROR_NONE, ""};
    if (!upload_path(call->server, id, kind, path, &err)) {
        call_fail(call, &err);
    } else if (!content_range_parse(head_field(&call->exchange->head, "content-range"), &range, &total) ||
               range.length != (int64_t)call_body(call).len) {
        reply_error(
            call_reply(call), 400, "format", "Content-Range must say which bytes of how many these are");
    } else if (total > most_bytes(kind)) {
        reply_error(call_reply(call), 413, "limit", "at most %lld bytes", (long long)most_bytes(kind));
    } else if (reader->exam_get(reader, id, &row, &missing)) {
        reply_error(call_reply(call), 409, "refused", "this exam is published already");
    } else {
        pthread_mutex_lock(&uploading);
        take_part(call, path, &range, &err);
        pthread_mutex_unlock(&uploading);
    }
}

/* Of a file that is published already, all is received: running publish again does no harm. */
static bool published_bytes(struct store *reader, const char *id, const char *kind, int64_t *bytes)
{
    struct exam_row row;
    struct buffer file = {.max = SCORING_KEY_MAX_BYTES};
    bool ok = reader->exam_get(reader, id, &row, NULL);
    if (ok && strcmp(kind, "exam") == 0)
        *bytes = row.facts.package_bytes;
    else if (ok)
        ok = strcmp(kind, "open") == 0 ? reader->exam_open_file(reader, id, &file, NULL)
                                       : reader->exam_key_file(reader, id, &file, NULL);
    if (file.len > 0)
        *bytes = (int64_t)file.len;
    buffer_release(&file);
    return ok;
}

void exam_part_get(struct call *call, struct store *reader)
{
    char path[FILE_PATH_SIZE];
    int64_t received = 0;
    struct error err = {ERROR_NONE, ""};
    const char *id = call_parameter(call, 0), *kind = call_parameter(call, 1);
    if (upload_path(call->server, id, kind, path, &err) &&
        (published_bytes(reader, id, kind, &received) || received_of(path, &received, &err)))
        reply_received(call, 200, received);
    else
        call_fail(call, &err);
}

/* --- publishing ------------------------------------------------------------------------------- */

struct publishing {
    struct digest exam_digest, open_digest, key_digest; /* as the board says */
    struct buffer open, key;
    struct exam_row row;
};

static void release(void *state)
{
    struct publishing *publishing = state;
    buffer_release(&publishing->open);
    buffer_release(&publishing->key);
}

static struct json *exam_json(const struct exam_row *row)
{
    char digest[DIGEST_TEXT_SIZE];
    const struct exam_facts *facts = &row->facts;
    struct json *json = json_new_object();
    digest_text(&facts->package_digest, digest);
    json_set(json, "id", json_text(facts->package_id));
    json_set(json, "identifier", json_text(facts->identifier));
    json_set(json, "version", json_text(facts->version));
    json_set(json, "title", json_text(facts->title));
    json_set(json, "digest", json_text(digest));
    json_set(json, "bytes", json_int(facts->package_bytes));
    json_set(json, "content", json_text(exam_content_names[facts->content]));
    json_set(json, "published", json_time(row->published_ms));
    return json;
}

static bool read_digests(struct call *call, struct publishing *publishing)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = call_read_json(call);
    if (json == NULL)
        return false;
    struct json_reader reader = json_reader(json, "the request", &err);
    json_get_hex(&reader, "exam", publishing->exam_digest.bytes, DIGEST_BYTES);
    json_get_hex(&reader, "open", publishing->open_digest.bytes, DIGEST_BYTES);
    json_get_hex(&reader, "key", publishing->key_digest.bytes, DIGEST_BYTES);
    bool ok = json_done(&reader);
    if (!ok)
        call_fail(call, &err);
    json_free(json);
    return ok;
}

static bool has_digest(struct bytes content, const struct digest *wanted, const char *what, struct error *err)
{
    struct digest digest;
    digest_of(content, &digest);
    return digest_equal(&digest, wanted) ||
           error_set(err, ERROR_REFUSED, "%s is not whole or not this one", what);
}

/* One of the small files, whole and as announced. */
static bool read_upload(struct call *call, const char *kind, const struct digest *digest,
    struct buffer *content, struct error *err)
{
    char path[FILE_PATH_SIZE];
    return upload_path(call->server, call_parameter(call, 0), kind, path, err) &&
           file_read(path, content, err) && has_digest(buffer_bytes(content), digest, kind, err);
}

static bool verify_open(
    struct call *call, struct publishing *publishing, const struct trust *trust, struct error *err)
{
    struct exam_facts *facts = &publishing->row.facts;
    struct secret *exam_key = NULL;
    bool ok = exam_key_open(
        buffer_bytes(&publishing->open), trust, call->server->board->ticket, facts, &exam_key, err);
    secret_free(exam_key);
    return ok && ((strcmp(facts->package_id, call_parameter(call, 0)) == 0 &&
                      digest_equal(&facts->package_digest, &publishing->exam_digest)) ||
                     error_set(err, ERROR_REFUSED, "the .open file is of another package"));
}

static bool verify_key(
    struct call *call, struct publishing *publishing, const struct trust *trust, struct error *err)
{
    const struct exam_facts *facts = &publishing->row.facts;
    if (call->server->board->scoring == NULL)
        return true; /* for whoever scores */
    struct scoring_key *key =
        scoring_key_open(buffer_bytes(&publishing->key), trust, call->server->board->scoring, err);
    bool ok = key != NULL &&
              ((strcmp(key->package_id, facts->package_id) == 0 &&
                   strcmp(key->exam, facts->identifier) == 0 && strcmp(key->version, facts->version) == 0) ||
                  error_set(err, ERROR_REFUSED, "the .key file is of another package"));
    scoring_key_free(key);
    return ok;
}

/* The bytes that are verified are the bytes that will be served: nobody writes the file any more once it is
 * named so. */
static bool verify_package(struct call *call, struct publishing *publishing, const struct trust *trust,
    const char *path, struct error *err)
{
    struct buffer file = {.max = PACKAGE_MAX_BYTES}, inside = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    bool ok = file_read(path, &file, err) &&
              has_digest(buffer_bytes(&file), &publishing->exam_digest, "exam", err) &&
              package_verify(buffer_bytes(&file), trust, &inside, &name, err) &&
              (strcmp(name.id, call_parameter(call, 0)) == 0 ||
                  error_set(err, ERROR_REFUSED, "the .exam file is another package"));
    if (ok)
        publishing->row.facts.package_bytes = (int64_t)file.len;
    buffer_release(&inside);
    buffer_release(&file);
    return ok;
}

static bool sync_file(const char *path, struct error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = file >= 0 && fsync(file) == 0;
    if (!ok)
        error_set_errno(err, "the package");
    if (file >= 0)
        close(file);
    return ok;
}

/* From the uploads to where it is served from. A publishing that broke off behind the rename finds it there.
 */
static bool place_package(
    struct call *call, struct publishing *publishing, const struct trust *trust, struct error *err)
{
    char name[TARGET_TEXT_SIZE + 16], from[FILE_PATH_SIZE], to[FILE_PATH_SIZE];
    snprintf(name, sizeof name, "%s.exam", call_parameter(call, 0));
    if (!path_join(from, call->server->uploads, name, err) ||
        !path_join(to, call->server->packages, name, err))
        return false;
    if (access(from, F_OK) != 0 && access(to, F_OK) == 0)
        return verify_package(call, publishing, trust, to, err);
    if (!verify_package(call, publishing, trust, from, err) || !sync_file(from, err))
        return false;
    return (rename(from, to) == 0 || error_set_errno(err, "the package")) &&
           folder_sync(call->server->packages, err);
}

static void remove_uploads(struct call *call)
{
    static const char *const kinds[] = {"open", "key"};
    for (size_t i = 0; i < 2; i++) {
        char path[FILE_PATH_SIZE];
        if (upload_path(call->server, call_parameter(call, 0), kinds[i], path, NULL))
            (void)unlink(path); /* only room is lost */
    }
    call_send(call);
}

static enum write_end keep(struct call *call, struct store *writer)
{
    const struct publishing *publishing = call->state;
    struct error err = {ERROR_NONE, ""};
    if (!writer->exam_add(
            writer, &publishing->row, buffer_bytes(&publishing->open), buffer_bytes(&publishing->key), &err))
        return call_fail_write(call, &err);
    call_json(call, 201, exam_json(&publishing->row));
    call->committed = remove_uploads;
    return WRITE_KEEP;
}

/* Published already: the same is fine. */
static void compare(
    struct call *call, struct store *reader, const struct publishing *publishing, const struct exam_row *row)
{
    struct buffer open = {.max = EXAM_KEY_MAX_BYTES}, key = {.max = SCORING_KEY_MAX_BYTES};
    struct error err = {ERROR_NONE, ""};
    bool ok =
        reader->exam_open_file(reader, row->facts.package_id, &open, &err) &&
        reader->exam_key_file(reader, row->facts.package_id, &key, &err) &&
        has_digest(buffer_bytes(&open), &publishing->open_digest, "the .open file that is published", &err) &&
        has_digest(buffer_bytes(&key), &publishing->key_digest, "the .key file that is published", &err) &&
        (digest_equal(&row->facts.package_digest, &publishing->exam_digest) ||
            error_set(&err, ERROR_REFUSED, "the .exam file that is published is not this one"));
    if (ok)
        call_json(call, 200, exam_json(row));
    else
        call_fail(call, &err);
    buffer_release(&open);
    buffer_release(&key);
}

static bool verify(struct call *call, struct publishing *publishing, struct error *err)
{
    const struct held_trust *held = trust_hold(call->server->trust);
    const struct trust *trust = held_trust(held);
    bool ok = read_upload(call, "open", &publishing->open_digest, &publishing->open, err) &&
              read_upload(call, "key", &publishing->key_digest, &publishing->key, err) &&
              verify_open(call, publishing, trust, err) && verify_key(call, publishing, trust, err) &&
              place_package(call, publishing, trust, err);
    trust_release(held);
    return ok;
}

void exams_publish(struct call *call, struct store *reader)
{
    struct exam_row there;
    struct error err = {ERROR_NONE, ""}, missing = {ERROR_NONE, ""};
    struct publishing *publishing = call_state(call, sizeof *publishing, release);
    if (publishing == NULL || !read_digests(call, publishing))
        return;
    publishing->open.max = EXAM_KEY_MAX_BYTES;
    publishing->key.max = SCORING_KEY_MAX_BYTES;
    publishing->row.published_ms = call->now_ms;
    if (reader->exam_get(reader, call_parameter(call, 0), &there, &missing)) {
        compare(call, reader, publishing, &there);
        return;
    }
    pthread_mutex_lock(&uploading);
    bool ok = verify(call, publishing, &err);
    pthread_mutex_unlock(&uploading);
    if (ok)
        call->write = keep;
    else
        call_fail(call, &err);
}

/* --- the list --------------------------------------------------------------------------------- */

static bool add_exam(void *context, const struct exam_row *row, struct error *err)
{
    (void)err;
    json_add(context, exam_json(row));
    return true;
}

void exams_list(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct json *list = json_new_array();
    if (reader->exam_each(reader, add_exam, list, &err)) {
        call_json(call, 200, named_list("exams", list));
        return;
    }
    json_free(list);
    call_fail(call, &err);
}
