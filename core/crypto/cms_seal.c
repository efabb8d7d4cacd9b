/* AuthEnvelopedData (RFC 5083, RFC 5084): AES-256-GCM under a fresh content key, wrapped for each recipient:
 * by key agreement on P-256 (RFC 5753) or under a key that both sides hold.
 *
 * GCM authenticates the content and nothing before it, so a change to another recipient's part would go
 * unseen. The nonce may be anything, since each content key is used once: it is the beginning of the digest
 * of the whole list of recipients. Whoever changes the list must change the nonce, and then the tag fails. To
 * `openssl cms` it is a nonce like any other. */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "core/crypto/cms.h"
#include "core/crypto/cms_form.h"
#include "core/crypto/gcm.h"
#include "core/crypto/openssl.h"
#include "core/crypto/x509.h"

enum {
    POINT_BYTES = 65, /* 04, x, y */
    WRAPPED_BYTES = KEY_BYTES + 8,
    KEY_ID_MAX_BYTES = 64,
    RECIPIENT_MAX_BYTES = 300,
    RECIPIENTS_MAX_BYTES = RECIPIENTS_MAX * RECIPIENT_MAX_BYTES,
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

enum field { FIELD_RECIPIENTS, FIELD_NONCE, FIELD_SEALED, FIELD_TAG, FIELDS };

static const struct der_step sealed_form[] = {
    DER_ENTER(DER_SEQUENCE, "the object"),
    DER_IS(CMS_OID_AUTH_ENVELOPED, "the type of the object (sealed data)"),
    DER_ENTER(DER_CONTEXT_STRUCTURED, "the sealed object"),
    DER_ENTER(DER_SEQUENCE, "the sealed data"),
    DER_IS(CMS_VERSION("\x00"), "the version of the sealed data"),
    DER_TAKE(DER_SET, FIELD_RECIPIENTS, "the list of recipients"),
    DER_ENTER(DER_SEQUENCE, "the sealed content"),
    DER_IS(CMS_OID_DATA, "the type of the sealed content"),
    DER_ENTER(DER_SEQUENCE, "the cipher"),
    DER_IS(CMS_OID_AES256_GCM, "the cipher"),
    DER_ENTER(DER_SEQUENCE, "the cipher's parameters"),
    DER_TAKE(DER_OCTET_STRING, FIELD_NONCE, "the nonce"),
    DER_IS("\x02\x01\x10", "the length of the tag"),
    DER_LEAVE("the cipher's parameters"),
    DER_LEAVE("the cipher"),
    DER_TAKE(DER_CONTEXT, FIELD_SEALED, "the sealed content"),
    DER_LEAVE("the sealed content"),
    DER_TAKE(DER_OCTET_STRING, FIELD_TAG, "the tag"),
    DER_LEAVE("the sealed data"),
    DER_LEAVE("the sealed object"),
    DER_LEAVE("the object"),
};

enum agreed_field { AGREED_POINT, AGREED_KEY_ID, AGREED_WRAPPED, AGREED_FIELDS };

/* KeyAgreeRecipientInfo: one for each certificate. */
static const struct der_step agreed_form[] = {
    DER_ENTER(DER_CONTEXT_STRUCTURED + 1, "a recipient (key agreement)"),
    DER_IS(CMS_VERSION("\x03"), "the version of a recipient"),
    DER_ENTER(DER_CONTEXT_STRUCTURED, "a recipient's sender"),
    DER_ENTER(DER_CONTEXT_STRUCTURED + 1, "a recipient's sender (a key)"),
    DER_IS(CMS_EC_PUBLIC_KEY, "the algorithm of the sender's key"),
    DER_TAKE(DER_BIT_STRING, AGREED_POINT, "the sender's key"),
    DER_LEAVE("a recipient's sender"),
    DER_LEAVE("a recipient's sender"),
    DER_IS(CMS_STDDH_SHA256, "the key agreement"),
    DER_ENTER(DER_SEQUENCE, "a recipient's keys"),
    DER_ENTER(DER_SEQUENCE, "a recipient's key"),
    DER_ENTER(DER_CONTEXT_STRUCTURED, "a recipient's name (a key id)"),
    DER_TAKE(DER_OCTET_STRING, AGREED_KEY_ID, "a recipient's key id"),
    DER_LEAVE("a recipient's name"),
    DER_TAKE(DER_OCTET_STRING, AGREED_WRAPPED, "a wrapped key"),
    DER_LEAVE("a recipient's key"),
    DER_LEAVE("a recipient's keys"),
    DER_LEAVE("a recipient"),
};

enum held_field { HELD_KEY_ID, HELD_WRAPPED, HELD_FIELDS };

/* KEKRecipientInfo: the only one in its list. */
static const struct der_step held_form[] = {
    DER_ENTER(DER_CONTEXT_STRUCTURED + 2, "the recipient (a key)"),
    DER_IS(CMS_VERSION("\x04"), "the version of the recipient"),
    DER_ENTER(DER_SEQUENCE, "the recipient's name"),
    DER_TAKE(DER_OCTET_STRING, HELD_KEY_ID, "the recipient's key id"),
    DER_LEAVE("the recipient's name"),
    DER_IS(CMS_AES256_WRAP, "the key wrap"),
    DER_TAKE(DER_OCTET_STRING, HELD_WRAPPED, "the wrapped key"),
    DER_LEAVE("the recipient"),
};

/* --- the list of recipients, bound by the nonce -------------------------------------------------------- */

static void nonce_of(struct bytes recipients, uint8_t nonce[GCM_NONCE_BYTES])
{
    struct digest digest;

    digest_of(recipients, &digest);
    memcpy(nonce, digest.bytes, GCM_NONCE_BYTES);
}

/* --- key agreement ------------------------------------------------------------------------------------- */

/* ECC-CMS-SharedInfo (RFC 5753, 7.2): the key wrap, and its key length of 256 bits. */
#define SHARED_INFO "\x30\x15" CMS_AES256_WRAP "\xa2\x06\x04\x04\x00\x00\x01\x00"

static bool set_kdf(EVP_PKEY_CTX *context)
{
    const struct bytes info = CMS_LITERAL(SHARED_INFO);
    unsigned char *copy = OPENSSL_memdup(info.data, info.len);

    if (copy == NULL || EVP_PKEY_CTX_set_ecdh_kdf_type(context, EVP_PKEY_ECDH_KDF_X9_63) != 1 ||
        EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set_ecdh_kdf_outlen(context, KEY_BYTES) != 1 ||
        EVP_PKEY_CTX_set0_ecdh_kdf_ukm(context, copy, (int)info.len) != 1) {
        OPENSSL_free(copy);
        return false;
    }
    return true; /* copy is the context's now */
}

/* The wrapping key that own and other agree on: the same from both sides. */
static struct secret *agree(EVP_PKEY *own, EVP_PKEY *other, struct error *err)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(own, NULL);
    struct secret *key = secret_new(KEY_BYTES, err);
    size_t len = KEY_BYTES;

