/* memory.h: what a seat must remember, whatever happens to the screen process or the machine:
 * kiosk/state.json.
 *
 * Sessions begun and ended here, codes used, the highest catalog number and the newest signed time seen. It
 * is the kiosk's own, closed to carrel-sync. Every change is on disk before the caller goes on: a start code
 * is used up before the session it starts. */
#ifndef CARREL_SEAT_MEMORY_H
#define CARREL_SEAT_MEMORY_H

#include "core/record.h"
#include "core/ticket.h"
#include "kiosk/seat/seat.h"
#include "kiosk/session/door.h"

#define MEMORY_FILE "kiosk/state.json"
#define MEMORY_SESSIONS_MAX 2000u
#define MEMORY_MAX_BYTES (2u << 20)

enum memory_state {
    MEMORY_OPENING,  /* the start code was right; nothing was shown yet, and the code may be typed again */
    MEMORY_BEGUN,    /* journal is the truth */
    MEMORY_STORED,   /* result or unfinished journal is in spool/out */
    MEMORY_RECEIVED, /* a receipt that verifies is held */
    MEMORY_STATES
};

struct memory_session {
    char id[OBJECT_ID_SIZE];
    enum memory_state state;
    unsigned codes_used[CODE_KINDS]; /* bit n−1: number n was taken */
    int64_t closes_ms;               /* end of its window, or when staff let it begin after that */
    int64_t limit_ms;                /* its exam time, so that it isn't taken away while it may still run */
    int64_t done_ms;                 /* stored or received at; wall */
    struct digest transcript;        /* what the receipt must name */
};

struct memory {
    char path[FILE_PATH_SIZE];
    int64_t catalog_number;
    struct door_seen seen;    /* the newest time seen in anything signed by the server */
    struct memory_session *sessions;
    size_t count;
};

/* An empty memory where there is no file yet. A file that can't be read is a failure: forgetting which codes
 * were used is not an option. */
struct memory *memory_load(const char *seat_folder, struct error *err);
void memory_free(struct memory *memory); /* NULL is fine */

struct memory_session *memory_find(struct memory *memory, const char *id);
/* A new session, with nothing used yet; not saved yet. NULL when MEMORY_SESSIONS_MAX is reached. */
struct memory_session *memory_add(struct memory *memory, const char *id, struct error *err);
/* Forgets the one at this place; not saved yet. */
void memory_remove(struct memory *memory, struct memory_session *session);
bool memory_save(const struct memory *memory, struct error *err);
/* The same without needing room: through a file that is on disk already (outfile_fill). */
bool memory_save_through(const struct memory *memory, const char *place, struct error *err);

/* Raises what was seen, and saves if it rose. is_fresh: it was signed when the network asked for it. */
bool memory_saw(struct memory *memory, int64_t catalog_number, int64_t signed_ms, bool is_fresh,
    const struct clock *clock, struct error *err);

/* What time it is on this seat, as far as its clock and what was signed say. */
struct door_time memory_time(const struct memory *memory, const struct clock *clock);
/* The one moment that certificates and windows are judged at: a clock known to be ahead does not count. */
int64_t memory_now_ms(const struct memory *memory, const struct clock *clock);

/* Whether this code may open the session now (a start code once and before any other; resume codes in order),
 * and if so notes it as used, on disk. ERROR_REFUSED with the reason in words for staff. */
bool memory_use_code(struct memory *memory, struct memory_session *session, enum code_kind kind,
    unsigned number, struct error *err);

#endif
