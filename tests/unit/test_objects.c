/* Ticket, catalog, receipt, order and status: what is inside is read strictly and written in one form;
 * outside they open for whom they are made for, and believe whom they should. */
#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "core/encoding.h"
#include "core/json.h"
#include "core/order.h"
#include "core/receipt.h"
#include "core/result.h"
#include "core/status.h"
#include "core/ticket.h"
#include "tests/support/pki.h"
#include "tests/unit/example.h"

static struct pki pki;

static int set_up(void **state)
{
    (void)state;
    pki_init(&pki, "pki");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pki_release(&pki);
    return 0;
}

/* --- inside -----------------------------------------------------------------------------------------------
 */

/* Reads an object and writes what was read. */
typedef bool again(struct bytes json, struct buffer *out, struct error *err);

static bool ticket_again(struct bytes json, struct buffer *out, struct error *err)
{
    struct ticket *ticket = ticket_decode(json, err);
    const bool ok = ticket != NULL && ticket_encode(ticket, out, err);

    ticket_free(ticket);
    return ok;
}

static bool catalog_again(struct bytes json, struct buffer *out, struct error *err)
{
    struct catalog *catalog = catalog_decode(json, err);
    const bool ok = catalog != NULL && catalog_encode(catalog, out, err);

    catalog_free(catalog);
    return ok;
}

static bool receipt_again(struct bytes json, struct buffer *out, struct error *err)
{
    struct receipt receipt;

    return receipt_decode(json, &receipt, err) && receipt_encode(&receipt, out, err);
}

static bool order_again(struct bytes json, struct buffer *out, struct error *err)
{
    struct order order;

    return order_decode(json, &order, err) && order_encode(&order, out, err);
}

static bool status_again(struct bytes json, struct buffer *out, struct error *err)
{
    struct status status;

    return status_decode(json, &status, err) && status_encode(&status, out, err);
}

static const struct {
    const char *example;
    again *again;
    const char *optional; /* a member that may be missing */
} objects[] = {
    {"ticket.json", ticket_again, ""},
    {"catalog.json", catalog_again, ""},
    {"receipt.json", receipt_again, ""},
    {"receipt-pass-fail.json", receipt_again, ""},
    {"receipt-journal.json", receipt_again, ""},
    {"order.json", order_again, ""},
    {"order-message.json", order_again, ""},
    {"status.json", status_again, "session"},
    {"status-waiting.json", status_again, ""},
};
enum { OBJECTS = sizeof objects / sizeof objects[0] };

static void objects_are_written_as_they_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < OBJECTS; i++) {
        struct buffer example = example_object(objects[i].example), out = {.max = 1u << 20};
        struct error err = {ERROR_NONE, ""};
        if (!objects[i].again(buffer_bytes(&example), &out, &err))
            fail_msg("%s: %s", objects[i].example, err.text);
        assert_string_equal(buffer_text(&out), buffer_text(&example));
        buffer_release(&out);
        buffer_release(&example);
    }
}

static bool is_read(size_t object, struct bytes json)
{
    struct buffer out = {.max = 1u << 20};
    struct error err = {ERROR_NONE, ""};
    const bool ok = objects[object].again(json, &out, &err);

    if (!ok && (err.text[0] == '\0' || err.code == ERROR_NONE))
        fail_msg("%s is refused without a reason", objects[object].example);
    buffer_release(&out);
    return ok;
}

static void objects_refuse_every_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < OBJECTS; i++) {
        struct buffer example = example_object(objects[i].example);
        for (size_t len = 0; len < example.len; len++)
            assert_false(is_read(i, bytes_of(example.data, len)));
        buffer_add_text(&example, "]");
        assert_false(is_read(i, buffer_bytes(&example)));
        buffer_release(&example);
    }
}

/* The end of the member whose name begins at `at`: behind its value and, if one follows, its comma. */
static const char *member_end(const char *at)
{
    int depth = 0;
    bool is_text = false;

    for (;; at++) {
        if (*at == '"')
            is_text = !is_text;
        else if (!is_text && (*at == '{' || *at == '['))
            depth++;
        else if (!is_text && depth == 0 && (*at == ',' || *at == '}'))
            return *at == ',' ? at + 1 : at;
        else if (!is_text && (*at == '}' || *at == ']'))
            depth--;
    }
}

