#include "core/recipients.h"

#include <string.h>

static struct certificate **place_of(struct recipients *recipients, enum role role)
{
    return role == ROLE_INTAKE ? &recipients->intake : role == ROLE_SCORING ? &recipients->scoring : NULL;
}

/* Takes the certificate over. */
static bool take(struct recipients *recipients, struct certificate *certificate_take,
    const struct trust *trust, int64_t now_ms, struct error *err)
{
    const enum role role = certificate_role(certificate_take);
    struct certificate **place = place_of(recipients, role);

    if ((place == NULL && role != ROLE_SERVER) || (place != NULL && *place != NULL)) {
        certificate_free(certificate_take);
        return error_set(err, ERROR_FORMAT, "a certificate too many, for %s", role_name(role));
    }
    if (!trust_check(trust, certificate_take, NULL, 0, role, now_ms, err)) {
        certificate_free(certificate_take);
        return error_prefix(err, "the %s certificate", role_name(role));
    }
    if (place == NULL)
        certificate_free(certificate_take);
    else
        *place = certificate_take;
    return true;
}

bool recipients_parse(struct bytes pem, const struct trust *trust, int64_t now_ms,
    struct recipients *recipients, struct error *err)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----";
    struct recipients found = {NULL, NULL};
    const uint8_t *end = pem.data + pem.len;
    const uint8_t *at = memmem(pem.data, pem.len, begin, sizeof begin - 1);
    bool ok = at != NULL || error_set(err, ERROR_FORMAT, "there is no certificate in it");

    while (ok && at != NULL) {
        const uint8_t *next = memmem(at + 1, (size_t)(end - at - 1), begin, sizeof begin - 1);
        struct certificate *certificate =
            certificate_parse(bytes_of(at, (size_t)((next == NULL ? end : next) - at)), err);
        ok = certificate != NULL && take(&found, certificate, trust, now_ms, err);
        at = next;
    }
    if (ok && (found.intake == NULL || found.scoring == NULL))
        ok = error_set(err, ERROR_FORMAT, "the intake or the scoring certificate is missing");
    if (ok)
        *recipients = found;
    else
        recipients_release(&found);
    return ok;
}

void recipients_release(struct recipients *recipients)
{
    certificate_free(recipients->intake);
    certificate_free(recipients->scoring);
    *recipients = (struct recipients){NULL, NULL};
}
