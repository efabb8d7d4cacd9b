/* publish: NAME.exam and, beside it, NAME.open and NAME.key go to the server in parts of 1 MiB; run again, it
 * goes on where it stopped. The server opens and checks all three before anybody can fetch the package. */
#include <inttypes.h>
#include <string.h>

#include "core/package.h"
#include "provisioning/cancel.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/progress.h"
#include "provisioning/report.h"

enum { PART_BYTES = 1 << 20, PARTS = 3 };

static const char *const part_names[PARTS] = {"exam", "open", "key"};

struct publication {
    struct client client;
    char id[SESSION_ID_SIZE];
    struct buffer files[PARTS];
};

static bool read_files(struct publication *publication, const char *exam_path, struct error *err)
{
    static const size_t bounds[PARTS] = {PACKAGE_MAX_BYTES, EXAM_KEY_MAX_BYTES, SCORING_KEY_MAX_BYTES};
    const char *suffix = strrchr(exam_path, '.');
    char path[FILE_PATH_SIZE];

    if (suffix == NULL || strcmp(suffix, ".exam") != 0)
        return error_set(err, ERROR_USAGE, "%s is not a NAME.exam", exam_path);
    for (size_t i = 0; i < PARTS; i++) {
        publication->files[i].max = bounds[i];
        if ((size_t)snprintf(path, sizeof path, "%.*s.%s", (int)(suffix - exam_path), exam_path,
                part_names[i]) >= sizeof path)
            return error_set(err, ERROR_LIMIT, "the path is too long");
        if (!file_read(path, &publication->files[i], err))
            return false;
    }
    return true;
}

/* Who it is, out of what the exam signer signed. */
static bool read_name(struct publication *publication, struct error *err)
{
    struct trust *trust = profile_trust(&publication->client.profile, err);
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    bool ok =
        trust != NULL && package_verify(buffer_bytes(&publication->files[0]), trust, &sealed, &name, err);

    if (ok)
        memcpy(publication->id, name.id, sizeof name.id);
    buffer_release(&sealed);
    trust_free(trust);
    return ok;
}

/* How much of the part the server holds; nothing where it has never heard of it. */
static bool ask_received(
    struct publication *publication, const char *path, size_t *received, struct error *err)
{
    struct json *answer = NULL;
    bool ok = client_ask(&publication->client, "GET", path, NULL, &answer, err);

    if (ok) {
        struct json_reader reader = json_reader(answer, "the answer", err);
        *received = (size_t)json_get_int(&reader, "received", 0, PACKAGE_MAX_BYTES);
        ok = !reader.failed;
    } else if (publication->client.status == 404) {
        *received = 0;
        ok = true;
    }
    json_free(answer);
    return ok;
}

static bool send_piece(struct publication *publication, const char *path, struct bytes file, size_t from,
    size_t len, struct error *err)
{
    char range[96];
    struct reply reply;
    const struct request request = {.method = "PUT",
        .path = path,
        .content_type = "application/octet-stream",
        .body = bytes_of(file.data + from, len),
        .headers = {range}};

    (void)snprintf(range, sizeof range, "Content-Range: bytes %zu-%zu/%zu", from, from + len - 1, file.len);
    return transport_send(publication->client.transport, &request, &reply, err);
}

static bool send_part(struct publication *publication, size_t part, struct error *err)
{
    const struct bytes file = buffer_bytes(&publication->files[part]);
    struct progress progress = progress_start(part_names[part], (file.len + PART_BYTES - 1) / PART_BYTES);
    char path[96];
    size_t done = 0;
    bool ok;

    (void)snprintf(path, sizeof path, "/v1/exams/%s/%s", publication->id, part_names[part]);
    ok = ask_received(publication, path, &done, err);
    while (ok && done < file.len) {
        size_t len = file.len - done < PART_BYTES ? file.len - done : PART_BYTES;
        progress_to(&progress, done / PART_BYTES);
        ok = cancel_check(err) && send_piece(publication, path, file, done, len, err);
        done += len;
    }
    progress_end(&progress);
    return ok || error_prefix(err, "%s", part_names[part]);
}

static bool finish(struct publication *publication, struct json **answer, struct error *err)
{
    struct json *digests = json_new_object();
    struct digest digest;
    char path[64];

    for (size_t i = 0; i < PARTS; i++) {
        digest_of(buffer_bytes(&publication->files[i]), &digest);
        json_set(digests, part_names[i], json_hex(digest.bytes, sizeof digest.bytes));
    }
    (void)snprintf(path, sizeof path, "/v1/exams/%s", publication->id);
    return client_ask(&publication->client, "POST", path, digests, answer, err);
}

static bool show(const struct call *call, const struct json *answer, const char *id, struct error *err)
{
    struct arena arena = {.max = 1 << 20};

    if (call->as_json)
        return report_json(answer, err);
    (void)printf("%s %s is published as package %s\n", answer_text(answer, "identifier", &arena),
        answer_text(answer, "version", &arena), id);
    arena_release(&arena);
    return true;
}

static bool run(const struct call *call, struct error *err)
{
    struct publication publication = {.id = ""};
    struct json *answer = NULL;
    bool ok = client_open(&publication.client, call, err) &&
              read_files(&publication, call->arguments->operands[0], err) && read_name(&publication, err);

    for (size_t i = 0; ok && i < PARTS; i++)
        ok = send_part(&publication, i, err);
    ok = ok && finish(&publication, &answer, err) && show(call, answer, publication.id, err);
    json_free(answer);
    for (size_t i = 0; i < PARTS; i++)
        buffer_release(&publication.files[i]);
    client_release(&publication.client);
    return ok;
}

const struct command command_publish = {
    .name = "publish",
    .operands = "NAME.exam",
    .summary = "Give an exam and its keys to the scoring server",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
