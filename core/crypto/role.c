#include <assert.h>

#include "core/crypto/x509.h"

/* A private EKU, or clientAuth alone, would make the stock `openssl cms -verify` refuse a signer: signers
 * carry none, and staff, who sign orders and are TLS clients, carry emailProtection beside it. The EKU of the
 * center CA keeps it from issuing a TLS server that a seat's libcurl, which asks for no policy, would
 * believe. */
static const struct role_form forms[ROLES] = {
    [ROLE_EXAM_SIGNER] = {KU_DIGITAL_SIGNATURE, 0, ROLE_NONE},
    [ROLE_SCORING] = {KU_KEY_AGREEMENT, 0, ROLE_NONE},
    [ROLE_SERVER] = {KU_DIGITAL_SIGNATURE, 0, ROLE_NONE},
    [ROLE_TICKET] = {KU_KEY_AGREEMENT, 0, ROLE_NONE},
    [ROLE_INTAKE] = {KU_KEY_AGREEMENT, 0, ROLE_NONE},
    [ROLE_BOARD] = {KU_DIGITAL_SIGNATURE, XKU_SSL_CLIENT, ROLE_NONE},
    [ROLE_TLS_SERVER] = {KU_DIGITAL_SIGNATURE, XKU_SSL_SERVER, ROLE_NONE},
    [ROLE_CENTER_CA] = {KU_KEY_CERT_SIGN | KU_CRL_SIGN, XKU_SSL_CLIENT | XKU_SMIME, ROLE_NONE},
    [ROLE_SEAT] = {KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT, 0, ROLE_CENTER_CA},
    [ROLE_SEAT_TLS] = {KU_DIGITAL_SIGNATURE, XKU_SSL_CLIENT, ROLE_CENTER_CA},
    [ROLE_STAFF] = {KU_DIGITAL_SIGNATURE | KU_KEY_AGREEMENT, XKU_SSL_CLIENT | XKU_SMIME, ROLE_CENTER_CA},
};

const struct role_form *role_form(enum role role)
{
    assert(role > ROLE_NONE && role < ROLES);
    return &forms[role];
}

bool role_is_of_center(enum role role)
{
    return role == ROLE_CENTER_CA || forms[role].issuer == ROLE_CENTER_CA;
}
