/* SignedData: its one form, written and read. OpenSSL's own CMS is not used: it reads many forms, of which
 * this table would have to sort one out again, and what the table has walked needs no second parser. The
 * tests hold both directions against `openssl cms`. */
#include <stdio.h>
#include <string.h>

#include "core/crypto/cms.h"
#include "core/crypto/cms_form.h"
#include "core/crypto/oids.h"
#include "core/crypto/signature.h"
#include "core/crypto/x509.h"
#include "core/encoding.h"

enum field {
    FIELD_KIND,
    FIELD_CONTENT,
    FIELD_CERTIFICATES,
    FIELD_SIGNER,
    FIELD_ATTRIBUTES,
    FIELD_SIGNATURE,
    FIELDS
};

static const struct der_step signed_form[] = {
    DER_ENTER(DER_SEQUENCE, "the object"),
    DER_IS(CMS_OID_SIGNED_DATA, "the type of the object (signed data)"),
    DER_ENTER(DER_CONTEXT_STRUCTURED, "the signed object"),
    DER_ENTER(DER_SEQUENCE, "the signed data"),
    DER_IS(CMS_VERSION("\x03"), "the version of the signed data"),
    DER_IS("\x31\x0d" CMS_SHA256, "the digest algorithm"),
    DER_ENTER(DER_SEQUENCE, "the signed content"),
    DER_TAKE(DER_OID, FIELD_KIND, "the content type"),
    DER_ENTER(DER_CONTEXT_STRUCTURED, "the content"),
    DER_TAKE(DER_OCTET_STRING, FIELD_CONTENT, "the content"),
    DER_LEAVE("the content"),
    DER_LEAVE("the signed content"),
    DER_TAKE(DER_CONTEXT_STRUCTURED, FIELD_CERTIFICATES, "the list of certificates"),
    DER_ENTER(DER_SET, "the list of signers"),
    DER_ENTER(DER_SEQUENCE, "the signer"),
    DER_IS(CMS_VERSION("\x03"), "the version of the signer"),
    DER_TAKE(DER_CONTEXT, FIELD_SIGNER, "the signer's key id"),
    DER_IS(CMS_SHA256, "the signer's digest algorithm"),
    DER_TAKE(DER_CONTEXT_STRUCTURED, FIELD_ATTRIBUTES, "the list of signed attributes"),
    DER_IS(CMS_ECDSA_WITH_SHA256, "the signature algorithm"),
    DER_TAKE(DER_OCTET_STRING, FIELD_SIGNATURE, "the signature"),
    DER_LEAVE("the signer"),
    DER_LEAVE("the list of signers"),
    DER_LEAVE("the signed data"),
    DER_LEAVE("the signed object"),
    DER_LEAVE("the object"),
};

enum attribute { ATTRIBUTE_TIME, ATTRIBUTE_KIND, ATTRIBUTE_DIGEST, ATTRIBUTES };

