/* A ticket as a file, and the keys it carries. */
#include <string.h>

#include "core/ticket.h"

/* --- sealed -------------------------------------------------------------------------------------------- */

bool ticket_seal(const struct ticket *ticket, const struct identity *server,
    const struct certificate *const *recipients, size_t count, int64_t now_ms, struct buffer *file,
    struct error *err)
{
    struct buffer json = {.max = TICKET_MAX_BYTES}, sealed = {.max = TICKET_MAX_BYTES};
    bool ok = ticket_encode(ticket, &json, err) &&
              cms_seal(buffer_bytes(&json), recipients, count, &sealed, err) &&
              cms_sign(OBJECT_TICKET, buffer_bytes(&sealed), server, now_ms, file, err);

    buffer_release(&sealed);
    buffer_release(&json);
    return ok;
}

struct ticket *ticket_open(struct bytes file, const struct trust *trust, const struct identity *recipient,
    struct digest *digest, struct error *err)
{
    const struct cms_rules rules = {OBJECT_TICKET, ROLE_SERVER, trust, CMS_AT_SIGNING};
    struct buffer sealed = {.max = TICKET_MAX_BYTES}, json = {.max = TICKET_MAX_BYTES};
    struct ticket *ticket = NULL;

    if (file.len > TICKET_MAX_BYTES)
        error_set(err, ERROR_LIMIT, "a ticket has at most %u bytes", TICKET_MAX_BYTES);
    else if (cms_verify(file, &rules, &sealed, NULL, err) &&
             cms_open(buffer_bytes(&sealed), recipient, &json, err))
        ticket = ticket_decode(buffer_bytes(&json), err);
    if (ticket != NULL && digest != NULL)
        digest_of(buffer_bytes(&json), digest);
    buffer_release(&json);
    buffer_release(&sealed);
    return ticket;
}

/* --- the keys in it ------------------------------------------------------------------------------------ */

void session_keys_release(struct session_keys *keys)
{
    secret_free(keys->exam_key);
    secret_free(keys->session_key);
    *keys = (struct session_keys){NULL, NULL};
}

bool ticket_wrap(
    const struct session_keys *keys, const struct secret *wrapping, struct wrap *wrap, struct error *err)
{
    struct buffer wrapped = {.max = WRAPPED_BYTES};
    struct secret *both = secret_new(2 * KEY_BYTES, err);
    bool ok = false;

    if (both == NULL)
        goto done;
    memcpy(secret_data(both), secret_bytes(keys->exam_key).data, KEY_BYTES);
    memcpy(secret_data(both) + KEY_BYTES, secret_bytes(keys->session_key).data, KEY_BYTES);
    if (!key_wrap(wrapping, secret_bytes(both), &wrapped, err))
        goto done;
    memcpy(wrap->bytes, wrapped.data, WRAPPED_BYTES);
    ok = true;
done:
    secret_free(both);
    buffer_release(&wrapped);
    return ok;
}

bool ticket_unwrap(
    const struct wrap *wrap, const struct secret *wrapping, struct session_keys *keys, struct error *err)
{
    struct secret *both = key_unwrap(wrapping, bytes_of(wrap->bytes, WRAPPED_BYTES), err);
    struct session_keys found = {NULL, NULL};

    if (both == NULL)
        return error_prefix(err, "this code opens nothing here");
    found.exam_key = secret_copy(bytes_of(secret_data(both), KEY_BYTES), err);
    found.session_key = secret_copy(bytes_of(secret_data(both) + KEY_BYTES, KEY_BYTES), err);
    secret_free(both);
    if (found.exam_key == NULL || found.session_key == NULL) {
        session_keys_release(&found);
        return false;
    }
    *keys = found;
    return true;
}