    if (key != NULL && (context == NULL || EVP_PKEY_derive_init(context) != 1 || !set_kdf(context) ||
                           EVP_PKEY_derive_set_peer(context, other) != 1 ||
                           EVP_PKEY_derive(context, secret_data(key), &len) != 1 || len != KEY_BYTES)) {
        openssl_fail(err, ERROR_UNTRUSTED, "the keys of sender and recipient do not fit");
        secret_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *key_of_point(struct bytes point)
{
    char group[] = "P-256";
    union {
        const uint8_t *in;
        void *out;
    } both = {point.data}; /* only read */
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, both.out, point.len),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;

    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL; /* not a point of the curve */
    EVP_PKEY_CTX_free(context);
    return key;
}

/* A BIT STRING: no unused bits, then the uncompressed point. */
static bool add_point(struct buffer *out, EVP_PKEY *key)
{
    uint8_t bits[1 + POINT_BYTES] = {0};
    size_t len = 0;

    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bits + 1, POINT_BYTES, &len) != 1 ||
        len != POINT_BYTES || bits[1] != 4)
        return false;
    der_element(out, DER_BIT_STRING, bytes_of(bits, sizeof bits));
    return !out->failed;
}

/* --- writing ------------------------------------------------------------------------------------------- */

static void wrap_in(struct buffer *out, int tag)
{
    struct buffer inside = *out;

    *out = (struct buffer){.max = inside.max};
    der_element(out, tag, buffer_bytes(&inside));
    out->failed |= inside.failed;
    buffer_release(&inside);
}