/* In the order of a SET OF, which for these lengths is always this one. */
static const struct der_step attribute_form[] = {
    DER_ENTER(DER_SEQUENCE, "the first signed attribute"),
    DER_IS(CMS_OID_SIGNING_TIME, "the first signed attribute (signing time)"),
    DER_TAKE(DER_SET, ATTRIBUTE_TIME, "the signing time"),
    DER_LEAVE("the first signed attribute"),
    DER_ENTER(DER_SEQUENCE, "the second signed attribute"),
    DER_IS(CMS_OID_CONTENT_TYPE, "the second signed attribute (content type)"),
    DER_ENTER(DER_SET, "the signed content type"),
    DER_TAKE(DER_OID, ATTRIBUTE_KIND, "the signed content type"),
    DER_LEAVE("the signed content type"),
    DER_LEAVE("the second signed attribute"),
    DER_ENTER(DER_SEQUENCE, "the third signed attribute"),
    DER_IS(CMS_OID_MESSAGE_DIGEST, "the third signed attribute (digest)"),
    DER_ENTER(DER_SET, "the signed digest"),
    DER_TAKE(DER_OCTET_STRING, ATTRIBUTE_DIGEST, "the signed digest"),
    DER_LEAVE("the signed digest"),
    DER_LEAVE("the third signed attribute"),
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* --- signing time -------------------------------------------------------------------------------------- */

/* RFC 5652, 11.3: UTCTime through 2049, GeneralizedTime from 2050 on; whole seconds, UTC. */
static void add_time(struct buffer *out, int64_t wall_ms)
{
    char text[TIMESTAMP_SIZE], compact[16];
    size_t len = 0, from;

    timestamp_format(wall_ms, text); /* 2026-11-22T07:34:50.000Z */
    from = strncmp(text, "2050", 4) < 0 ? 2 : 0;
    for (size_t i = from; i < 19; i++)
        if (text[i] >= '0' && text[i] <= '9')
            compact[len++] = text[i];
    compact[len++] = 'Z';
    der_element(out, from == 2 ? DER_UTC_TIME : DER_GENERALIZED_TIME, bytes_of(compact, len));
}

/* Reads digits where they are and asks the writer whether it would have written the same. */
static bool read_time(struct bytes element, int64_t *wall_ms)
{
    struct buffer again = {.max = 32};
    char digits[16], text[TIMESTAMP_SIZE];
    const bool is_utc = element.len == 15 && element.data[0] == DER_UTC_TIME;
    bool ok = false;

    if (!is_utc && !(element.len == 17 && element.data[0] == DER_GENERALIZED_TIME))
        return false;
    (void)snprintf(digits, sizeof digits, "%s%.*s",
        !is_utc                 ? ""
        : element.data[2] < '5' ? "20"
                                : "19",
        (int)element.len - 3, (const char *)element.data + 2);
    (void)snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s.000Z", digits, digits + 4, digits + 6,
        digits + 8, digits + 10, digits + 12);
    if (timestamp_parse(text, wall_ms)) {
        add_time(&again, *wall_ms);
        ok = bytes_equal(buffer_bytes(&again), element);
    }
    buffer_release(&again);
    return ok;
}

/* --- writing ------------------------------------------------------------------------------------------- */

static struct bytes kind_oid(enum object_kind kind)
{
    return bytes_of(oid_kinds[kind].der, OID_BYTES);
}

static void add_attribute(struct buffer *out, struct bytes oid, struct bytes value)
{
    der_header(out, DER_SEQUENCE, oid.len + der_size(value.len));
    (void)buffer_add_bytes(out, oid);
    der_element(out, DER_SET, value);
}

/* The content of the list of signed attributes. */
static void add_attributes(
    struct buffer *out, enum object_kind kind, const struct digest *digest, int64_t signing_time_ms)
{
    struct buffer value = {.max = 64};

    add_time(&value, signing_time_ms);
    add_attribute(out, CMS_LITERAL(CMS_OID_SIGNING_TIME), buffer_bytes(&value));
    add_attribute(out, CMS_LITERAL(CMS_OID_CONTENT_TYPE), kind_oid(kind));
    buffer_clear(&value);
    der_element(&value, DER_OCTET_STRING, bytes_of(digest->bytes, DIGEST_BYTES));
    add_attribute(out, CMS_LITERAL(CMS_OID_MESSAGE_DIGEST), buffer_bytes(&value));
    buffer_release(&value);
}

/* What is signed is the list under the tag of a SET, not under the one it has in the object (RFC 5652, 5.4).
 */
static bool make_signature(
    const struct identity *signer, struct bytes attributes, struct buffer *signature, struct error *err)
{
    struct buffer set = {.max = 1024};
    bool ok;

    der_element(&set, DER_SET, attributes);
    ok = signature_make(identity_private(signer), buffer_bytes(&set), signature, err);
    buffer_release(&set);
    return ok;
}

