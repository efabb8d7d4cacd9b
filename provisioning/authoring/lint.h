/* lint.h: what a bank gives away without anybody knowing the subject (docs/formats/exam-folder.md, "What the
 * lint asks").
 *
 * Each rule is measured over the whole bank; what breaks it is noted as a mistake. */
#ifndef CARREL_PROVISIONING_AUTHORING_LINT_H
#define CARREL_PROVISIONING_AUTHORING_LINT_H

#include "provisioning/authoring/bank.h"

enum guesser { GUESS_LONGEST, GUESS_FIRST, GUESS_LAST, GUESS_ODD, GUESSERS };
extern const char *const guesser_names[GUESSERS]; /* "longest", "first", "last", "odd-one-out" */

/* How often somebody who only looks at the choices would find the whole key. */
struct guesses {
    size_t items;
    double chance;          /* of 1, for blind choice: the mean of 1 / (n over k) */
    double found[GUESSERS]; /* of 1 */
};

void lint_guesses(const struct bank *bank, struct guesses *guesses);
/* Where keys stand, and what guessers find: for a bank that could be read whole. */
void lint_statistics(const struct bank *bank, struct mistakes *mistakes);
/* What one item or two give away. */
void lint_items(const struct bank *bank, struct mistakes *mistakes);

/* --- parts, for tests ----------------------------------------------------------------------------------- */
/* The chance that the choices with the highest values are the whole key; ties are broken blindly. */
double lint_found(const struct source_item *item, const double values[SOURCE_CHOICES_MAX]);
/* Whether a choice speaks of other choices: "all of the above", "Both A and B". English only. */
bool lint_speaks_of_choices(const char *text);
/* The number after "choose" in the question, 0 if none: "Choose two." */
unsigned lint_stated_number(const struct blocks *stem);
/* Appends the Python listing with its own names replaced by their order of appearance; builtins and
 * attributes stay. */
bool lint_renamed(const struct block *listing, struct buffer *text);

#endif