/* The sender's ephemeral key, as agreed_form has it. */
static bool add_sender(struct buffer *out, EVP_PKEY *ephemeral)
{
    struct buffer sender = {.max = RECIPIENT_MAX_BYTES};
    bool ok;

    (void)buffer_add_bytes(&sender, CMS_LITERAL(CMS_EC_PUBLIC_KEY));
    ok = add_point(&sender, ephemeral);
    wrap_in(&sender, DER_CONTEXT_STRUCTURED + 1);
    der_element(out, DER_CONTEXT_STRUCTURED, buffer_bytes(&sender));
    ok = ok && !sender.failed && !out->failed;
    buffer_release(&sender);
    return ok;
}

static bool add_keys(struct buffer *out, struct bytes key_id, struct bytes wrapped)
{
    struct buffer keys = {.max = RECIPIENT_MAX_BYTES};
    bool ok;

    der_element(&keys, DER_OCTET_STRING, key_id);
    wrap_in(&keys, DER_CONTEXT_STRUCTURED);
    der_element(&keys, DER_OCTET_STRING, wrapped);
    wrap_in(&keys, DER_SEQUENCE);
    der_element(out, DER_SEQUENCE, buffer_bytes(&keys));
    ok = !keys.failed && !out->failed;
    buffer_release(&keys);
    return ok;
}

static bool wrap_for(EVP_PKEY *ephemeral, const struct certificate *recipient,
    const struct secret *content_key, struct buffer *wrapped, struct error *err)
{
    struct secret *wrapping = agree(ephemeral, certificate_public(recipient), err);
    bool ok = wrapping != NULL && key_wrap(wrapping, secret_bytes(content_key), wrapped, err);

    secret_free(wrapping);
    return ok;
}

/* A KeyAgreeRecipientInfo into the empty buffer out. */
static bool make_agreed(const struct certificate *recipient, const struct secret *content_key,
    struct buffer *out, struct error *err)
{
    EVP_PKEY *ephemeral = EVP_EC_gen("P-256");
    struct buffer wrapped = {.max = WRAPPED_BYTES};
    bool ok = false;

    if ((X509_get_key_usage(certificate_x509(recipient)) & KU_KEY_AGREEMENT) == 0) {
        error_set(err, ERROR_USAGE, "a recipient's certificate is not for opening");
        goto done;
    }
    if (ephemeral == NULL) {
        openssl_fail(err, ERROR_NOMEM, "cannot make a key");
        goto done;
    }
    if (!wrap_for(ephemeral, recipient, content_key, &wrapped, err))
        goto done;
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_VERSION("\x03")));
    ok = add_sender(out, ephemeral);
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_STDDH_SHA256));
    ok = ok && add_keys(out, certificate_key_id(recipient), buffer_bytes(&wrapped));
    wrap_in(out, DER_CONTEXT_STRUCTURED + 1);
    ok = (ok && !out->failed) || openssl_fail(err, ERROR_NOMEM, "cannot seal");
done:
    buffer_release(&wrapped);
    EVP_PKEY_free(ephemeral);
    return ok;
}

/* The list itself, encoded: sorted as a SET OF is. */
static bool add_list(struct buffer *out, struct buffer *infos, size_t count)
{
    struct bytes *sorted = calloc(count, sizeof *sorted);
    size_t len = 0;

    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        sorted[i] = buffer_bytes(&infos[i]);
        len += sorted[i].len;
    }
    qsort(sorted, count, sizeof *sorted, der_compare);
    der_header(out, DER_SET, len);
    for (size_t i = 0; i < count; i++)
        (void)buffer_add_bytes(out, sorted[i]);
    free(sorted);
    return !out->failed;
}

static bool make_list(const struct certificate *const *recipients, size_t count,
    const struct secret *content_key, struct buffer *out, struct error *err)
{
    struct buffer *infos = calloc(count, sizeof *infos);
    bool ok = infos != NULL;

    if (!ok)
        return error_set(err, ERROR_NOMEM, "no memory for %zu recipients", count);
    for (size_t i = 0; ok && i < count; i++) {
        infos[i].max = RECIPIENT_MAX_BYTES;
        ok = make_agreed(recipients[i], content_key, &infos[i], err);
    }
    if (ok)
        ok =
            add_list(out, infos, count) || error_set(err, ERROR_NOMEM, "no memory for %zu recipients", count);
    for (size_t i = 0; i < count; i++)
        buffer_release(&infos[i]);
    free(infos);
    return ok;
}

