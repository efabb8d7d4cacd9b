#include "kiosk/seat/seat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/limits.h"

bool seat_path(
    const struct seat *seat, char path[FILE_PATH_SIZE], const char *part, const char *name, struct error *err)
{
    int len = snprintf(path, FILE_PATH_SIZE, "%s/%s%s%s", seat->folder, part, name == NULL ? "" : "/",
        name == NULL ? "" : name);

    return (len >= 0 && len < FILE_PATH_SIZE) ||
           error_set(err, ERROR_LIMIT, "the seat's folder has too long a path");
}

static bool read_part(const struct seat *seat, const char *part, struct buffer *content, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return seat_path(seat, path, part, NULL, err) && file_read(path, content, err);
}

static bool load_description(struct seat *seat, struct error *err)
{
    struct buffer text = {.max = PEM_MAX_BYTES};
    struct json *json = NULL;
    char unused[NAME_SIZE];
    bool ok = false;

    if (!read_part(seat, "seat.json", &text, err) || (json = json_parse(buffer_bytes(&text), err)) == NULL) {
        error_prefix(err, "this seat is not enrolled");
    } else {
        struct json_reader reader = json_reader(json, "seat.json", err);
        (void)json_get_int(&reader, "format", 1, 1);
        json_get_text(&reader, "center", seat->center, sizeof seat->center);
        json_get_text(&reader, "seat", seat->name, sizeof seat->name);
        json_get_text(&reader, "server", unused, sizeof unused); /* carrel-sync's */
        json_get_text(&reader, "public", unused, sizeof unused);
        seat->is_developer = json_get_bool(&reader, "developer");
        ok = json_done(&reader);
    }
    json_free(json);
    buffer_release(&text);
    return ok;
}

static bool load_identity(struct seat *seat, struct error *err)
{
    char path[FILE_PATH_SIZE];
    const struct certificate *const *chain = NULL;
    size_t count;

    if (!seat_path(seat, path, "kiosk", NULL, err))
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
    return read_recipients(seat, SEAT_IN "/certificates.pem", now_ms, NULL) ||
           read_recipients(seat, "certificates.pem", now_ms, err);
}

/* A CRL that is missing is normal; one that is there and can't be used is said. */
static bool load_crl(struct seat *seat, struct error *err)
{
    struct buffer crl = {.max = CRL_MAX_BYTES};
    struct error reason = {0};
    bool ok = read_part(seat, SEAT_IN "/crl", &crl, &reason);

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
    bool ok = false;

    if (seat == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    if (strlen(folder) >= sizeof seat->folder) {
        error_set(err, ERROR_LIMIT, "the seat's folder has too long a path");
        goto done;
    }
    memcpy(seat->folder, folder, strlen(folder) + 1);
    if (!load_description(seat, err) || !seat_path(seat, path, "root.pem", NULL, err))
        goto done;
    seat->trust = trust_load(path, err);
    ok = seat->trust != NULL && load_identity(seat, err) && load_crl(seat, err) &&
         load_recipients(seat, now_ms, err);
done:
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
