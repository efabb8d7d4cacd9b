/* objects.h: the real objects in a demo's folder, each with the reader of the programs that take it in.
 *
 * A reader is given the whole file and does what its program does, with the same bounds: what the program
 * would then use has been authenticated, opened and decoded. Also a seat's journal as it lies on its disk:
 * written by the kiosk's journal with the records of the result that is there, because an ended session
 * leaves none. */
#ifndef CARREL_TAMPER_OBJECTS_H
#define CARREL_TAMPER_OBJECTS_H

#include "core/journal.h"
#include "core/ticket.h"
#include "kiosk/seat/seat.h"

enum object_name {
    EXAM,    /* at the seat */
    OPEN,    /* at the server */
    KEY,     /* at the server and `carrel score` */
    CATALOG, /* at the seat */
    TICKET,  /* at the seat */
    RESULT,  /* at the server, by the intake key */
    SCORED,  /* the same file at `carrel score`, by the scoring key */
    RECEIPT, /* at the seat */
    SENT,    /* ID.journal at the server: signed by the seat */
    JOURNAL, /* the files inside alone: nothing but the journal's own chain protects them */
    OBJECTS
};
extern const char *const object_names[OBJECTS];

#define SESSIONS_MAX 2u

struct session {
    char id[OBJECT_ID_SIZE];
    struct buffer ticket, receipt;
};

struct objects {
    struct seat *seat;
    struct trust *root;
    struct identity *ticket, *scoring, *intake;
    struct secret *exam_key, *session_key;
    struct buffer files[OBJECTS];
    struct session sessions[SESSIONS_MAX]; /* the first one's objects are in files */
    size_t session_count;
    struct buffer records; /* the journal's, one a line */
};

/* Reads folder; false with the reason. Release in any case. */
bool objects_load(struct objects *objects, const char *folder, struct error *err);
void objects_release(struct objects *objects);

/* What the program that takes this object in says to file: true means it would use it. */
bool object_read(const struct objects *objects, enum object_name name, struct bytes file, struct error *err);
/* The journal's files as those of the session id. */
bool object_read_journal(
    const struct objects *objects, const char *id, struct bytes files, struct error *err);

#endif