/* The algorithm: AES-256-GCM with that nonce and a tag of 16 bytes. */
static void add_cipher(struct buffer *out, const uint8_t nonce[GCM_NONCE_BYTES])
{
    der_header(out, DER_SEQUENCE, sizeof CMS_OID_AES256_GCM - 1 + der_size(der_size(GCM_NONCE_BYTES) + 3));
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_OID_AES256_GCM));
    der_header(out, DER_SEQUENCE, der_size(GCM_NONCE_BYTES) + 3);
    der_element(out, DER_OCTET_STRING, bytes_of(nonce, GCM_NONCE_BYTES));
    (void)buffer_add_bytes(out, CMS_LITERAL("\x02\x01\x10"));
}

/* From the outside in, lengths first: the content may be large and is written once, encrypted in place. */
static bool add_object(struct buffer *out, struct bytes recipients, const struct secret *content_key,
    struct bytes content, struct error *err)
{
    const size_t before = out->len;
    struct buffer cipher = {.max = 64};
    uint8_t nonce[GCM_NONCE_BYTES], tag[GCM_TAG_BYTES], *room;
    size_t content_len, data_len;
    bool ok = false;

    nonce_of(recipients, nonce);
    add_cipher(&cipher, nonce);
    content_len = sizeof CMS_OID_DATA - 1 + cipher.len + der_size(content.len);
    data_len = 3 + recipients.len + der_size(content_len) + der_size(GCM_TAG_BYTES);
    der_header(out, DER_SEQUENCE, sizeof CMS_OID_AUTH_ENVELOPED - 1 + der_size(der_size(data_len)));
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_OID_AUTH_ENVELOPED));
    der_header(out, DER_CONTEXT_STRUCTURED, der_size(data_len));
    der_header(out, DER_SEQUENCE, data_len);
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_VERSION("\x00")));
    (void)buffer_add_bytes(out, recipients);
    der_header(out, DER_SEQUENCE, content_len);
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_OID_DATA));
    (void)buffer_add_bytes(out, buffer_bytes(&cipher));
    der_header(out, DER_CONTEXT, content.len);
    room = buffer_extend(out, content.len);
    if (room == NULL || cipher.failed) {
        error_set(err, ERROR_LIMIT, "the sealed object is larger than %zu bytes", out->max);
    } else if (gcm_seal(content_key, nonce, bytes_of(NULL, 0), content, room, tag, err)) {
        der_element(out, DER_OCTET_STRING, bytes_of(tag, GCM_TAG_BYTES));
        ok = !out->failed ||
             error_set(err, ERROR_LIMIT, "the sealed object is larger than %zu bytes", out->max);
    }
    if (!ok)
        buffer_cut(out, before);
    buffer_release(&cipher);
    return ok;
}

/* Two of the same would make the list's order, and so its form, a matter of taste. */
static bool recipients_differ(const struct certificate *const *recipients, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (bytes_equal(certificate_key_id(recipients[i]), certificate_key_id(recipients[k])))
                return false;
    return true;
}

bool cms_seal(struct bytes content, const struct certificate *const *recipients, size_t count,
    struct buffer *out, struct error *err)
{
    struct buffer list = {.max = RECIPIENTS_MAX_BYTES};
    struct secret *content_key = NULL;
    bool ok = false;

    if (count == 0 || count > RECIPIENTS_MAX || !recipients_differ(recipients, count))
        return error_set(err, ERROR_USAGE, "sealed is to 1 to %u different recipients", RECIPIENTS_MAX);
    content_key = secret_random(KEY_BYTES, err);
    ok = content_key != NULL && make_list(recipients, count, content_key, &list, err) &&
         add_object(out, buffer_bytes(&list), content_key, content, err);
    secret_free(content_key);
    buffer_release(&list);
    return ok;
}

/* A KEKRecipientInfo alone in its list. */
static bool make_held(struct bytes key_id, struct bytes wrapped, struct buffer *out)
{
    struct buffer name = {.max = RECIPIENT_MAX_BYTES};
    bool ok;

    der_element(&name, DER_OCTET_STRING, key_id);
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_VERSION("\x04")));
    der_element(out, DER_SEQUENCE, buffer_bytes(&name));
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_AES256_WRAP));
    der_element(out, DER_OCTET_STRING, wrapped);
    wrap_in(out, DER_CONTEXT_STRUCTURED + 2);
    wrap_in(out, DER_SET);
    ok = !name.failed && !out->failed;
    buffer_release(&name);
    return ok;
}

