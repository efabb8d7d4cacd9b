/* store.h: what the server remembers, behind function pointers so that more than one kind of store can stand
 * behind them.
 *
 * A struct store is one connection to the store, used by one thread at a time. Any number may read; exactly
 * one writes, and groups what it writes:
 *
 *     store->begin(store, &err)
 *         store->mark(…)  …writes of one caller…  store->undo(…) if they failed
 *         …
 *     switch (store->commit(store, &err))    // only now is anything promised to anybody
 *
 * A failed call writes its reason and changes nothing. ERROR_NOT_FOUND: no such row. ERROR_REFUSED: one like
 * it is there already. ERROR_IO is the disk's: the writer must stop the program, because what is on the disk
 * is no longer known. Secrets are stored sealed to the ticket certificate: the store never sees one. */
#ifndef CARREL_SERVER_STORE_H
#define CARREL_SERVER_STORE_H

#include "core/crypto/certificate.h"
#include "core/package.h"
#include "core/receipt.h"
#include "core/ticket.h"

#define REASON_SIZE 400
#define WHO_SIZE (NAME_SIZE + SERIAL_SIZE + 2) /* name and serial of a certificate */

enum store_commit {
    STORE_COMMITTED,
    STORE_ROLLED_BACK, /* nothing of the group is stored */
    STORE_UNKNOWN,     /* it may be stored or not: stop, and look again after a start */
};

/* --- rows ------------------------------------------------------------------------------------------------ */

struct exam_row {
    struct exam_facts facts; /* facts.package_id names it */
    int64_t published_ms;
};

struct sitting_row {
    char id[SESSION_ID_SIZE], center[IDENTIFIER_SIZE], package_id[SESSION_ID_SIZE];
    char title[NAME_SIZE], time_zone[ZONE_SIZE];
    int64_t opens_ms, closes_ms, created_ms;
};

/* Where a session stands. */
enum standing {
    STANDING_ADMITTED, /* nothing was heard of it */
    STANDING_BEGUN,    /* a status of its seat said so */
    STANDING_RECEIVED, /* a result is stored, nobody has judged it */
    STANDING_SCORED,
    STANDING_HELD, /* for a person to decide; the reason says why */
    STANDING_VOID, /* another admission took its place before anything came */
    STANDINGS
};
const char *standing_name(enum standing standing); /* "admitted", … */

/* The one row that decides what a session is worth. */
struct session_row {
    char id[SESSION_ID_SIZE], sitting[SESSION_ID_SIZE], center[IDENTIFIER_SIZE], package_id[SESSION_ID_SIZE];
    char admission[NUMBER_SIZE], candidate_id[IDENTIFIER_SIZE], candidate_name[NAME_SIZE];
    unsigned epoch;              /* the highest that was approved */
    int64_t opens_ms, closes_ms; /* of its sitting */
    int64_t max_time_ms;
    unsigned item_count;
    struct accommodations accommodations;
    int64_t created_ms;
    bool is_replaced; /* by another admission: whatever still comes is held */
    int64_t revision; /* raised by each change, so that who decided on an older one can see it */
    enum standing standing;
    char reason[REASON_SIZE]; /* held: why */
    unsigned result_epoch;    /* of the result the standing is about; 0: there is none */
    struct digest transcript; /* of that result */
    char receipt_code[RECEIPT_CODE_SIZE];
    bool is_journal; /* it is an unfinished journal */
    bool passed;     /* scored */
    unsigned points, maximum, scaled;
    int64_t taken_ms; /* when the exam of that result was over; 0: there is none */
};

/* Everything ever handed in: one row for each transcript. */
struct result_row {
    char session[SESSION_ID_SIZE];
    unsigned epoch;
    struct digest transcript, file;
    bool is_journal;
    int64_t received_ms;
    char signer_serial[SERIAL_SIZE];
    enum standing standing; /* received, scored, held */
    char reason[REASON_SIZE];
};

struct ticket_row {
    char session[SESSION_ID_SIZE];
    unsigned epoch;
    int64_t number;
    struct digest content, file;
    int64_t bytes;
    int64_t generation; /* of the center's certificates it is sealed to */
};

struct certificate_row {
    char center[IDENTIFIER_SIZE], name[NAME_SIZE], serial[SERIAL_SIZE];
    enum role role;
    int64_t not_after_ms, added_ms;
    int64_t revoked_ms; /* 0: it is not */
    char reason[REASON_SIZE];
};

/* One version of a programme's rules. */
struct programme_row {
    char id[IDENTIFIER_SIZE];
    int64_t in_force_ms, published_ms;
    char published_by[WHO_SIZE];
};

enum title_state { TITLE_HELD, TITLE_UNDER_REVIEW, TITLE_REVOKED, TITLE_STATES };
const char *title_state_name(enum title_state state); /* "held", … */

