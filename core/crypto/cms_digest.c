/* DigestedData: whoever can change the content can change the digest. Only for packages that anybody may
 * read. */
#include "core/crypto/cms.h"
#include "core/crypto/cms_form.h"
#include "core/crypto/digest.h"
#include "core/crypto/oids.h"

enum field { FIELD_KIND, FIELD_CONTENT, FIELD_DIGEST, FIELDS };

static const struct der_step digested_form[] = {
    DER_ENTER(DER_SEQUENCE, "the object"),
    DER_IS(CMS_OID_DIGESTED_DATA, "the type of the object (digested data)"),
    DER_ENTER(DER_CONTEXT_STRUCTURED, "the digested object"),
    DER_ENTER(DER_SEQUENCE, "the digested data"),
    DER_IS(CMS_VERSION("\x02"), "the version of the digested data"),
    DER_IS(CMS_SHA256, "the digest algorithm"),
    DER_ENTER(DER_SEQUENCE, "the digested content"),
    DER_TAKE(DER_OID, FIELD_KIND, "the content type"),
    DER_ENTER(DER_CONTEXT_STRUCTURED, "the content"),
    DER_TAKE(DER_OCTET_STRING, FIELD_CONTENT, "the content"),
    DER_LEAVE("the content"),
    DER_LEAVE("the digested content"),
    DER_TAKE(DER_OCTET_STRING, FIELD_DIGEST, "the digest"),
    DER_LEAVE("the digested data"),
    DER_LEAVE("the digested object"),
    DER_LEAVE("the object"),
};

bool cms_digest(enum object_kind kind, struct bytes content, struct buffer *out, struct error *err)
{
    static const char head[] = CMS_VERSION("\x02") CMS_SHA256;
    const size_t before = out->len;
    const size_t content_len = OID_BYTES + der_size(der_size(content.len));
    const size_t data_len = sizeof head - 1 + der_size(content_len) + der_size(DIGEST_BYTES);
    struct digest digest;

    digest_of(content, &digest);
    der_header(out, DER_SEQUENCE, sizeof CMS_OID_DIGESTED_DATA - 1 + der_size(der_size(data_len)));
    (void)buffer_add_bytes(out, CMS_LITERAL(CMS_OID_DIGESTED_DATA));
    der_header(out, DER_CONTEXT_STRUCTURED, der_size(data_len));
    der_header(out, DER_SEQUENCE, data_len);
    (void)buffer_add_bytes(out, CMS_LITERAL(head));
    der_header(out, DER_SEQUENCE, content_len);
    (void)buffer_add_bytes(out, bytes_of(oid_kinds[kind].der, OID_BYTES));
    der_header(out, DER_CONTEXT_STRUCTURED, der_size(content.len));
    der_element(out, DER_OCTET_STRING, content);
    der_element(out, DER_OCTET_STRING, bytes_of(digest.bytes, DIGEST_BYTES));
    if (!out->failed)
        return true;
    buffer_cut(out, before);
    return error_set(err, ERROR_LIMIT, "the %s is larger than %zu bytes", object_name(kind), out->max);
}

static bool check(const struct bytes fields[FIELDS], enum object_kind kind, struct error *err)
{
    struct digest digest;

    if (!bytes_equal(fields[FIELD_KIND], bytes_of(oid_kinds[kind].der + 2, OID_BYTES - 2)))
        return error_set(err, ERROR_FORMAT, "it is of another kind");
    digest_of(fields[FIELD_CONTENT], &digest);
    return bytes_equal(fields[FIELD_DIGEST], bytes_of(digest.bytes, DIGEST_BYTES)) ||
           error_set(err, ERROR_UNTRUSTED, "the content is not what was written");
}

bool cms_digest_open(struct bytes object, enum object_kind kind, struct buffer *content, struct error *err)
{
    struct bytes fields[FIELDS] = {{NULL, 0}};

    if (!der_walk_all(digested_form, sizeof digested_form / sizeof digested_form[0], object, fields, err) ||
        !check(fields, kind, err))
        return error_prefix(err, "not a %s as it was written", object_name(kind));
    return buffer_add_bytes(content, fields[FIELD_CONTENT]) ||
           error_set(err, ERROR_LIMIT, "the %s holds more than %zu bytes", object_name(kind), content->max);
}