/* True at the first letter of a member's name, its opening quote behind us. */
static bool is_member(const char *text, const char *at)
{
    const char *end = strchr(at + 1, '"');

    return *at == '"' && at > text && (at[-1] == '{' || at[-1] == ',') && end != NULL && end[1] == ':';
}

static void objects_miss_every_member(void **state)
{
    (void)state;
    for (size_t i = 0; i < OBJECTS; i++) {
        struct buffer example = example_object(objects[i].example), less = {.max = 1u << 20};
        const char *text = buffer_text(&example);
        size_t members = 0;
        for (const char *at = text; *at != '\0'; at++) {
            const char *end;
            if (!is_member(text, at))
                continue;
            end = member_end(at);
            buffer_clear(&less);
            /* the last member takes the comma before it along */
            buffer_add(&less, text, (size_t)(at - text) - (*end == '}' && at[-1] == ',' ? 1 : 0));
            buffer_add_text(&less, end);
            if (is_read(i, buffer_bytes(&less)) !=
                (objects[i].optional[0] != '\0' &&
                    strncmp(at + 1, objects[i].optional, strlen(objects[i].optional)) == 0))
                fail_msg("%s without %.20s: %s", objects[i].example, at, buffer_text(&less));
            members++;
        }
        assert_true(members >= 6);
        buffer_release(&less);
        buffer_release(&example);
    }
}

/* One more member in each object inside, however deep. */
static void objects_refuse_unknown_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < OBJECTS; i++) {
        struct buffer example = example_object(objects[i].example), more = {.max = 1u << 20};
        const char *text = buffer_text(&example);
        for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{')) {
            buffer_clear(&more);
            buffer_add(&more, text, (size_t)(at + 1 - text));
            buffer_add_text(&more, "\"more\":1,");
            buffer_add_text(&more, at + 1);
            assert_false(is_read(i, buffer_bytes(&more)));
        }
        buffer_release(&more);
        buffer_release(&example);
    }
}

