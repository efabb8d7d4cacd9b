/* The JSON inside ticket, catalog, receipt, order and status, and a programme: what one of them takes it writes in
 * one form, and takes that. */
#include <stdlib.h>

#include "core/catalog.h"
#include "core/json.h"
#include "core/order.h"
#include "core/programme.h"
#include "core/receipt.h"
#include "core/status.h"
#include "core/ticket.h"
#include "tests/fuzz/fuzz.h"

/* Reads an object and writes what was read. False: refused. */
typedef bool read_again(struct bytes json, struct buffer *out);

static bool ticket_again(struct bytes json, struct buffer *out)
{
    struct ticket *ticket = ticket_decode(json, NULL);
    const bool ok = ticket != NULL;

    if (ok && !ticket_encode(ticket, out, NULL))
        abort();
    ticket_free(ticket);
    return ok;
}

static bool catalog_again(struct bytes json, struct buffer *out)
{
    struct catalog *catalog = catalog_decode(json, NULL);
    const bool ok = catalog != NULL;

    if (ok && !catalog_encode(catalog, out, NULL))
        abort();
    catalog_free(catalog);
    return ok;
}

static bool receipt_again(struct bytes json, struct buffer *out)
{
    struct receipt receipt;

    if (!receipt_decode(json, &receipt, NULL))
        return false;
    if (!receipt_encode(&receipt, out, NULL))
        abort();
    return true;
}

static bool order_again(struct bytes json, struct buffer *out)
{
    struct order order;

    if (!order_decode(json, &order, NULL))
        return false;
    if (!order_encode(&order, out, NULL))
        abort();
    return true;
}

static bool status_again(struct bytes json, struct buffer *out)
{
    struct status status;

    if (!status_decode(json, &status, NULL))
        return false;
    if (!status_encode(&status, out, NULL))
        abort();
    return true;
}

static bool programme_again(struct bytes json, struct buffer *out)
{
    static struct programme programme;
    struct json *value;

    if (!programme_parse(json, &programme, NULL))
        return false;
    value = programme_json(&programme);
    if (!json_write(value, out, NULL))
        abort();
    json_free(value);
    return true;
}

static void try_object(read_again *again, struct bytes input)
{
    struct buffer first = {.max = 1 << 20}, second = {.max = 1 << 20};

    if (again(input, &first) &&
        (!again(buffer_bytes(&first), &second) || !bytes_equal(buffer_bytes(&first), buffer_bytes(&second))))
        abort();
    buffer_release(&first);
    buffer_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static read_again *const objects[] = {
        ticket_again, catalog_again, receipt_again, order_again, status_again, programme_again};

    if (size > 1 << 18) /* what it is written as must fit the buffers */
        return 0;
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
        try_object(objects[i], bytes_of(data, size));
    return 0;
}
