#include "core/crypto/tls_client.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "core/crypto/oids.h"

bool tls_client_expect_role(void *ssl_ctx, enum role role)
{
    X509_VERIFY_PARAM *rules = SSL_CTX_get0_param(ssl_ctx);
    const uint8_t *der = oid_roles[role].der;
    ASN1_OBJECT *policy = d2i_ASN1_OBJECT(NULL, &der, OID_BYTES);

    if (policy == NULL ||
        X509_VERIFY_PARAM_add0_policy(rules, policy) != 1) { /* takes it over when it succeeds */
        ASN1_OBJECT_free(policy);
        return false;
    }
    return X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_EXPLICIT_POLICY | X509_V_FLAG_POLICY_CHECK) == 1;
}
