/* link.h: the screen process's end of its line to the guard (kiosk/guard/message.h).
 *
 * What the guard must know follows from the sitting: link_report() compares with what was said last and says
 * what changed. A guard that is gone ends the process: without it nothing is locked. */
#ifndef CARREL_SCREENS_LINK_H
#define CARREL_SCREENS_LINK_H

#include "core/error.h"
#include "kiosk/guard/message.h"
#include "kiosk/seat/sitting.h"

struct link {
    int socket;
    struct message_welcome welcome;
    int memories[MESSAGE_MEMORY_KINDS]; /* as given by the guard at start; −1 where none */
    char memory_session[SESSION_ID_SIZE];
    struct exam_time told_time;
    int64_t told_saved_boot_ms;
    int64_t told_alive_ms; /* CLOCK_BOOTTIME */
    bool has_told_time;
};

/* HELLO, WELCOME and the memory files. Waits up to 5 s. */
bool link_open(struct link *link, int socket, struct error *err);
void link_close(struct link *link);

/* Whether both memory files of a session came. */
bool link_has_memories(const struct link *link);

bool link_ready(struct link *link, uint64_t window);
/* Says that we live, where exam time stands and what is saved, where any of it changed. sitting may be NULL.
 */
bool link_report(struct link *link, const struct clock *clock, const struct sitting *sitting);
/* Gives the guard the two memory files of a session. */
bool link_keep(struct link *link, const struct sitting *sitting, struct error *err);
bool link_forget(struct link *link);
void link_log(struct link *link, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
