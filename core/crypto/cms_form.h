/* cms_form.h: inside core/crypto/ only: the bytes that are the same in every object of ours
 * (docs/formats/cms.md). */
#ifndef CARREL_CRYPTO_CMS_FORM_H
#define CARREL_CRYPTO_CMS_FORM_H

#include "core/crypto/der.h"

/* Whole elements as string literals, so that they can be put together. */
#define CMS_VERSION(digit) "\x02\x01" digit

#define CMS_OID_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"                   /* pkcs7 1 */
#define CMS_OID_SIGNED_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"            /* pkcs7 2 */
#define CMS_OID_DIGESTED_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x05"          /* pkcs7 5 */
#define CMS_OID_AUTH_ENVELOPED "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17" /* smime ct 23 */
#define CMS_OID_CONTENT_TYPE "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03"           /* pkcs9 3 */
#define CMS_OID_MESSAGE_DIGEST "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04"         /* pkcs9 4 */
#define CMS_OID_SIGNING_TIME "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05"           /* pkcs9 5 */

/* AlgorithmIdentifiers; none has parameters but the key agreement, which names its key wrap. */
#define CMS_SHA256 "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define CMS_ECDSA_WITH_SHA256 "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"
#define CMS_EC_PUBLIC_KEY "\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
#define CMS_AES256_WRAP "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2d"
#define CMS_STDDH_SHA256 "\x30\x15\x06\x06\x2b\x81\x04\x01\x0b\x01" CMS_AES256_WRAP
#define CMS_OID_AES256_GCM "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2e"

#define CMS_LITERAL(literal) bytes_of(literal, sizeof(literal) - 1)

#endif
