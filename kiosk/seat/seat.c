#include "kiosk/seat/seat.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

static bool read_part(const struct seat *seat, const char *part, struct buffer *content, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return seat_folder_path(&seat->folder, path, part, NULL, err) && file_read(path, content, err);
}

static bool load_identity(struct seat *seat, struct error *err)
{
    char path[FILE_PATH_SIZE];
    const struct certificate *const *chain = NULL;
    size_t count;

    if (!seat_folder_path(&seat->folder, path, FOLDER_KIOSK, NULL, err))
        return false;
    seat->identity = identity_load(path, "kiosk", err);
    if (seat->identity == NULL)
        return false;
    count = identity_chain(seat->identity, &chain);
    for (size_t i = 0; i < count; i++)
        if (!trust_add_intermediate(seat->trust, chain[i], err))
            return false;
    return true;
}

/* Takes the certificate over if it is one results are sealed to. */
static bool take_recipient(
    struct seat *seat, struct certificate *certificate, int64_t now_ms, struct error *err)
{
    const enum role role = certificate_role(certificate);
    struct certificate **place = role == ROLE_INTAKE    ? &seat->intake
                                 : role == ROLE_SCORING ? &seat->scoring
                                                        : NULL;

    if (place == NULL || *place != NULL) {
        certificate_free(certificate);
        return true;
    }
    if (!trust_check(seat->trust, certificate, NULL, 0, role, now_ms, err)) {
        certificate_free(certificate);
        return error_prefix(err, "certificates.pem");
    }
    *place = certificate;
    return true;
}

static void forget_recipients(struct seat *seat)
{
    certificate_free(seat->intake);
    certificate_free(seat->scoring);
    seat->intake = seat->scoring = NULL;
}

static bool read_recipients(struct seat *seat, const char *part, int64_t now_ms, struct error *err)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    struct buffer pem = {.max = PEM_MAX_BYTES};
    const char *at;
    bool ok = read_part(seat, part, &pem, err);

    at = strstr(buffer_text(&pem), begin);
    while (ok && at != NULL) {
        const char *next = strstr(at + 1, begin);
        size_t len = next == NULL ? strlen(at) : (size_t)(next - at);
        struct certificate *certificate = certificate_parse(bytes_of(at, len), err);
        ok = certificate != NULL && take_recipient(seat, certificate, now_ms, err);
        at = next;
    }
    buffer_release(&pem);
    if (ok && (seat->intake == NULL || seat->scoring == NULL))
        ok = error_set(err, ERROR_FORMAT, "%s lacks the intake or the scoring certificate", part);
    if (!ok)
        forget_recipients(seat);
    return ok;
}

/* Those that carrel-sync brought are newer than those of the enrolment; they count where they verify. */
static bool load_recipients(struct seat *seat, int64_t now_ms, struct error *err)
{
    return read_recipients(seat, FOLDER_IN "/certificates.pem", now_ms, NULL) ||
           read_recipients(seat, "certificates.pem", now_ms, err);
}

/* A CRL that is missing is normal; one that is there and can't be used is said. */
static bool load_crl(struct seat *seat, struct error *err)
{
    struct buffer crl = {.max = CRL_MAX_BYTES};
    struct error reason = {0};
    bool ok = read_part(seat, FOLDER_IN "/crl", &crl, &reason);

    if (ok)
        ok = trust_add_crl(seat->trust, buffer_bytes(&crl), err);
    else if (reason.code == ERROR_NOT_FOUND)
        ok = true;
    else
        *err = reason;
    buffer_release(&crl);
    return ok;
}

struct seat *seat_load(const char *folder, int64_t now_ms, struct error *err)
{
    struct seat *seat = calloc(1, sizeof *seat);
    char path[FILE_PATH_SIZE];
    bool ok;

    if (seat == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    ok = seat_folder_load(folder, &seat->folder, err) &&
         seat_folder_path(&seat->folder, path, "root.pem", NULL, err) &&
         (seat->trust = trust_load(path, err)) != NULL && load_identity(seat, err) && load_crl(seat, err) &&
         load_recipients(seat, now_ms, err);
    if (!ok) {
        seat_free(seat);
        return NULL;
    }
    return seat;
}

void seat_free(struct seat *seat)
{
    if (seat == NULL)
        return;
    forget_recipients(seat);
    trust_free(seat->trust);
    identity_free(seat->identity);
    free(seat);
}

int64_t seat_certificate_left_ms(const struct seat *seat, int64_t now_ms)
{
    return certificate_not_after_ms(identity_certificate(seat->identity)) - now_ms;
}
