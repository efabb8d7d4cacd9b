/* screen.h: the screens, one file each. A screen builds its frame from what the kiosk holds, and calls
 * kiosk_happen and the sitting's actions when something was activated. */
#ifndef CARREL_SCREENS_SCREEN_H
#define CARREL_SCREENS_SCREEN_H

#include "kiosk/screens/kiosk.h"
#include "kiosk/ui/widget.h"

/* Builds the frame of the screen that is shown. */
void screen_draw(struct kiosk *kiosk);
/* Its name in the log. */
const char *screen_name(const struct kiosk *kiosk);

void waiting_draw(struct kiosk *kiosk);   /* waiting.c: between candidates */
void number_draw(struct kiosk *kiosk);    /* number.c: the admission number */
void person_draw(struct kiosk *kiosk);    /* person.c: is this you? */
void code_draw(struct kiosk *kiosk);      /* code.c: staff, a code and initials */
void opening_draw(struct kiosk *kiosk);   /* code.c: the worker is busy */
void gap_draw(struct kiosk *kiosk);       /* gap.c: staff, how long nobody was there */
void agreement_draw(struct kiosk *kiosk); /* agreement.c */
void decline_draw(struct kiosk *kiosk);
void tutorial_draw(struct kiosk *kiosk); /* tutorial.c */
void question_draw(struct kiosk *kiosk); /* question.c */
void review_draw(struct kiosk *kiosk);   /* review.c */
void confirm_draw(struct kiosk *kiosk);  /* confirm.c */
void survey_draw(struct kiosk *kiosk);   /* survey.c */
void stored_draw(struct kiosk *kiosk);   /* stored.c: stored, then received */
void release_draw(struct kiosk *kiosk);  /* stored.c: staff make the seat free */
void staff_draw(struct kiosk *kiosk);    /* staff.c: what the seat knows, and unlocking */
void staff_answer(struct kiosk *kiosk, const struct message_answer *answer);
void trouble_draw(struct kiosk *kiosk); /* trouble.c */
void score_draw(struct kiosk *kiosk);   /* practice.c */
void rationale_draw(struct kiosk *kiosk);

/* door.c: the sentence for a window that is not open; NULL where there is none. Both notices draw nothing where
 * all is well: the check-in's door, and this computer's clock. */
const char *door_sentence(struct kiosk *kiosk);
/* "2026-11-22 09:30", in UTC */
const char *screen_moment(struct kiosk *kiosk, int64_t ms);
void screen_door(struct kiosk *kiosk);
void screen_clock(struct kiosk *kiosk);

/* --- common.c: what several have
 * ------------------------------------------------------------------------------- */
/* The header of a candidate's screen: exam, section, seat, and while exam time runs the time and what is
 * saved. */
void screen_header(struct kiosk *kiosk, const char *section);
/* The header of a screen for staff: striped. */
void screen_staff_header(struct kiosk *kiosk, const char *about);
/* Bars under the header: not saved, five minutes left. */
void screen_notices(struct kiosk *kiosk);
/* "Seat 12" */
const char *screen_seat(struct kiosk *kiosk);
/* What initials are typed with. */
#define INITIALS_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* Keys on the screen for who has only a pointer: a small button, and when pressed the characters. They type at the end
 * of this field's text, and the focus goes there: where typing goes is seen. */
void screen_keys(struct kiosk *kiosk, const char *characters, ui_id field, struct field_text *text);
/* True when nothing more was typed than letters of the word, case apart. */
bool screen_word_is(const struct field_text *text, const char *word);

#endif