static void objects_refuse_values_out_of_form(void **state)
{
    static const struct {
        size_t object;
        const char *from, *to, *reason;
    } table[] = {
        {0, "\"format\":1", "\"format\":2", "the ticket: its format is 2, this program reads up to 1"},
        {0, "\"format\":1", "\"format\":0", "the ticket: \"format\" is not between"},
        {0, "\"session\":\"10", "\"session\":\"1G", "the ticket: \"session\" is not of its form"},
        {0, "\"epoch\":1", "\"epoch\":0", "the ticket: \"epoch\" is not between"},
        {0, "\"epoch\":1", "\"epoch\":1000000000", "the ticket: \"epoch\" is not between"},
        {0, "K7Q2-0042", "k7q2-0042", "the ticket: \"admission\" is not of its form"},
        {0, "K7Q2-0042", "-7Q2-0042", "the ticket: \"admission\" is not of its form"},
        {0, "lyon-1", "Lyon-1", "the ticket: \"center\" is not of its form"},
        {0, "lyon-1", "../lyon", "the ticket: \"center\" is not of its form"},
        {0, "c-1042", "c 1042", "the ticket's candidate: \"id\" is not of its form"},
        {0, "Zoë Ní", "Zo\\u0007", "the ticket's candidate: \"name\" is not of its form"},
        {0, "Zoë Ní", "Zo\\u202e", "the ticket's candidate: \"name\" is not of its form"},
        {0, "Zoë Ní", "Zo\\u0085", "the ticket's candidate: \"name\" is not of its form"},
        {0, "Zoë Ní Bhriain", "", "the ticket's candidate: \"name\" is not of its form"},
        {0, "\"items\":30", "\"items\":501", "the ticket's exam: \"items\" is not between"},
        {0, "\"max_time_ms\":3000000", "\"max_time_ms\":16200001",
            "the ticket's exam: \"max_time_ms\" is not between"},
        {0, "\"language\":\"en\"", "\"language\":\"e n\"",
            "the ticket's exam: \"language\" is not of its form"},
        {0, "T10:00:00.000Z", "T08:00:00.000Z", "the ticket's window: it closes before it opens"},
        {0, "T10:00:00.000Z", "T10:00:00Z", "the ticket's window: \"closes\" is not a time"},
        {0, "Europe/Paris", "../Paris", "the ticket's window: \"time_zone\" is not of its form"},
        {0, "\"lowest_software\":\"0.1.0\"", "\"lowest_software\":\"0.1\"",
            "the ticket: \"lowest_software\" is not of its form"},
        {0, "\"time_factor\":1250", "\"time_factor\":999",
            "the ticket's accommodations: \"time_factor\" is not between"},
        {0, "\"time_factor\":1250", "\"time_factor\":4001",
            "the ticket's accommodations: \"time_factor\" is not between"},
        {0, "\"theme\":\"dark\"", "\"theme\":\"blue\"",
            "the ticket's accommodations: \"theme\" is not of its form"},
        {0, "\"zoom\":150", "\"zoom\":301", "the ticket's accommodations: \"zoom\" is not between"},
        {0, "\"seen\":[\"flow-07\"", "\"seen\":[\"Flow-07\"",
            "the ticket: \"seen\" has an entry that is not of its form"},
        {0, "\"seen\":[\"flow-07\"", "\"seen\":[7",
            "the ticket: \"seen\" has an entry that is not of its form"},
        {0, "2323\"]", "23\"]", "the ticket's wraps: \"room\" has an entry that is not 72 bytes"},
        {1, "\"number\":17", "\"number\":0", "the catalog: \"number\" is not between"},
        {1, "\"state\":\"open\"", "\"state\":\"over\"",
            "a session of the catalog: \"state\" has a value that is not known"},
        {1, "1e1f-1\",\"state", "1e1f\",\"state", "a session of the catalog: \"id\" is not of its form"},
        {1, "1e1f-1\",\"state", "1e1f-01\",\"state", "a session of the catalog: \"id\" is not of its form"},
        {1, "\"bytes\":123456", "\"bytes\":268435457", "an object of the catalog: \"bytes\" is not between"},
        {2, "ZW8U", "ZW8V", "the receipt: its code is not the transcript's"},
        {2, "Flow", "\x7f", "the receipt's topic: \"title\" is not of its form"},
        {2, "\"code\":\"", "\"code\":\"2", "the receipt: \"code\" is longer than 9 bytes"},
        {2, "\"points\":24", "\"points\":31", "the receipt's preliminary result: \"points\" is not between"},
        {2, "\"points\":5", "\"points\":7", "the receipt's topic: \"points\" is not between"},
        {2, "\"shown\":\"topics\"", "\"shown\":\"nothing\"",
            "the receipt's preliminary result: has members that are not known"},
        {2, "\"state\":\"stored\"", "\"state\":\"lost\"",
            "the receipt: \"state\" has a value that is not known"},
        {5, "\"act\":\"add-time\"", "\"act\":\"pause\"", "the order: has members that are not known"},
        {5, "\"add_ms\":300000", "\"add_ms\":999", "the order: \"add_ms\" is not between"},
        {6, "Please stay", "Please\\nstay", "the order: \"message\" is not of its form"},
        {7, "\"alarms\":[\"late-save\"]",
            "\"alarms\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]",
            "the status: \"alarms\" has more than 8 entries"},
        {7, "\"time_left_ms\":53100", "\"time_left_ms\":-1",
            "the status's session: \"time_left_ms\" is not between"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct buffer example = example_object(objects[table[i].object].example), changed = {.max = 1u << 20};
        struct buffer out = {.max = 1u << 20};
        struct error err = {ERROR_NONE, ""};
        const char *text = buffer_text(&example), *at = strstr(text, table[i].from);
        assert_non_null(at);
        buffer_add(&changed, text, (size_t)(at - text));
        buffer_add_text(&changed, table[i].to);
        buffer_add_text(&changed, at + strlen(table[i].from));
        if (objects[table[i].object].again(buffer_bytes(&changed), &out, &err))
            fail_msg("%s is taken", table[i].to);
        if (strncmp(err.text, table[i].reason, strlen(table[i].reason)) != 0)
            fail_msg("%s: %s", table[i].to, err.text);
        buffer_release(&out);
        buffer_release(&changed);
        buffer_release(&example);
    }
}

/* What a reader would refuse is never signed. */
static void objects_are_not_written_if_they_can_not_be_read(void **state)
{
    struct buffer example = example_object("ticket.json"), out = {.max = 1u << 20};
    struct ticket *ticket = ticket_decode(buffer_bytes(&example), NULL);
    struct error err = {ERROR_NONE, ""};

    (void)state;
    ticket->closes_ms = ticket->opens_ms;
    buffer_add_text(&out, "before");
    assert_false(ticket_encode(ticket, &out, &err));
    assert_string_equal(err.text, "the ticket's window: it closes before it opens");
    assert_string_equal(buffer_text(&out), "before");
    ticket_free(ticket);
    buffer_release(&out);
    buffer_release(&example);
}

static void object_ids_name_session_and_epoch(void **state)
{
    static const char *const wrong[] = {"", "-1", "101112131415161718191a1b1c1d1e1f",
        "101112131415161718191a1b1c1d1e1f-", "101112131415161718191a1b1c1d1e1f-0",
        "101112131415161718191a1b1c1d1e1f-01", "101112131415161718191a1b1c1d1e1f-1x",
        "101112131415161718191a1b1c1d1e1F-1", "101112131415161718191a1b1c1d1e1f1-1",
        "101112131415161718191a1b1c1d1e1f-1000000000"};
    char id[OBJECT_ID_SIZE], session[SESSION_ID_SIZE] = "untouched";
    unsigned epoch = 77;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(object_id_parse(wrong[i], session, &epoch));
    assert_string_equal(session, "untouched");
    assert_int_equal(epoch, 77);
    object_id("101112131415161718191a1b1c1d1e1f", EPOCH_MAX, id);
    assert_string_equal(id, "101112131415161718191a1b1c1d1e1f-999999999");
    assert_true(object_id_parse(id, session, &epoch));
    assert_int_equal(epoch, EPOCH_MAX);
}

/* --- outside ----------------------------------------------------------------------------------------------
 */

static struct ticket *example_ticket(void)
{
    struct buffer example = example_object("ticket.json");
    struct ticket *ticket = ticket_decode(buffer_bytes(&example), NULL);

    assert_non_null(ticket);
    buffer_release(&example);
    return ticket;
}

static struct buffer sealed_ticket(void)
{
    const struct certificate *recipients[] = {
        pki_certificate(&pki, PKI_SEAT_1), pki_certificate(&pki, PKI_STAFF_1)};
    struct ticket *ticket = example_ticket();
    struct buffer file = {.max = TICKET_MAX_BYTES};
    struct error err = {ERROR_NONE, ""};

    if (!ticket_seal(ticket, pki.members[PKI_SERVER], recipients, 2, PKI_NOW_MS, &file, &err))
        fail_msg("%s", err.text);
    ticket_free(ticket);
    return file;
}

static void ticket_opens_for_its_center_only(void **state)
{
    static const struct {
        enum pki_member member;
        bool opens;
    } table[] = {{PKI_SEAT_1, true}, {PKI_STAFF_1, true}, {PKI_SEAT_2, false}, {PKI_SEAT_1_TLS, false},
        {PKI_TICKET, false}};
    struct buffer file = sealed_ticket(), example = example_object("ticket.json");
    struct digest expected, digest;

    (void)state;
    digest_of(buffer_bytes(&example), &expected);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct error err = {ERROR_NONE, ""};
        struct ticket *ticket =
            ticket_open(buffer_bytes(&file), pki.trust, pki.members[table[i].member], &digest, &err);
        assert_int_equal(ticket != NULL, table[i].opens);
        assert_int_equal(err.code, table[i].opens ? ERROR_NONE : ERROR_UNTRUSTED);
        if (ticket != NULL) {
            assert_true(digest_equal(&digest, &expected));
            assert_string_equal(ticket->seen[1], "types-02");
        }
        ticket_free(ticket);
    }
    buffer_release(&file);
    buffer_release(&example);
}

