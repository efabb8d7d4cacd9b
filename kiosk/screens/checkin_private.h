/* checkin_private.h: what typing a code (checkin.c) and opening by it (checkin_open.c) share. */
#ifndef CARREL_SCREENS_CHECKIN_PRIVATE_H
#define CARREL_SCREENS_CHECKIN_PRIVATE_H

#include "kiosk/screens/checkin.h"

/* Wipes what the worker was given and gave back. */
void checkin_job_clear(struct checkin_job *job);
/* Wipes the code that was typed. */
void checkin_clear_code(struct checkin *checkin);
/* Says it to staff; always false. */
bool checkin_hint(struct checkin *checkin, const char *text);
/* Two people are two different initials. */
bool checkin_has_second(const struct checkin *checkin);

#endif