/* The list of signers: this one. */
static bool add_signers(struct buffer *out, enum object_kind kind, struct bytes content,
    const struct identity *signer, int64_t signing_time_ms, struct error *err)
{
    const struct bytes key_id = certificate_key_id(identity_certificate(signer));
    struct buffer attributes = {.max = 512}, signature = {.max = SIGNATURE_MAX_BYTES}, info = {.max = 1024};
    struct buffer list = {.max = 1024};
    struct digest digest;
    bool ok = false;

    digest_of(content, &digest);
    add_attributes(&attributes, kind, &digest, signing_time_ms);
    if (!make_signature(signer, buffer_bytes(&attributes), &signature, err))
        goto done;
    (void)buffer_add_bytes(&info, CMS_LITERAL(CMS_VERSION("\x03")));
    der_element(&info, DER_CONTEXT, key_id);
    (void)buffer_add_bytes(&info, CMS_LITERAL(CMS_SHA256));
    der_element(&info, DER_CONTEXT_STRUCTURED, buffer_bytes(&attributes));
    (void)buffer_add_bytes(&info, CMS_LITERAL(CMS_ECDSA_WITH_SHA256));
    der_element(&info, DER_OCTET_STRING, buffer_bytes(&signature));
    der_element(&list, DER_SEQUENCE, buffer_bytes(&info));
    der_element(out, DER_SET, buffer_bytes(&list));
    ok = (!attributes.failed && !info.failed && !list.failed && !out->failed) ||
         error_set(err, ERROR_NOMEM, "no memory to sign");
done:
    buffer_release(&list);
    buffer_release(&info);
    buffer_release(&signature);
    buffer_release(&attributes);
    return ok;
}

/* The signer's certificate and its chain, in the order of a SET OF. */
static bool add_certificates(struct buffer *out, const struct identity *signer, struct error *err)
{
    const struct certificate *const *chain;
    const size_t count = identity_chain(signer, &chain) + 1;
    struct buffer ders[CHAIN_MAX] = {{.max = 0}}, list = {.max = PEM_MAX_BYTES};
    struct bytes sorted[CHAIN_MAX];
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        ders[i].max = PEM_MAX_BYTES;
        ok = certificate_der(i == 0 ? identity_certificate(signer) : chain[i - 1], &ders[i], err);
        sorted[i] = buffer_bytes(&ders[i]);
    }
    if (ok) {
        qsort(sorted, count, sizeof sorted[0], der_compare);
        for (size_t i = 0; i < count; i++)
            (void)buffer_add_bytes(&list, sorted[i]);
        der_element(out, DER_CONTEXT_STRUCTURED, buffer_bytes(&list));
        ok = (!list.failed && !out->failed) || error_set(err, ERROR_NOMEM, "no memory to sign");
    }
    for (size_t i = 0; i < count; i++)
        buffer_release(&ders[i]);
    buffer_release(&list);
    return ok;
}

/* From the outside in, lengths first: the content may be large and is copied once. tail is what follows it.
 */
static bool add_object(
    struct buffer *out, enum object_kind kind, struct bytes content, struct bytes tail, struct error *err)
{
    static const char head[] = CMS_VERSION("\x03") "\x31\x0d" CMS_SHA256;
    const size_t before = out->len;
    const size_t content_len = OID_BYTES + der_size(der_size(content.len));
    const size_t data_len = sizeof head - 1 + der_size(content_len) + tail.len;

    der_header(out, DER_SEQUENCE, sizeof CMS_OID_SIGNED_DATA - 1 + der_size(der_size(data_len)));
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_OID_SIGNED_DATA));
    der_header(out, DER_CONTEXT_STRUCTURED, der_size(data_len));
    der_header(out, DER_SEQUENCE, data_len);
    (void)buffer_add_bytes(out, CMS_LITERAL(head));
    der_header(out, DER_SEQUENCE, content_len);
    (void)buffer_add_bytes(out, kind_oid(kind));
    der_header(out, DER_CONTEXT_STRUCTURED, der_size(content.len));
    der_element(out, DER_OCTET_STRING, content);
    (void)buffer_add_bytes(out, tail);
    if (!out->failed)
        return true;
    buffer_cut(out, before);
    return error_set(err, ERROR_LIMIT, "the %s is larger than %zu bytes", object_name(kind), out->max);
}

bool cms_sign(enum object_kind kind, struct bytes content, const struct identity *signer,
    int64_t signing_time_ms, struct buffer *out, struct error *err)
{
    X509 *x509 = certificate_x509(identity_certificate(signer));
    struct buffer tail = {.max = PEM_MAX_BYTES + 1024};
    bool ok = false;

    if ((X509_get_key_usage(x509) & KU_DIGITAL_SIGNATURE) == 0)
        return error_set(err, ERROR_USAGE, "this certificate is not for signing");
    ok = add_certificates(&tail, signer, err) &&
         add_signers(&tail, kind, content, signer, signing_time_ms, err) &&
         add_object(out, kind, content, buffer_bytes(&tail), err);
    buffer_release(&tail);
    return ok;
}