static void objects_over_their_limit_are_refused_unread(void **state)
{
    const size_t len = CATALOG_MAX_BYTES + 1;
    uint8_t *large = calloc(1, len);
    struct buffer out = {.max = 1};
    struct receipt receipt;
    struct status status;
    struct order order;
    struct error err[6] = {{ERROR_NONE, ""}};

    (void)state;
    assert_null(ticket_open(
        bytes_of(large, TICKET_MAX_BYTES + 1), pki.trust, pki.members[PKI_SEAT_1], NULL, &err[0]));
    assert_null(catalog_verify(bytes_of(large, len), pki.trust, "lyon-1", 1, &err[1]));
    assert_false(receipt_verify(bytes_of(large, TICKET_MAX_BYTES + 1), pki.trust, &receipt, &err[2]));
    assert_false(order_open(
        bytes_of(large, TICKET_MAX_BYTES + 1), pki.trust, pki.members[PKI_SEAT_1], &order, NULL, &err[3]));
    assert_false(status_verify(bytes_of(large, TICKET_MAX_BYTES + 1), pki.trust, &status, NULL, &err[4]));
    assert_false(result_open(bytes_of(large, RESULT_MAX_BYTES + 1), pki.members[PKI_INTAKE], pki.trust,
        PKI_NOW_MS, &out, NULL, &err[5]));
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(err[i].code, ERROR_LIMIT);
    free(large);
}

