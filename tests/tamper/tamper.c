/* tamper: changes real objects, and shows them to the programs' own readers: each change must be refused,
 * with a reason.
 *
 *     tamper [--places N [--package N] | --values OBJECT] DIR
 *
 * DIR is a demo's folder (provisioning/demo --headless --out DIR); with tickets and receipts of two sessions
 * in it they are swapped too. --places N: at most N bits and lengths of each object, evenly spread and each
 * at random in its stretch; else every one. --package N: another number for the package. --values OBJECT: the 255 other
 * values of every byte of that object ("exam", "ticket", …), and nothing else. A line for whatever was accepted, and one JSON object with the counts
 * at the end; exit 1 if there was anything. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/inbox.h"
#include "core/random_source.h"
#include "tests/tamper/objects.h"

enum attack { FLIPPED, CUT, APPENDED, SHOWN_AS, SWAPPED, OTHER_VALUE, ATTACKS };
static const char *const attack_names[ATTACKS] = {
    "flipped_bits", "truncations", "appended", "shown_as_another", "swapped", "other_values"};

struct tampering {
    struct objects objects;
    struct random_source random;
    size_t places, package_places; /* of one object; 0: all */
    enum object_name valued; /* OBJECTS: none */
    size_t counts[ATTACKS], flipped[OBJECTS], accepted, silent;
};

/* --- judging ----------------------------------------------------------------------------------------------
 */

static void judge(struct tampering *tampering, enum attack attack, const char *name, size_t place,
    bool accepted, const struct error *err)
{
    tampering->counts[attack]++;
    if (accepted) {
        tampering->accepted++;
        (void)printf("ACCEPTED  %s, %s %zu\n", name, attack_names[attack], place);
    } else if (err->code == ERROR_NONE || err->text[0] == '\0') {
        tampering->silent++;
        (void)printf("NO REASON  %s, %s %zu\n", name, attack_names[attack], place);
    }
}

/* In memory of exactly this size, so that AddressSanitizer sees a reader that goes past the end. */
static uint8_t *exact_copy(struct bytes bytes)
{
    uint8_t *copy = malloc(bytes.len > 0 ? bytes.len : 1);

    if (copy == NULL)
        abort();
    if (bytes.len > 0)
        memcpy(copy, bytes.data, bytes.len);
    return copy;
}

static void show(
    struct tampering *tampering, enum attack attack, enum object_name reader, struct bytes file, size_t place)
{
    struct error err = {ERROR_NONE, ""};
    uint8_t *copy = exact_copy(file);
    const bool accepted = object_read(&tampering->objects, reader, bytes_of(copy, file.len), &err);

    judge(tampering, attack, object_names[reader], place, accepted, &err);
    free(copy);
}

/* --- attacks ----------------------------------------------------------------------------------------------
 */

static size_t place_count(const struct tampering *tampering, enum object_name name, size_t all)
{
    const size_t places = name == EXAM ? tampering->package_places : tampering->places;

    return places == 0 || places > all ? all : places;
}

/* The i-th of count places among all: one in each of count equal stretches. */
static size_t place_of(struct tampering *tampering, size_t i, size_t count, size_t all)
{
    const size_t from = i * all / count, until = (i + 1) * all / count;

    return from + random_below(&tampering->random, (uint32_t)(until - from));
}

