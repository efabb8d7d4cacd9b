/* bench-parts: what taking a result in costs at least: the parts that are Carrel's own, one after the other.
 *
 *     bench-parts BOARD RESULT COUNT     prints "open sign": processor time of each in µs
 *
 * open: decrypts the result and verifies the seat's signature, as the server does. sign: makes a receipt. */
#include <inttypes.h>

#include "core/clock.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/receipt.h"
#include "core/result.h"

struct parts {
    struct identity *intake, *server;
    struct trust *trust;
    struct buffer file;
};

static double processor_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* can't fail */
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static bool load(struct parts *parts, const char *board, const char *result, struct error *err)
{
    char root[FILE_PATH_SIZE];
    return path_join(root, board, "root.pem", err) && (parts->trust = trust_load(root, err)) != NULL &&
           (parts->intake = identity_load(board, "intake", err)) != NULL &&
           (parts->server = identity_load(board, "server", err)) != NULL &&
           file_read(result, &parts->file, err);
}

static bool open_once(const struct parts *parts, struct error *err)
{
    struct buffer transcript = {.max = TRANSCRIPT_MAX_BYTES};
    struct cms_signer signer = {.certificate = NULL};
    const bool ok = result_open(
        buffer_bytes(&parts->file), parts->intake, parts->trust, CMS_AT_ISSUE, &transcript, &signer, err);
    cms_signer_release(&signer);
    buffer_release(&transcript);
    return ok;
}

static bool sign_once(const struct parts *parts, struct error *err)
{
    struct receipt receipt = {.epoch = 1, .stored_ms = clock_wall_ms(clock_system())};
    struct buffer file = {.max = TICKET_MAX_BYTES};
    random_id(receipt.session);
    digest_of(buffer_bytes(&parts->file), &receipt.file);
    receipt.transcript = receipt.file;
    receipt_code(&receipt.transcript, receipt.code);
    const bool ok = receipt_sign(&receipt, parts->server, &file, err);
    buffer_release(&file);
    return ok;
}

static bool measure(const struct parts *parts, bool (*once)(const struct parts *, struct error *),
    int64_t count, struct error *err)
{
    const double before = processor_us();
    for (int64_t i = 0; i < count; i++)
        if (!once(parts, err))
            return false;
    (void)printf("%.1f ", (processor_us() - before) / (double)count);
    return true;
}

int main(int argc, char **argv)
{
    struct parts parts = {.file = {.max = RESULT_MAX_BYTES}};
    struct error err = {ERROR_USAGE, "usage: bench-parts BOARD RESULT COUNT"};
    int64_t count;
    const bool ok = argc == 4 && number_parse(argv[3], 1, 100000, &count) &&
                    load(&parts, argv[1], argv[2], &err) && measure(&parts, open_once, count, &err) &&
                    measure(&parts, sign_once, count, &err);
    if (!ok)
        (void)fprintf(stderr, "bench-parts: %s\n", err.text);
    buffer_release(&parts.file);
    trust_free(parts.trust);
    identity_free(parts.server);
    identity_free(parts.intake);
    return ok ? 0 : error_exit_code(err.code);
}