static void catalog_is_this_center_s_and_no_older_one(void **state)
{
    struct buffer example = example_object("catalog.json"), file = {.max = CATALOG_MAX_BYTES};
    struct catalog *catalog = catalog_decode(buffer_bytes(&example), NULL), *found;
    struct error err = {ERROR_NONE, ""};

    (void)state;
    assert_true(catalog_sign(catalog, pki.members[PKI_SERVER], &file, NULL));
    found = catalog_verify(buffer_bytes(&file), pki.trust, "lyon-1", 17, &err);
    assert_non_null(found);
    assert_int_equal(found->session_count, 2);
    assert_true(found->sessions[1].is_wanted);
    catalog_free(found);
    assert_null(catalog_verify(buffer_bytes(&file), pki.trust, "lyon-1", 18, &err));
    assert_string_equal(err.text, "this catalog has number 17, and 18 was seen before");
    assert_null(catalog_verify(buffer_bytes(&file), pki.trust, "paris-1", 1, &err));
    assert_string_equal(err.text, "this catalog is for center lyon-1, not paris-1");
    buffer_clear(&file);
    assert_true(catalog_sign(catalog, pki.members[PKI_EXAM_SIGNER], &file, NULL));
    assert_null(catalog_verify(buffer_bytes(&file), pki.trust, "lyon-1", 1, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    catalog_free(catalog);
    buffer_release(&file);
    buffer_release(&example);
}

static void receipt_is_the_server_s_word(void **state)
{
    static const struct {
        enum pki_member member;
        bool counts;
    } table[] = {{PKI_SERVER, true}, {PKI_SEAT_1, false}, {PKI_EXAM_SIGNER, false}, {PKI_STAFF_1, false}};
    struct buffer example = example_object("receipt.json");
    struct receipt receipt, found;

    (void)state;
    assert_true(receipt_decode(buffer_bytes(&example), &receipt, NULL));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct buffer file = {.max = TICKET_MAX_BYTES};
        assert_true(receipt_sign(&receipt, pki.members[table[i].member], &file, NULL));
        assert_int_equal(receipt_verify(buffer_bytes(&file), pki.trust, &found, NULL), table[i].counts);
        buffer_release(&file);
    }
    assert_string_equal(found.topics[1].title, "Functions");
    buffer_release(&example);
}

/* As docs/formats/codes.md has it: the example's transcript. */
static void receipt_code_is_of_the_transcript(void **state)
{
    struct buffer transcript = example_read("transcript.jsonl"), example = example_object("receipt.json");
    struct receipt receipt;
    struct digest digest;
    char code[RECEIPT_CODE_SIZE];

    (void)state;
    assert_true(receipt_decode(buffer_bytes(&example), &receipt, NULL));
    digest_of(buffer_bytes(&transcript), &digest);
    assert_true(digest_equal(&digest, &receipt.transcript));
    receipt_code(&digest, code);
    assert_string_equal(code, receipt.code);
    buffer_release(&transcript);
    buffer_release(&example);
}

static void result_opens_for_intake_and_scoring(void **state)
{
    static const enum pki_member readers[] = {PKI_INTAKE, PKI_SCORING, PKI_TICKET, PKI_SEAT_1};
    struct buffer transcript = example_read("transcript.jsonl"), file = {.max = RESULT_MAX_BYTES};

    (void)state;
    assert_true(result_seal(buffer_bytes(&transcript), pki.members[PKI_SEAT_1],
        pki_certificate(&pki, PKI_INTAKE), pki_certificate(&pki, PKI_SCORING), PKI_NOW_MS, &file, NULL));
    for (size_t i = 0; i < 4; i++) {
        struct buffer found = {.max = TRANSCRIPT_MAX_BYTES};
        struct cms_signer signer = {NULL, 0};
        const bool opens = result_open(
            buffer_bytes(&file), pki.members[readers[i]], pki.trust, PKI_NOW_MS, &found, &signer, NULL);
        assert_int_equal(opens, i < 2);
        if (opens) {
            char center[IDENTIFIER_SIZE];
            certificate_center(signer.certificate, center);
            assert_string_equal(center, "center-1");
            assert_true(bytes_equal(buffer_bytes(&found), buffer_bytes(&transcript)));
        }
        assert_int_equal(found.len > 0, opens);
        cms_signer_release(&signer);
        buffer_release(&found);
    }
    buffer_release(&transcript);
    buffer_release(&file);
}

static void result_is_a_seat_s_at_the_time_of_the_sitting(void **state)
{
    static const struct {
        enum pki_member signer;
        int64_t at_ms;
        bool counts;
    } table[] = {
        {PKI_SEAT_1, PKI_NOW_MS, true},
        {PKI_SEAT_1, PKI_UNTIL_MS + 1000, false},
        {PKI_SEAT_1, PKI_FROM_MS - 1000, false},
        {PKI_SEAT_1, CMS_AT_ISSUE, true},
        {PKI_SEAT_1_TLS, PKI_NOW_MS, false},
        {PKI_STAFF_1, PKI_NOW_MS, false},
        {PKI_SERVER, PKI_NOW_MS, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct buffer file = {.max = RESULT_MAX_BYTES}, found = {.max = TRANSCRIPT_MAX_BYTES};
        struct buffer unfinished = {.max = RESULT_MAX_BYTES};
        const struct identity *signer = pki.members[table[i].signer];
        assert_true(result_seal(bytes_of_text("{}\n"), signer, pki_certificate(&pki, PKI_INTAKE),
            pki_certificate(&pki, PKI_SCORING), PKI_NOW_MS, &file, NULL));
        assert_int_equal(result_open(buffer_bytes(&file), pki.members[PKI_INTAKE], pki.trust, table[i].at_ms,
                             &found, NULL, NULL),
            table[i].counts);
        assert_true(unfinished_sign(bytes_of_text("journal"), signer, PKI_NOW_MS, &unfinished, NULL));
        buffer_clear(&found);
        assert_int_equal(
            unfinished_verify(buffer_bytes(&unfinished), pki.trust, table[i].at_ms, &found, NULL, NULL),
            table[i].counts);
        buffer_release(&unfinished);
        buffer_release(&found);
        buffer_release(&file);
    }
}

static void order_is_staff_s_and_for_one_seat(void **state)
{
    static const struct {
        enum pki_member signer, reader;
        bool counts;
    } table[] = {{PKI_STAFF_1, PKI_SEAT_1, true}, {PKI_STAFF_1, PKI_SEAT_2, false},
        {PKI_SEAT_1, PKI_SEAT_1, false}, {PKI_SERVER, PKI_SEAT_1, false}};
    struct buffer example = example_object("order.json");
    struct order order, found;

    (void)state;
    assert_true(order_decode(buffer_bytes(&example), &order, NULL));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct buffer file = {.max = TICKET_MAX_BYTES};
        struct cms_signer signer = {NULL, 0};
        assert_true(order_seal(&order, pki.members[table[i].signer], pki_certificate(&pki, PKI_SEAT_1),
            PKI_NOW_MS, &file, NULL));
        assert_int_equal(
            order_open(buffer_bytes(&file), pki.trust, pki.members[table[i].reader], &found, &signer, NULL),
            table[i].counts);
        assert_int_equal(signer.certificate != NULL, table[i].counts);
        cms_signer_release(&signer);
        buffer_release(&file);
    }
    assert_int_equal(found.add_ms, 300000);
    buffer_release(&example);
}

static void status_is_a_seat_s(void **state)
{
    static const struct {
        enum pki_member signer;
        bool counts;
    } table[] = {{PKI_SEAT_1, true}, {PKI_STAFF_1, false}, {PKI_SEAT_1_TLS, false}};
    struct buffer example = example_object("status.json");
    struct status status, found;

    (void)state;
    assert_true(status_decode(buffer_bytes(&example), &status, NULL));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct buffer file = {.max = TICKET_MAX_BYTES};
        struct cms_signer signer = {NULL, 0};
        assert_true(status_sign(&status, pki.members[table[i].signer], PKI_NOW_MS, &file, NULL));
        assert_int_equal(
            status_verify(buffer_bytes(&file), pki.trust, &found, &signer, NULL), table[i].counts);
        cms_signer_release(&signer);
        buffer_release(&file);
    }
    assert_string_equal(found.alarms[0], "late-save");
    buffer_release(&example);
}