static void flip_bits(struct tampering *tampering, enum object_name name)
{
    const struct bytes file = buffer_bytes(&tampering->objects.files[name]);
    const size_t count = place_count(tampering, name, file.len * 8);
    uint8_t *copy = exact_copy(file);

    for (size_t i = 0; i < count; i++) {
        struct error err = {ERROR_NONE, ""};
        const size_t bit = place_of(tampering, i, count, file.len * 8);
        copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        judge(tampering, FLIPPED, object_names[name], bit,
            object_read(&tampering->objects, name, bytes_of(copy, file.len), &err), &err);
        copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    tampering->flipped[name] = count;
    free(copy);
}

static void change_values(struct tampering *tampering, enum object_name name)
{
    const struct bytes file = buffer_bytes(&tampering->objects.files[name]);
    uint8_t *copy = exact_copy(file);

    for (size_t at = 0; at < file.len; at++) {
        for (unsigned change = 1; change < 256; change++) {
            struct error err = {ERROR_NONE, ""};
            copy[at] = (uint8_t)(file.data[at] ^ change);
            judge(tampering, OTHER_VALUE, object_names[name], at,
                object_read(&tampering->objects, name, bytes_of(copy, file.len), &err), &err);
        }
        copy[at] = file.data[at];
    }
    free(copy);
}

static void cut(struct tampering *tampering, enum object_name name)
{
    const struct bytes file = buffer_bytes(&tampering->objects.files[name]);
    const size_t count = place_count(tampering, name, file.len);

    for (size_t i = 0; i < count; i++) {
        const size_t len = place_of(tampering, i, count, file.len);
        show(tampering, CUT, name, bytes_of(file.data, len), len);
    }
}

/* Each one byte more; a header's worth of zeros; the object itself once more. */
static void append(struct tampering *tampering, enum object_name name)
{
    const struct bytes file = buffer_bytes(&tampering->objects.files[name]);
    static const uint8_t zeros[16];
    struct buffer longer = {.max = file.len * 2 + sizeof zeros};

    for (unsigned value = 0; value < 256; value++) {
        const uint8_t byte = (uint8_t)value;
        buffer_clear(&longer);
        if (!buffer_add_bytes(&longer, file) || !buffer_add(&longer, &byte, 1))
            abort();
        show(tampering, APPENDED, name, buffer_bytes(&longer), value);
    }
    buffer_cut(&longer, file.len);
    if (!buffer_add(&longer, zeros, sizeof zeros))
        abort();
    show(tampering, APPENDED, name, buffer_bytes(&longer), 256);
    buffer_cut(&longer, file.len);
    if (!buffer_add_bytes(&longer, file))
        abort();
    show(tampering, APPENDED, name, buffer_bytes(&longer), 257);
    buffer_release(&longer);
}

/* The result is one file with two readers: to show it to the other is no attack. */
static bool same_file(const struct tampering *tampering, enum object_name a, enum object_name b)
{
    return bytes_equal(
        buffer_bytes(&tampering->objects.files[a]), buffer_bytes(&tampering->objects.files[b]));
}

static void show_as_others(struct tampering *tampering, enum object_name name)
{
    for (enum object_name reader = 0; reader < OBJECTS; reader++)
        if (!same_file(tampering, name, reader))
            show(tampering, SHOWN_AS, reader, buffer_bytes(&tampering->objects.files[name]), (size_t)name);
}

/* --- two sessions -----------------------------------------------------------------------------------------
 */

/* What carrel-sync and `carrel seat load` do with a receipt that comes under an id. */
static bool take_receipt(
    struct inbox *inbox, const char *id, const struct session *session, struct error *err)
{
    struct receipt receipt;

    return inbox_take_receipt(inbox, id, buffer_bytes(&session->receipt), &receipt, err);
}

/* And with a ticket: the catalog says which file belongs to the id. */
static bool take_ticket(struct inbox *inbox, const char *id, const struct session *session, struct error *err)
{
    const struct catalog *catalog = inbox_catalog(inbox);

    for (size_t i = 0; catalog != NULL && i < catalog->ticket_count; i++)
        if (strcmp(catalog->tickets[i].id, id) == 0)
            return inbox_take_ticket(inbox, &catalog->tickets[i], buffer_bytes(&session->ticket), err);
    return error_set(err, ERROR_NOT_FOUND, "the catalog has no ticket %s", id);
}

static void swap_in_inbox(struct tampering *tampering, struct inbox *inbox)
{
    const struct session *sessions = tampering->objects.sessions;

    for (size_t own = 0; own < SESSIONS_MAX; own++)
        for (size_t other = 0; other < SESSIONS_MAX; other++) {
            struct error receipt = {ERROR_NONE, ""}, ticket = {ERROR_NONE, ""};
            const bool took_receipt = take_receipt(inbox, sessions[own].id, &sessions[other], &receipt);
            const bool took_ticket = take_ticket(inbox, sessions[own].id, &sessions[other], &ticket);
            if (own != other) {
                judge(tampering, SWAPPED, object_names[RECEIPT], own, took_receipt, &receipt);
                judge(tampering, SWAPPED, object_names[TICKET], own, took_ticket, &ticket);
            } else if (!took_receipt || !took_ticket) {
                tampering->accepted++; /* else the refusals of the others would mean nothing */
                (void)printf("REFUSED  its own: %s %s\n", receipt.text, ticket.text);
            }
        }
}

static bool swap_sessions(struct tampering *tampering, struct error *err)
{
    struct error refused = {ERROR_NONE, ""};
    const char *other = tampering->objects.sessions[1].id;
    struct inbox *inbox = NULL;

    if (tampering->objects.session_count < SESSIONS_MAX)
        return true;
    inbox = inbox_open(&tampering->objects.seat->folder, err);
    if (inbox == NULL)
        return false;
    swap_in_inbox(tampering, inbox);
    inbox_free(inbox);
    const bool accepted = object_read_journal(
        &tampering->objects, other, buffer_bytes(&tampering->objects.files[JOURNAL]), &refused);
    judge(tampering, SWAPPED, object_names[JOURNAL], 0, accepted, &refused);
    return true;
}

/* --- all of it --------------------------------------------------------------------------------------------
 */

/* Unchanged, each is accepted: else its refusals would mean nothing. */
static bool check_unchanged(const struct tampering *tampering, struct error *err)
{
    for (enum object_name name = 0; name < OBJECTS; name++)
        if (!object_read(&tampering->objects, name, buffer_bytes(&tampering->objects.files[name]), err))
            return error_prefix(err, "%s, unchanged", object_names[name]);
    return true;
}

static void attack(struct tampering *tampering)
{
    for (enum object_name name = 0; name < OBJECTS; name++) {
        flip_bits(tampering, name);
        cut(tampering, name);
        append(tampering, name);
        show_as_others(tampering, name);
    }
}

static void tell(const struct tampering *tampering)
{
    size_t all = 0;

    (void)printf("{");
    for (enum attack i = 0; i < ATTACKS; i++) {
        (void)printf("\"%s\": %zu, ", attack_names[i], tampering->counts[i]);
        all += tampering->counts[i];
    }
    (void)printf("\"flipped_of\": {");
    for (enum object_name i = 0; i < OBJECTS; i++)
        (void)printf("%s\"%s\": %zu", i > 0 ? ", " : "", object_names[i], tampering->flipped[i]);
    (void)printf("}, \"count\": %zu, \"accepted\": %zu, \"without_reason\": %zu}\n", all, tampering->accepted,
        tampering->silent);
}

static bool option(const char *const *words, const char *name, size_t *places)
{
    int64_t number;

    if (strcmp(words[0], name) != 0 || !number_parse(words[1], 1, INT32_MAX, &number))
        return false;
    *places = (size_t)number;
    return true;
}

static bool option_values(struct tampering *tampering, int argc, const char *const *argv)
{
    tampering->valued = 0;
    while (tampering->valued < OBJECTS &&
           !(argc == 4 && strcmp(argv[1], "--values") == 0 &&
               strcmp(argv[2], object_names[tampering->valued]) == 0))
        tampering->valued++;
    return tampering->valued < OBJECTS;
}

static bool options(struct tampering *tampering, int argc, const char *const *argv, struct error *err)
{
    if (option_values(tampering, argc, argv))
        return true;
    const bool ok =
        argc == 2 || ((argc == 4 || argc == 6) && option(argv + 1, "--places", &tampering->places));

    tampering->package_places = tampering->places;
    return (ok && (argc < 6 || option(argv + 3, "--package", &tampering->package_places))) ||
           error_set(err, ERROR_USAGE, "usage: tamper [--places N [--package N] | --values OBJECT] DIR");
}

int main(int argc, char **argv)
{
    static const uint8_t seed[RANDOM_SEED_BYTES] = "the same places every time";
    struct tampering tampering = {.random = random_source(seed)};
    struct error err = {ERROR_NONE, ""};
    bool ok = options(&tampering, argc, (const char *const *)argv, &err) &&
              objects_load(&tampering.objects, argv[argc - 1], &err) && check_unchanged(&tampering, &err);

    if (ok && tampering.valued < OBJECTS) {
        change_values(&tampering, tampering.valued);
        tell(&tampering);
    } else if (ok) {
        attack(&tampering);
        ok = swap_sessions(&tampering, &err);
        tell(&tampering);
    }
    if (!ok)
        (void)fprintf(stderr, "tamper: %s\n", err.text);
    objects_release(&tampering.objects);
    return ok && tampering.accepted == 0 && tampering.silent == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
