#include "core/crypto/oids.h"

/* 2.25.116422175487976235538088701686193240821 */
#define ARC                                                                                                  \
    0x69, 0x81, 0xaf, 0x96, 0x8c, 0x9a, 0xfc, 0xc5, 0xa2, 0x90, 0xc7, 0x8c, 0xce, 0xe8, 0xd3, 0x8b, 0xec,    \
        0xba, 0xf5, 0x75
/* clang-format off */
#define KIND(number, text) {text, {0x06, OID_BYTES - 2, ARC, 1, number}}
#define ROLE(number, text) {text, {0x06, OID_BYTES - 2, ARC, 2, number}}
/* clang-format on */

const struct oid oid_kinds[OBJECT_KINDS] = {
    [OBJECT_EXAM] = KIND(1, "exam"),
    [OBJECT_OPEN] = KIND(2, "exam-open"),
    [OBJECT_KEY] = KIND(3, "scoring-key"),
    [OBJECT_PRACTICE] = KIND(4, "practice"),
    [OBJECT_CATALOG] = KIND(5, "catalog"),
    [OBJECT_TICKET] = KIND(6, "ticket"),
    [OBJECT_RESULT] = KIND(7, "result"),
    [OBJECT_JOURNAL] = KIND(8, "journal"),
    [OBJECT_RECEIPT] = KIND(9, "receipt"),
    [OBJECT_ORDER] = KIND(10, "order"),
    [OBJECT_STATUS] = KIND(11, "status"),
};

const struct oid oid_roles[ROLES] = {
    [ROLE_NONE] = {"none", {0}},
    [ROLE_EXAM_SIGNER] = ROLE(1, "exam-signer"),
    [ROLE_SCORING] = ROLE(2, "scoring"),
    [ROLE_SERVER] = ROLE(3, "server"),
    [ROLE_TICKET] = ROLE(4, "ticket"),
    [ROLE_INTAKE] = ROLE(5, "intake"),
    [ROLE_BOARD] = ROLE(6, "board"),
    [ROLE_TLS_SERVER] = ROLE(7, "tls-server"),
    [ROLE_CENTER_CA] = ROLE(8, "center-ca"),
    [ROLE_SEAT] = ROLE(9, "seat"),
    [ROLE_SEAT_TLS] = ROLE(10, "seat-tls"),
    [ROLE_STAFF] = ROLE(11, "staff"),
};

const char *object_name(enum object_kind kind)
{
    return oid_kinds[kind].name;
}

const char *role_name(enum role role)
{
    return oid_roles[role].name;
}
