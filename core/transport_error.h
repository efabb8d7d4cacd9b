/* transport_error.h: inside the transport: what went wrong, in words for the people in the room. */
#ifndef CARREL_TRANSPORT_ERROR_H
#define CARREL_TRANSPORT_ERROR_H

#include "core/transport.h"

/* A failure before there was a whole answer: libcurl's code and its own words, which name the cause where the
 * code doesn't (a TLS alert). Always false. */
bool transport_error(int curl_code, const char *detail, const char *host, struct error *err);
/* An answer other than 2xx. Always false. */
bool transport_refusal(const struct reply *reply, const char *host, struct error *err);

#endif