/* --- reading ------------------------------------------------------------------------------------------- */

/* What was walked of an object, and the certificates in it: the signer's, then the others. */
struct parts {
    struct bytes fields[FIELDS];
    struct bytes attributes[ATTRIBUTES];
    int64_t signing_time_ms;
    struct certificate *certificates[CHAIN_MAX];
    size_t count;
    struct signers *signers; /* NULL: these rules leave nothing to remember */
    struct digest known_as;
    bool is_known;
};

static void parts_release(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        certificate_free(parts->certificates[i]);
}

static bool kind_is(struct bytes oid, enum object_kind kind)
{
    return bytes_equal(oid, bytes_of(oid_kinds[kind].der + 2, OID_BYTES - 2));
}

static bool check_kind(const struct parts *parts, enum object_kind kind, struct error *err)
{
    const struct bytes oid = parts->fields[FIELD_KIND];

    if (!kind_is(oid, kind)) {
        for (enum object_kind other = 0; other < OBJECT_KINDS; other++)
            if (kind_is(oid, other))
                return error_set(
                    err, ERROR_FORMAT, "it is of the kind %s, not %s", object_name(other), object_name(kind));
        return error_set(err, ERROR_FORMAT, "its content type is none of ours");
    }
    return bytes_equal(oid, parts->attributes[ATTRIBUTE_KIND]) ||
           error_set(err, ERROR_FORMAT, "the signed content type is another than the content's");
}

/* One that the trust holds already is not parsed again: decoding a key takes OpenSSL longer than checking a
 * signature. */
static struct certificate *read_certificate(struct bytes der, const struct trust *trust, struct error *err)
{
    const struct certificate *held;
    struct digest digest;

    digest_of(der, &digest);
    held = trust_find(trust, &digest);
    return held == NULL ? certificate_parse(der, err) : certificate_copy(held);
}

static bool read_certificates(struct parts *parts, const struct trust *trust, struct error *err)
{
    struct bytes rest = parts->fields[FIELD_CERTIFICATES], element = {NULL, 0};

    while (rest.len > 0) {
        if (parts->count == CHAIN_MAX - 1)
            return error_set(err, ERROR_FORMAT, "there are more certificates than a chain has");
        if (!der_next_of_set(&rest, &element, err))
            return error_prefix(err, "the list of certificates");
        parts->certificates[parts->count] = read_certificate(element, trust, err);
        if (parts->certificates[parts->count] == NULL)
            return false;
        parts->count++;
    }
    return true;
}

/* Puts the one that the signer's key id names first. */
static bool find_signer(struct parts *parts, struct error *err)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct certificate *certificate = parts->certificates[i];
        if (!bytes_equal(certificate_key_id(certificate), parts->fields[FIELD_SIGNER]))
            continue;
        memmove(parts->certificates + 1, parts->certificates, i * sizeof parts->certificates[0]);
        parts->certificates[0] = certificate;
        return true;
    }
    return error_set(err, ERROR_FORMAT, "the signer's certificate is not there");
}

/* All that check_signer looks at, where nothing that happens later can change what it says. */
static void name_signer(struct parts *parts, const struct cms_rules *rules)
{
    const struct bytes certificates = parts->fields[FIELD_CERTIFICATES], key_id = parts->fields[FIELD_SIGNER];
    const uint8_t role = (uint8_t)rules->role;
    struct buffer asked = {.max = PEM_MAX_BYTES};

    if (rules->at_ms != CMS_AT_ISSUE || (parts->signers = trust_signers(rules->trust)) == NULL)
        return;
    (void)buffer_add(&asked, &role, 1);
    der_element(&asked, DER_CONTEXT, key_id);
    (void)buffer_add_bytes(&asked, certificates);
    if (asked.failed)
        parts->signers = NULL; /* too large to be ours */
    else
        digest_of(buffer_bytes(&asked), &parts->known_as);
    buffer_release(&asked);
}

static bool recall_signer(struct parts *parts)
{
    parts->certificates[0] = parts->signers == NULL ? NULL : signers_find(parts->signers, &parts->known_as);
    parts->is_known = parts->certificates[0] != NULL;
    parts->count = parts->is_known ? 1 : 0;
    return parts->is_known;
}

