/* exam_names.h: the exam model's enumerations as JSON writes them; for json_get_enum and json_text. */
#ifndef CARREL_EXAM_NAMES_H
#define CARREL_EXAM_NAMES_H

#include "core/exam.h"

extern const char *const cardinality_names[CARDINALITIES];          /* QTI's: "single", "multiple", … */
extern const char *const base_type_names[BASE_TYPES];               /* QTI's: "identifier", "float", … */
extern const char *const interaction_type_names[INTERACTION_TYPES]; /* "choice" */
extern const char *const item_use_names[ITEM_USES];                 /* "live", "pilot" */
extern const char *const navigation_mode_names[NAVIGATION_MODES];   /* "nonlinear", "linear" */
extern const char *const exam_content_names[EXAM_CONTENTS];         /* "live", "public", "practice" */
extern const char *const result_policy_names[RESULT_POLICIES];      /* "nothing", "pass-fail", "topics" */

#endif
