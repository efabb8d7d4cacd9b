/* bank.h: an exam folder as it was read (docs/formats/exam-folder.md): what the author wrote, and where.
 *
 * Reading notes every mistake and goes on, so that an author sees them all at once; what a mistake spoiled
 * has some harmless value. bank_check looks at what only the whole shows; bank_build makes the exam and its
 * key, and is for banks without mistakes. All texts live in the bank's arena. */
#ifndef CARREL_PROVISIONING_AUTHORING_BANK_H
#define CARREL_PROVISIONING_AUTHORING_BANK_H

#include "core/exam.h"
#include "core/scoring_key.h"
#include "provisioning/authoring/mistakes.h"
#include "provisioning/authoring/needs.h"

enum difficulty { DIFFICULTY_EASY, DIFFICULTY_MEDIUM, DIFFICULTY_HARD, DIFFICULTIES };
enum level { LEVEL_REMEMBER, LEVEL_UNDERSTAND, LEVEL_APPLY, LEVEL_ANALYSE, LEVEL_EVALUATE, LEVELS };
enum task { TASK_OUTPUT, TASK_ERROR, TASK_CONCEPT, TASK_COMPLETE, TASK_TRACE, TASKS };

extern const char *const difficulty_names[DIFFICULTIES];
extern const char *const level_names[LEVELS];
extern const char *const task_names[TASKS];

enum { SOURCE_CHOICES_MIN = 3, SOURCE_CHOICES_MAX = 8 };

struct source_choice {
    struct blocks content;
    const char *text; /* as it is read: runs joined, or a listing's lines */
    unsigned line;
    bool is_key;
};

struct source_item {
    const char *file;       /* as mistakes name it */
    const char *identifier; /* the file's name */
    char version[17];       /* the first 16 hex digits of the SHA-256 of what is below the head */
    const char *objective;
    size_t objective_index; /* set by bank_check */
    unsigned objective_line, key_line, points_line, verify_line, needs_line, enemies_line, body_line;
    size_t key_count;
    unsigned points;
    enum difficulty difficulty;
    enum level level;
    enum task task;
    enum item_use use;
    bool is_run;        /* verify: run */
    const char *raises; /* NULL: no exception */
    unsigned needs;     /* the words of needs: a set of enum need */
    const char **enemies;
    size_t enemy_count;
    bool shuffle;
    struct blocks rationale;
    struct blocks stem;
    const struct block *listing; /* the stem's one Python listing; NULL if it has none, or several */
    struct source_choice choices[SOURCE_CHOICES_MAX];
    size_t choice_count;
};

struct source_draw {
    unsigned count, line;
    bool has_difficulty, has_task;
    enum difficulty difficulty;
    enum task task;
    size_t *items; /* its live items; set by bank_check */
    size_t item_count;
};

struct source_objective {
    const char *identifier, *title;
    unsigned line;
    struct source_draw *draws;
    size_t draw_count;
};

struct bank {
    struct arena arena;
    const char *dir, *file; /* file: exam.yaml's path */
    const char *identifier, *version, *title, *short_title, *language, *source;
    bool is_public;
    enum result_policy result_policy;
    unsigned time_limit_minutes, pass_mark, nda_minutes;
    struct blocks nda, tutorial;
    struct survey_question *survey;
    size_t survey_count;
    unsigned objectives_line;
    struct source_objective *objectives;
    size_t objective_count;
    struct source_item *items; /* sorted by identifier */
    size_t item_count;
};

/* False with the reason only where the folder can't be read at all. Release with bank_release in either case.
 */
bool bank_load(const char *dir, struct bank *bank, struct mistakes *mistakes, struct error *err);
void bank_release(struct bank *bank);
/* Index by identifier. */
bool bank_find(const struct bank *bank, const char *identifier, size_t *index);

/* Objectives, enemies, and which selection draws from which items. */
void bank_check(struct bank *bank, struct mistakes *mistakes);

/* An exam and its key, of a bank that was checked and has no mistakes. content: CONTENT_PRACTICE, or what the
 * bank is; rationales go into a practice key only. Both live no longer than the bank; free each. ERROR_LIMIT
 * if enemies leave too few items for a form. */
bool bank_build(const struct bank *bank, bool for_practice, struct exam **exam, struct scoring_key **key,
    struct error *err);

/* --- parts of bank_load --------------------------------------------------------------------------------- */
/* bank_exam.c, bank_item.c: the content of one file. */
void bank_read_exam(struct bank *bank, struct bytes content, struct mistakes *mistakes);
void bank_read_item(
    struct bank *bank, struct bytes content, struct source_item *item, struct mistakes *mistakes);

#endif