static bool read_signer(struct parts *parts, const struct cms_rules *rules, struct error *err)
{
    name_signer(parts, rules);
    return recall_signer(parts) || (read_certificates(parts, rules->trust, err) && find_signer(parts, err));
}

static bool read_attributes(struct parts *parts, struct error *err)
{
    return (der_walk_all(attribute_form, COUNT(attribute_form), parts->fields[FIELD_ATTRIBUTES],
                parts->attributes, err) ||
               error_prefix(err, "the list of signed attributes")) &&
           (read_time(parts->attributes[ATTRIBUTE_TIME], &parts->signing_time_ms) ||
               error_set(err, ERROR_FORMAT, "the signing time is not of the one form"));
}

static bool read_parts(
    struct bytes object, const struct cms_rules *rules, struct parts *parts, struct error *err)
{
    return der_walk_all(signed_form, COUNT(signed_form), object, parts->fields, err) &&
           read_attributes(parts, err) && check_kind(parts, rules->kind, err) &&
           (signature_is_canonical(parts->fields[FIELD_SIGNATURE]) ||
               error_set(err, ERROR_FORMAT, "the signature is not of the one form (mirrored?)")) &&
           read_signer(parts, rules, err);
}

static bool check_signature(const struct parts *parts, struct error *err)
{
    const struct certificate *signer = parts->certificates[0];
    struct buffer set = {.max = 1024};
    struct digest digest;
    bool ok;

    digest_of(parts->fields[FIELD_CONTENT], &digest);
    if (!bytes_equal(bytes_of(digest.bytes, DIGEST_BYTES), parts->attributes[ATTRIBUTE_DIGEST]))
        return error_set(err, ERROR_UNTRUSTED, "the content was changed after it was signed");
    der_element(&set, DER_SET, parts->fields[FIELD_ATTRIBUTES]);
    ok = (!set.failed && signature_verify(certificate_public(signer), buffer_bytes(&set),
                             parts->fields[FIELD_SIGNATURE])) ||
         error_set(err, ERROR_UNTRUSTED, "the signature is not by the signer");
    buffer_release(&set);
    return ok;
}

static bool check_signer(const struct parts *parts, const struct cms_rules *rules, struct error *err)
{
    const struct certificate *signer = parts->certificates[0];
    const struct certificate *const *extra = (const struct certificate *const *)(parts->certificates + 1);
    int64_t at_ms = rules->at_ms;

    if (parts->is_known)
        return true;
    if (at_ms == CMS_AT_SIGNING)
        at_ms = parts->signing_time_ms;
    else if (at_ms == CMS_AT_ISSUE)
        at_ms = certificate_not_before_ms(signer);
    if ((X509_get_key_usage(certificate_x509(signer)) & KU_DIGITAL_SIGNATURE) == 0)
        return error_set(err, ERROR_UNTRUSTED, "the signer's certificate is not for signing");
    if (!trust_check_exactly(rules->trust, signer, extra, parts->count - 1, rules->role, at_ms, err))
        return false;
    if (parts->signers != NULL)
        signers_add(parts->signers, &parts->known_as, signer);
    return true;
}

bool cms_verify(struct bytes object, const struct cms_rules *rules, struct buffer *content,
    struct cms_signer *signer, struct error *err)
{
    struct parts parts = {.count = 0};
    bool ok = false;

    if (!read_parts(object, rules, &parts, err) || !check_signature(&parts, err) ||
        !check_signer(&parts, rules, err)) {
        error_prefix(err, "not a %s to be trusted", object_name(rules->kind));
        goto done;
    }
    if (!buffer_add_bytes(content, parts.fields[FIELD_CONTENT])) {
        error_set(
            err, ERROR_LIMIT, "the %s holds more than %zu bytes", object_name(rules->kind), content->max);
        goto done;
    }
    if (signer != NULL) {
        *signer = (struct cms_signer){parts.certificates[0], parts.signing_time_ms};
        parts.certificates[0] = NULL; /* theirs now */
    }
    ok = true;
done:
    parts_release(&parts);
    return ok;
}

void cms_signer_release(struct cms_signer *signer)
{
    certificate_free(signer->certificate);
    *signer = (struct cms_signer){NULL, 0};
}