/* Somebody got a title: by a score, or awarded for others (session "" then). */
struct title_row {
    int64_t number; /* given by the store */
    char candidate_id[IDENTIFIER_SIZE], programme[IDENTIFIER_SIZE], title[IDENTIFIER_SIZE];
    int64_t rules_ms; /* in_force_ms of the rules it was given by */
    char session[SESSION_ID_SIZE];
    int64_t awarded_ms, expires_ms; /* expires_ms 0: never */
    enum title_state state;
};

struct title_decision {
    int64_t at_ms;
    char act[16], who[WHO_SIZE], reason[REASON_SIZE];
};

/* One row at a time; returning false stops with its error. */
typedef bool exam_each(void *context, const struct exam_row *row, struct error *err);
typedef bool sitting_each(void *context, const struct sitting_row *row, struct error *err);
typedef bool session_each(void *context, const struct session_row *row, struct error *err);
typedef bool ticket_each(void *context, const struct ticket_row *row, struct error *err);
typedef bool certificate_each(
    void *context, const struct certificate_row *row, struct bytes der, struct error *err);
typedef bool programme_each(
    void *context, const struct programme_row *row, struct bytes content, struct error *err);
typedef bool title_each(void *context, const struct title_row *row, struct error *err);
typedef bool decision_each(void *context, const struct title_decision *decision, struct error *err);
typedef bool text_each(void *context, const char *text, struct error *err);

/* Which sessions: "" and 0 mean all. */
struct session_filter {
    const char *center, *sitting, *candidate_id;
    int64_t closes_after_ms;
    bool is_passed; /* of everybody: scored and passed only, in the order in which they were taken */
};

/* --- the store ------------------------------------------------------------------------------------------- */

struct store {
    void (*close)(struct store *store);

    bool (*begin)(
        struct store *store, struct error *err); /* a reader's: one state of everything until rollback */
    enum store_commit (*commit)(struct store *store, struct error *err);
    void (*rollback)(struct store *store);
    bool (*mark)(
        struct store *store, struct error *err); /* where undo goes back to; keep accepts what came since */
    bool (*keep)(struct store *store, struct error *err);
    bool (*undo)(struct store *store, struct error *err);

    /* A number above every one given out under this name, and at least now: it also rises over a store that
     * was put back to an older copy. */
    bool (*number)(struct store *store, const char *name, int64_t now_ms, int64_t *number, struct error *err);

    bool (*exam_add)(struct store *store, const struct exam_row *row, struct bytes open, struct bytes key,
        struct error *err);
    bool (*exam_get)(struct store *store, const char *package_id, struct exam_row *row, struct error *err);
    bool (*exam_newest)(struct store *store, const char *identifier, struct exam_row *row, struct error *err);
    bool (*exam_each)(struct store *store, exam_each *each, void *context, struct error *err);
    bool (*exam_open_file)(
        struct store *store, const char *package_id, struct buffer *file, struct error *err);
    bool (*exam_key_file)(
        struct store *store, const char *package_id, struct buffer *file, struct error *err);

    bool (*sitting_add)(
        struct store *store, const struct sitting_row *row, struct bytes sealed_codes, struct error *err);
    bool (*sitting_get)(struct store *store, const char *id, struct sitting_row *row, struct error *err);
    bool (*sitting_each)(
        struct store *store, const char *center, sitting_each *each, void *context, struct error *err);
    bool (*sitting_codes)(
        struct store *store, const char *id, struct buffer *sealed_codes, struct error *err);

    /* sealed_ticket: the ticket's JSON under the ticket certificate, from which it is sealed again. */
    bool (*session_add)(struct store *store, const struct session_row *row, struct bytes sealed_codes,
        struct bytes sealed_ticket, struct error *err);
    bool (*session_get)(struct store *store, const char *id, struct session_row *row, struct error *err);
    bool (*session_by_admission)(struct store *store, const char *center, const char *admission,
        struct session_row *row, struct error *err);
    /* Oldest first. */
    bool (*session_each)(struct store *store, const struct session_filter *filter, session_each *each,
        void *context, struct error *err);
    bool (*session_codes)(
        struct store *store, const char *id, struct buffer *sealed_codes, struct error *err);
    bool (*session_ticket)(
        struct store *store, const char *id, struct buffer *sealed_ticket, struct error *err);
    /* Standing, reason, result and score of the row, whose revision must be the stored one (ERROR_BUSY);
     * raises it. */
    bool (*session_decide)(struct store *store, const struct session_row *row, struct error *err);
    /* Which items it showed, in order: another session of this candidate gets others. */
    bool (*session_show)(
        struct store *store, const char *id, const char *const *items, size_t count, struct error *err);
    bool (*session_shown)(
        struct store *store, const char *id, text_each *each, void *context, struct error *err);

