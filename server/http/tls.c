#include "server/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

struct tls {
    SSL_CTX *context;
    tls_admit *admit;
    void *admit_context;
};

/* What tls_accept was given, found again from within the handshake. */
struct visit {
    struct tls *tls;
    struct peer *peer;
    struct error *why;
};

static int visit_index = -1;

static void free_visit(void *parent, void *visit, CRYPTO_EX_DATA *data, int index, long number, void *pointer)
{
    (void)parent;
    (void)data;
    (void)index;
    (void)number;
    (void)pointer;
    free(visit);
}

const char *tls_reason(unsigned long code)
{
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
    return reason == NULL ? "the connection broke off" : reason;
}

static bool openssl_failed(struct error *err, const char *what)
{
    error_set(err, ERROR_IO, "%s: %s", what, tls_reason(ERR_peek_last_error()));
    ERR_clear_error();
    return false;
}

/* The client's certificates in DER, its own first. The bytes are freed with release_chain. */
static size_t encode_chain(X509_STORE_CTX *store, struct bytes chain[TLS_CHAIN_MAX])
{
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(store);
    size_t count = 0;
    for (int i = 0; i < sk_X509_num(sent) && count < TLS_CHAIN_MAX; i++) {
        unsigned char *der = NULL;
        int len = i2d_X509(sk_X509_value(sent, i), &der);
        if (len <= 0)
            break;
        chain[count++] = bytes_of(der, (size_t)len);
    }
    return count;
}

static void release_chain(struct bytes *chain, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        void *der;
        memcpy(&der, &chain[i].data, sizeof der); /* encode_chain made it: not const */
        OPENSSL_free(der);
    }
}

/* Instead of OpenSSL's own verification: the rules of who may come in are core's (certificate.h). */
static int verify_client(X509_STORE_CTX *store, void *context)
{
    struct bytes chain[TLS_CHAIN_MAX];
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct visit *visit = ssl == NULL ? NULL : SSL_get_ex_data(ssl, visit_index);
    (void)context;
    size_t count = visit == NULL ? 0 : encode_chain(store, chain);
    bool ok =
        count > 0 && visit->tls->admit(visit->tls->admit_context, chain, count, visit->peer, visit->why);
    release_chain(chain, count);
    X509_STORE_CTX_set_error(store, ok ? X509_V_OK : X509_V_ERR_CERT_UNTRUSTED);
    return ok ? 1 : 0;
}

static bool configure(struct tls *tls, const char *key_path, const char *chain_path, struct error *err)
{
    SSL_CTX *context = tls->context;
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); /* a seat that waits costs little memory */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (!SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) || !SSL_CTX_set_num_tickets(context, 0))
        return openssl_failed(err, "TLS can't be set up");
    if (SSL_CTX_use_certificate_chain_file(context, chain_path) != 1)
        return openssl_failed(err, chain_path);
    if (SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return openssl_failed(err, key_path);
    if (tls->admit != NULL) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
        SSL_CTX_set_cert_verify_callback(context, verify_client, NULL);
    }
    return true;
}

struct tls *tls_new(
    const char *key_path, const char *chain_path, tls_admit *admit, void *context, struct error *err)
{
    if (visit_index < 0)
        visit_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_visit);
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL || visit_index < 0 || (tls->context = SSL_CTX_new(TLS_server_method())) == NULL) {
        error_set(err, ERROR_NOMEM, "TLS can't be set up: out of memory");
        goto failed;
    }
    tls->admit = admit;
    tls->admit_context = context;
    if (configure(tls, key_path, chain_path, err))
        return tls;
failed:
    tls_free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context);
    free(tls);
}

struct ssl_st *tls_accept(struct tls *tls, struct peer *peer, struct error *why)
{
    struct visit *visit = malloc(sizeof *visit);
    SSL *ssl = SSL_new(tls->context);
    if (visit == NULL || ssl == NULL || SSL_set_ex_data(ssl, visit_index, visit) != 1) {
        free(visit);
        SSL_free(ssl);
        return NULL;
    }
    *visit = (struct visit){tls, peer, why};
    return ssl;
}
