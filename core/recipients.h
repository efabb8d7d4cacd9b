/* recipients.h: whom results are sealed to: the intake and scoring certificates out of certificates.pem. */
#ifndef CARREL_RECIPIENTS_H
#define CARREL_RECIPIENTS_H

#include "core/crypto/certificate.h"

struct recipients {
    struct certificate *intake, *scoring;
};

/* Certificates one behind the other in PEM, in any order. Both must be there and hold at now_ms; the server's
 * may be. */
bool recipients_parse(struct bytes pem, const struct trust *trust, int64_t now_ms,
    struct recipients *recipients, struct error *err);
void recipients_release(struct recipients *recipients);

#endif