    bool (*ticket_put)(
        struct store *store, const struct ticket_row *row, struct bytes file, struct error *err);
    bool (*ticket_get)(
        struct store *store, const char *session, unsigned epoch, struct ticket_row *row, struct error *err);
    bool (*ticket_file)(
        struct store *store, const char *session, unsigned epoch, struct buffer *file, struct error *err);
    /* Was this content ever given out for this session and epoch, under any number? ERROR_NOT_FOUND. */
    bool (*ticket_made)(struct store *store, const char *session, unsigned epoch,
        const struct digest *content, struct error *err);
    /* The newest of each session of the center that may still be begun or resumed: until RESUME_MARGIN_MS after the
     * close of its window and its exam time. */
    bool (*ticket_each)(struct store *store, const char *center, int64_t now_ms, ticket_each *each,
        void *context, struct error *err);
    /* Those among them that are sealed to older certificates than the center's present ones; at most max. */
    bool (*ticket_stale)(struct store *store, const char *center, int64_t now_ms, unsigned max,
        ticket_each *each, void *context, struct error *err);

    bool (*result_add)(struct store *store, const struct result_row *row, struct bytes file,
        struct bytes receipt, struct bytes score, struct error *err);
    bool (*result_get)(struct store *store, const char *session, unsigned epoch,
        const struct digest *transcript, struct result_row *row, struct error *err);
    /* What is stored of one handed in: any of the buffers may be NULL. */
    bool (*result_read)(struct store *store, const char *session, unsigned epoch,
        const struct digest *transcript, struct buffer *file, struct buffer *receipt, struct buffer *score,
        struct error *err);
    /* The digest of the first that came for this ID, a result before a journal. */
    bool (*result_first)(
        struct store *store, const char *session, unsigned epoch, struct result_row *row, struct error *err);
    /* All results of the epoch (not journals) become held for this reason. */
    bool (*result_hold)(
        struct store *store, const char *session, unsigned epoch, const char *reason, struct error *err);

    /* ERROR_REFUSED: this version is there. */
    bool (*programme_add)(
        struct store *store, const struct programme_row *row, struct bytes content, struct error *err);
    /* One version of each programme: the newest that is in force at that moment. */
    bool (*programme_each)(
        struct store *store, int64_t at_ms, programme_each *each, void *context, struct error *err);
    /* With its award as the first decision; sets the row's number. */
    bool (*title_add)(
        struct store *store, struct title_row *row, const struct title_decision *award, struct error *err);
    /* Of one candidate, by when they were got: a result may come late. */
    bool (*title_each)(
        struct store *store, const char *candidate_id, title_each *each, void *context, struct error *err);
    /* Sets its state and keeps the decision. ERROR_NOT_FOUND. */
    bool (*title_decide)(struct store *store, int64_t number, enum title_state state,
        const struct title_decision *decision, struct error *err);
    /* In the order in which they were made. */
    bool (*title_decisions)(
        struct store *store, int64_t number, decision_each *each, void *context, struct error *err);

    /* Raises the center's generation. ERROR_REFUSED: it is known. */
    bool (*certificate_add)(
        struct store *store, const struct certificate_row *row, struct bytes der, struct error *err);
    bool (*certificate_each)(
        struct store *store, const char *center, certificate_each *each, void *context, struct error *err);
    /* All certificates of this seat that are not revoked yet; raises the generation. ERROR_NOT_FOUND: no such
     * seat. */
    bool (*certificate_revoke)(struct store *store, const char *center, const char *seat, int64_t now_ms,
        const char *reason, struct error *err);
    bool (*center_generation)(
        struct store *store, const char *center, int64_t *generation, struct error *err);
    bool (*crl_put)(
        struct store *store, const char *center, int64_t made_ms, struct bytes der, struct error *err);
    bool (*crl_get)(
        struct store *store, const char *center, int64_t *made_ms, struct buffer *der, struct error *err);

    bool (*invite_add)(struct store *store, const struct digest *code, const char *center, const char *seat,
        int64_t expires_ms, struct error *err);
    /* Serves once: ERROR_NOT_FOUND where there is none, or none any more. */
    bool (*invite_take)(struct store *store, const struct digest *code, int64_t now_ms,
        char center[IDENTIFIER_SIZE], char seat[IDENTIFIER_SIZE], struct error *err);

    /* The newest word of a seat; an older number changes nothing. A session it names counts as begun. */
    bool (*status_put)(struct store *store, const char *center, const char *seat, const char *session,
        int64_t number, struct bytes file, struct error *err);
    /* Removes what has no use any more: invites that ran out. */
    bool (*tidy)(struct store *store, int64_t now_ms, struct error *err);
};

/* SQLite in one file, made where it is missing. A reader can't change anything. */
struct store *sqlite_store_open(const char *path, bool is_reader, struct error *err);

#endif