bool cms_seal_key(struct bytes content, const struct secret *key, struct bytes key_id, struct buffer *out,
    struct error *err)
{
    struct buffer list = {.max = RECIPIENT_MAX_BYTES}, wrapped = {.max = WRAPPED_BYTES};
    struct secret *content_key = NULL;
    bool ok = false;

    if (key_id.len == 0 || key_id.len > KEY_ID_MAX_BYTES)
        return error_set(err, ERROR_USAGE, "a key id has 1 to %d bytes", KEY_ID_MAX_BYTES);
    content_key = secret_random(KEY_BYTES, err);
    if (content_key == NULL || !key_wrap(key, secret_bytes(content_key), &wrapped, err))
        goto done;
    ok = (make_held(key_id, buffer_bytes(&wrapped), &list) ||
             error_set(err, ERROR_NOMEM, "no memory to seal")) &&
         add_object(out, buffer_bytes(&list), content_key, content, err);
done:
    secret_free(content_key);
    buffer_release(&wrapped);
    buffer_release(&list);
    return ok;
}

/* --- reading ------------------------------------------------------------------------------------------- */

static bool walk(struct bytes object, struct bytes fields[FIELDS], struct error *err)
{
    if (!der_walk_all(sealed_form, COUNT(sealed_form), object, fields, err))
        return false;
    if (fields[FIELD_NONCE].len != GCM_NONCE_BYTES)
        return error_set(
            err, ERROR_FORMAT, "the nonce has %zu bytes, not %d", fields[FIELD_NONCE].len, GCM_NONCE_BYTES);
    return fields[FIELD_TAG].len == GCM_TAG_BYTES ||
           error_set(
               err, ERROR_FORMAT, "the tag has %zu bytes, not %d", fields[FIELD_TAG].len, GCM_TAG_BYTES);
}

/* The nonce is of the list as a whole element; the walk took its content. */
static bool check_nonce(const struct bytes fields[FIELDS], struct error *err)
{
    struct buffer list = {.max = RECIPIENTS_MAX_BYTES};
    uint8_t nonce[GCM_NONCE_BYTES];
    bool ok;

    der_element(&list, DER_SET, fields[FIELD_RECIPIENTS]);
    nonce_of(buffer_bytes(&list), nonce);
    ok = (!list.failed && bytes_equal(bytes_of(nonce, GCM_NONCE_BYTES), fields[FIELD_NONCE])) ||
         error_set(err, ERROR_UNTRUSTED, "the nonce is not of this list of recipients");
    buffer_release(&list);
    return ok;
}

static bool open_content(const struct bytes fields[FIELDS], const struct secret *content_key,
    struct buffer *content, struct error *err)
{
    const size_t before = content->len;
    uint8_t *room = buffer_extend(content, fields[FIELD_SEALED].len);

    if (room == NULL)
        return error_set(err, ERROR_LIMIT, "the sealed content is larger than %zu bytes", content->max);
    if (gcm_open(content_key, fields[FIELD_NONCE].data, bytes_of(NULL, 0), fields[FIELD_SEALED],
            fields[FIELD_TAG].data, room, err))
        return true;
    buffer_cut(content, before);
    return false;
}

/* One recipient of the list; its parts have the one length. */
static bool walk_agreed(struct bytes info, struct bytes parts[AGREED_FIELDS], struct error *err)
{
    if (!der_walk_all(agreed_form, COUNT(agreed_form), info, parts, err))
        return false;
    if (parts[AGREED_POINT].len != 1 + POINT_BYTES || parts[AGREED_POINT].data[0] != 0 ||
        parts[AGREED_POINT].data[1] != 4)
        return error_set(err, ERROR_FORMAT, "the sender's key is not an uncompressed point of P-256");
    return (parts[AGREED_KEY_ID].len >= 1 && parts[AGREED_KEY_ID].len <= KEY_ID_MAX_BYTES &&
               parts[AGREED_WRAPPED].len == WRAPPED_BYTES) ||
           error_set(err, ERROR_FORMAT, "a recipient's parts are not of the one length");
}

/* Walks the whole list, so that every recipient is of the form, and leaves the parts of the one with that key
 * id. */
static bool find_agreed(
    struct bytes list, struct bytes key_id, struct bytes found[AGREED_FIELDS], struct error *err)
{
    struct bytes info = {NULL, 0}, parts[AGREED_FIELDS] = {{NULL, 0}};
    size_t count = 0, hits = 0;

