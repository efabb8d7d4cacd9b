#include "core/order.h"

#include "core/field.h"
#include "core/identifier.h"
#include "core/json.h"

enum { ORDER_FORMAT = 1 };

static const char *const acts[ORDER_ACTS] = {
    [ORDER_PAUSE] = "pause",
    [ORDER_RESUME] = "resume",
    [ORDER_ADD_TIME] = "add-time",
    [ORDER_MESSAGE] = "message",
    [ORDER_END] = "end",
    [ORDER_MOVE] = "move",
};

static struct json *encode(const struct order *order)
{
    struct json *object = json_new_object();

    json_set(object, "format", json_int(ORDER_FORMAT));
    json_set(object, "center", json_text(order->center));
    json_set(object, "number", json_int(order->number));
    json_set(object, "act", json_text(acts[order->act]));
    json_set(object, "reason", json_text(order->reason));
    json_set(object, "expires", json_time(order->expires_ms));
    if (order->session[0] != '\0') {
        json_set(object, "session", json_text(order->session));
        json_set(object, "epoch", json_int(order->epoch));
    }
    if (order->act == ORDER_ADD_TIME)
        json_set(object, "add_ms", json_int(order->add_ms));
    if (order->act == ORDER_MESSAGE)
        json_set(object, "message", json_text(order->message));
    return object;
}

/* What we write we can read: every bound is checked in one place, the decoder. */
bool order_encode(const struct order *order, struct buffer *json, struct error *err)
{
    const size_t before = json->len;
    struct json *object = encode(order);
    struct order again;
    bool ok = json_write(object, json, err) &&
              order_decode(bytes_of(json->data + before, json->len - before), &again, err);

    if (!ok)
        buffer_cut(json, before);
    json_free(object);
    return ok;
}

static bool decode(const struct json *value, struct order *order, struct error *err)
{
    struct json_reader reader = json_reader(value, "the order", err);

    (void)field_get_format(&reader, ORDER_FORMAT);
    field_get(&reader, "center", identifier_valid, order->center, sizeof order->center);
    order->number = json_get_int(&reader, "number", 1, INT64_MAX);
    order->act = (enum order_act)json_get_enum(&reader, "act", acts, ORDER_ACTS);
    field_get(&reader, "reason", field_is_line, order->reason, sizeof order->reason);
    order->expires_ms = json_get_time(&reader, "expires");
    if (json_has(&reader, "session")) { /* else it is for the whole room */
        field_get(&reader, "session", field_is_session, order->session, sizeof order->session);
        order->epoch = (unsigned)json_get_int(&reader, "epoch", 1, EPOCH_MAX);
    }
    if (order->act == ORDER_ADD_TIME)
        order->add_ms = json_get_int(&reader, "add_ms", 1000, SESSION_TIME_MAX_MS);
    if (order->act == ORDER_MESSAGE)
        field_get(&reader, "message", field_is_line, order->message, sizeof order->message);
    return json_done(&reader);
}

bool order_decode(struct bytes json, struct order *order, struct error *err)
{
    struct order found = {.act = ORDER_PAUSE};
    struct json *value = NULL;
    bool ok;

    if (json.len > TICKET_MAX_BYTES)
        return error_set(err, ERROR_LIMIT, "an order has at most %u bytes", TICKET_MAX_BYTES);
    value = json_parse(json, err);
    ok = value != NULL && decode(value, &found, err);
    if (ok)
        *order = found;
    json_free(value);
    return ok;
}

bool order_seal(const struct order *order, const struct identity *staff, const struct certificate *seat,
    int64_t now_ms, struct buffer *file, struct error *err)
{
    struct buffer json = {.max = TICKET_MAX_BYTES}, sealed = {.max = TICKET_MAX_BYTES};
    bool ok = order_encode(order, &json, err) && cms_seal(buffer_bytes(&json), &seat, 1, &sealed, err) &&
              cms_sign(OBJECT_ORDER, buffer_bytes(&sealed), staff, now_ms, file, err);

    buffer_release(&sealed);
    buffer_release(&json);
    return ok;
}

bool order_open(struct bytes file, const struct trust *trust, const struct identity *seat,
    struct order *order, struct cms_signer *signer, struct error *err)
{
    const struct cms_rules rules = {OBJECT_ORDER, ROLE_STAFF, trust, CMS_AT_SIGNING};
    struct buffer sealed = {.max = TICKET_MAX_BYTES}, json = {.max = TICKET_MAX_BYTES};
    struct cms_signer found = {NULL, 0};
    bool ok = false;

    if (file.len > TICKET_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "an order has at most %u bytes", TICKET_MAX_BYTES);
        goto done;
    }
    if (!cms_verify(file, &rules, &sealed, &found, err) ||
        !cms_open(buffer_bytes(&sealed), seat, &json, err) || !order_decode(buffer_bytes(&json), order, err))
        goto done;
    if (signer != NULL) {
        *signer = found;
        found.certificate = NULL; /* transferred */
    }
    ok = true;
done:
    cms_signer_release(&found);
    buffer_release(&json);
    buffer_release(&sealed);
    return ok;
}
