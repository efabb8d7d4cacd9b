/* status.h: what a seat says of itself: ID.status (docs/formats/status.md): SignedData by the seat. Never responses. */
#ifndef CARREL_STATUS_H
#define CARREL_STATUS_H

#include "core/crypto/cms.h"

#define STATUS_ALARMS 8

struct status {
    char seat[IDENTIFIER_SIZE], center[IDENTIFIER_SIZE];
    char state[IDENTIFIER_SIZE];   /* as a screen's name: "waiting", "exam", … */
    char session[SESSION_ID_SIZE]; /* "" when none */
    unsigned epoch;
    int64_t number; /* rises with each status of the seat */
    int64_t time_left_ms;
    uint64_t last_sequence;
    uint8_t last_tag[16];
    char alarms[STATUS_ALARMS][IDENTIFIER_SIZE];
    size_t alarm_count;
};

bool status_encode(const struct status *status, struct buffer *json, struct error *err);
bool status_decode(struct bytes json, struct status *status, struct error *err);

bool status_sign(const struct status *status, const struct identity *seat, int64_t now_ms, struct buffer *file,
    struct error *err);
/* The caller compares seat and center with the signer's certificate. signer may be NULL. */
bool status_verify(struct bytes file, const struct trust *trust, struct status *status,
    struct cms_signer *signer, struct error *err);

#endif