/* One kind shown as another: the signature is right, and it is refused. */
static void objects_are_not_taken_for_another_kind(void **state)
{
    struct buffer example = example_object("receipt.json"), out = {.max = 1u << 20};
    struct receipt receipt;
    struct catalog *catalog;

    (void)state;
    for (int kind = 0; kind < OBJECT_KINDS; kind++) {
        struct buffer file = {.max = 1u << 20};
        struct error err = {ERROR_NONE, ""};
        assert_true(cms_sign((enum object_kind)kind, buffer_bytes(&example), pki.members[PKI_SERVER],
            PKI_NOW_MS, &file, NULL));
        assert_int_equal(
            receipt_verify(buffer_bytes(&file), pki.trust, &receipt, &err), kind == OBJECT_RECEIPT);
        catalog = catalog_verify(buffer_bytes(&file), pki.trust, "lyon-1", 1, NULL);
        assert_null(catalog);
        assert_null(ticket_open(buffer_bytes(&file), pki.trust, pki.members[PKI_SEAT_1], NULL, NULL));
        buffer_release(&file);
    }
    buffer_release(&out);
    buffer_release(&example);
}

/* --- the keys in a ticket ---------------------------------------------------------------------------------
 */

static void ticket_wraps_open_with_their_code_only(void **state)
{
    static const char *const codes[] = {"22222222", "22222223"};
    struct session_keys keys = {secret_random(KEY_BYTES, NULL), secret_random(KEY_BYTES, NULL)},
                        found = {NULL, NULL};
    struct secret *wrapping[3];
    struct wrap wrap;
    struct error err = {ERROR_NONE, ""};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct secret *code = secret_copy(bytes_of_text(codes[i % 2]), NULL);
        struct secret *slow = code_stretch(CODE_RESUME, 1, "101112131415161718191a1b1c1d1e1f", code, NULL);
        wrapping[i] = code_wrapping_key(
            slow, i < 2 ? "101112131415161718191a1b1c1d1e1f" : "303132333435363738393a3b3c3d3e3f", NULL);
        secret_free(slow);
        secret_free(code);
    }
    assert_true(ticket_wrap(&keys, wrapping[0], &wrap, NULL));
    assert_true(ticket_unwrap(&wrap, wrapping[0], &found, &err));
    assert_true(secret_equal(found.exam_key, secret_bytes(keys.exam_key)));
    assert_true(secret_equal(found.session_key, secret_bytes(keys.session_key)));
    session_keys_release(&found);
    for (size_t i = 1; i < 3; i++) {
        assert_false(ticket_unwrap(&wrap, wrapping[i], &found, &err));
        assert_int_equal(err.code, ERROR_UNTRUSTED);
        assert_null(found.exam_key);
    }
    for (size_t bit = 0; bit < 8 * WRAPPED_BYTES; bit++) {
        wrap.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(ticket_unwrap(&wrap, wrapping[0], &found, NULL));
        wrap.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t i = 0; i < 3; i++)
        secret_free(wrapping[i]);
    session_keys_release(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_written_as_they_are_read),
        cmocka_unit_test(objects_refuse_every_prefix),
        cmocka_unit_test(objects_miss_every_member),
        cmocka_unit_test(objects_refuse_unknown_members),
        cmocka_unit_test(objects_refuse_values_out_of_form),
        cmocka_unit_test(objects_are_not_written_if_they_can_not_be_read),
        cmocka_unit_test(object_ids_name_session_and_epoch),
        cmocka_unit_test(ticket_opens_for_its_center_only),
        cmocka_unit_test(objects_over_their_limit_are_refused_unread),
        cmocka_unit_test(catalog_is_this_center_s_and_no_older_one),
        cmocka_unit_test(receipt_is_the_server_s_word),
        cmocka_unit_test(receipt_code_is_of_the_transcript),
        cmocka_unit_test(result_opens_for_intake_and_scoring),
        cmocka_unit_test(result_is_a_seat_s_at_the_time_of_the_sitting),
        cmocka_unit_test(order_is_staff_s_and_for_one_seat),
        cmocka_unit_test(status_is_a_seat_s),
        cmocka_unit_test(objects_are_not_taken_for_another_kind),
        cmocka_unit_test(ticket_wraps_open_with_their_code_only),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
