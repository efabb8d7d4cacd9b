/* transitions.h: from screen to screen, as the loop needs it (kiosk.c); what screens call is in kiosk.h. */
#ifndef CARREL_SCREENS_TRANSITIONS_H
#define CARREL_SCREENS_TRANSITIONS_H

#include "kiosk/screens/kiosk.h"

/* To the next state by the table; what lies over its screen stays. The one place where the state changes, but for
 * kiosk_go_on. */
void kiosk_step(struct kiosk *kiosk, enum session_event event);
/* The end is on disk, now or after some tries: through the table to sealing. */
void kiosk_ended(struct kiosk *kiosk);
/* Tells the log which screen is shown, once: after its frame. */
void kiosk_log_screen(struct kiosk *kiosk);

#endif