    while (list.len > 0) {
        if (++count > RECIPIENTS_MAX)
            return error_set(err, ERROR_FORMAT, "there are more than %u recipients", RECIPIENTS_MAX);
        if (!der_next_of_set(&list, &info, err) || !walk_agreed(info, parts, err))
            return false;
        if (bytes_equal(parts[AGREED_KEY_ID], key_id)) {
            memcpy(found, parts, sizeof parts);
            hits++;
        }
    }
    if (hits > 1)
        return error_set(err, ERROR_FORMAT, "it is sealed to this key %zu times", hits);
    return hits == 1 ||
           error_set(err, ERROR_UNTRUSTED, "it is sealed to %zu others and not to this key", count);
}

static struct secret *unwrap_agreed(
    const struct bytes parts[AGREED_FIELDS], const struct identity *recipient, struct error *err)
{
    const struct bytes bits = parts[AGREED_POINT];
    EVP_PKEY *sender = key_of_point(bytes_of(bits.data + 1, bits.len - 1));
    struct secret *wrapping = NULL, *content_key = NULL;

    if (sender == NULL)
        openssl_fail(err, ERROR_FORMAT, "the sender's key is not a point of P-256");
    else if ((wrapping = agree(identity_private(recipient), sender, err)) != NULL)
        content_key = key_unwrap(wrapping, parts[AGREED_WRAPPED], err);
    secret_free(wrapping);
    EVP_PKEY_free(sender);
    return content_key;
}

bool cms_open(
    struct bytes object, const struct identity *recipient, struct buffer *content, struct error *err)
{
    const struct bytes key_id = certificate_key_id(identity_certificate(recipient));
    struct bytes fields[FIELDS] = {{NULL, 0}}, parts[AGREED_FIELDS] = {{NULL, 0}};
    struct secret *content_key = NULL;
    bool ok = false;

    if (!walk(object, fields, err) || !find_agreed(fields[FIELD_RECIPIENTS], key_id, parts, err) ||
        !check_nonce(fields, err))
        goto done;
    content_key = unwrap_agreed(parts, recipient, err);
    ok = content_key != NULL && open_content(fields, content_key, content, err);
done:
    if (!ok)
        error_prefix(err, "not sealed as it must be");
    secret_free(content_key);
    return ok;
}

/* The one recipient, which is named by a key. */
static bool walk_held(struct bytes list, struct bytes parts[HELD_FIELDS], struct error *err)
{
    if (!der_walk_all(held_form, COUNT(held_form), list, parts, err))
        return false;
    return (parts[HELD_KEY_ID].len >= 1 && parts[HELD_KEY_ID].len <= KEY_ID_MAX_BYTES &&
               parts[HELD_WRAPPED].len == WRAPPED_BYTES) ||
           error_set(err, ERROR_FORMAT, "the recipient's parts are not of the one length");
}

bool cms_key_id(struct bytes object, struct buffer *key_id, struct error *err)
{
    struct bytes fields[FIELDS] = {{NULL, 0}}, parts[HELD_FIELDS] = {{NULL, 0}};

    if (!walk(object, fields, err) || !walk_held(fields[FIELD_RECIPIENTS], parts, err) ||
        !check_nonce(fields, err))
        return error_prefix(err, "not sealed as it must be");
    return buffer_add_bytes(key_id, parts[HELD_KEY_ID]) ||
           error_set(err, ERROR_LIMIT, "the key id is larger than %zu bytes", key_id->max);
}

static bool find_held(
    struct bytes list, struct bytes key_id, struct bytes parts[HELD_FIELDS], struct error *err)
{
    return walk_held(list, parts, err) &&
           (bytes_equal(parts[HELD_KEY_ID], key_id) ||
               error_set(err, ERROR_UNTRUSTED, "it is sealed under another key"));
}

bool cms_open_key(struct bytes object, const struct secret *key, struct bytes key_id, struct buffer *content,
    struct error *err)
{
    struct bytes fields[FIELDS] = {{NULL, 0}}, parts[HELD_FIELDS] = {{NULL, 0}};
    struct secret *content_key = NULL;
    bool ok = false;

    if (!walk(object, fields, err) || !find_held(fields[FIELD_RECIPIENTS], key_id, parts, err) ||
        !check_nonce(fields, err))
        goto done;
    content_key = key_unwrap(key, parts[HELD_WRAPPED], err);
    ok = content_key != NULL && open_content(fields, content_key, content, err);
done:
    if (!ok)
        error_prefix(err, "not sealed as it must be");
    secret_free(content_key);
    return ok;
}
