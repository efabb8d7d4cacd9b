/* form.h: which items a candidate gets, in which order: a pure function of exam, seed and what was seen
 * before.
 *
 * For each selection `count` items are drawn, enemies never together anywhere in the form. Items the
 * candidate has seen before are drawn only where a form can't be made without, as few as possible, and those
 * seen longest ago first (the order of `seen`). The items of a test part are shuffled over its sections;
 * choices are shuffled where the interaction says so. All randomness comes from the 32-byte seed through
 * SHA-256 in counter mode with rejection, so that another program can recompute a form
 * (docs/formats/form.md). The resolved form is journaled, and no one draws it again. */
#ifndef CARREL_FORM_H
#define CARREL_FORM_H

#include "core/exam.h"

#define FORM_SEED_BYTES 32
/* Items tried in the search for a form, before one more seen item is let in. */
#define FORM_SEARCH_STEPS 20000u

struct form_item {
    size_t item;                        /* index in the exam */
    size_t part, section;               /* where it was drawn */
    unsigned char choices[CHOICES_MAX]; /* order shown: index in the first interaction's choices */
    size_t choice_count;
};

struct form {
    struct form_item items[FORM_ITEMS_MAX];
    size_t count;
};

/* seen: item identifiers, longest ago first; unknown ones are ignored, of equal ones the last counts.
 * ERROR_LIMIT if enemies leave too few. The exam is one that exam_check accepts. */
bool form_assemble(const struct exam *exam, const uint8_t seed[FORM_SEED_BYTES], const char *const *seen,
    size_t seen_count, struct form *form, struct error *err);

#endif
