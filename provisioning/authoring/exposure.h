/* exposure.h: how often an item is shown: in how many of many forms, drawn as seats draw them, it is. */
#ifndef CARREL_PROVISIONING_AUTHORING_EXPOSURE_H
#define CARREL_PROVISIONING_AUTHORING_EXPOSURE_H

#include "core/exam.h"

enum { EXPOSURE_FORMS = 1000 };

struct exposure {
    const char *item;     /* the one that is in most forms; NULL: not measured */
    double highest, mean; /* of 1; the mean over all items that are drawn */
};

/* Always the same for the same exam. item is the exam's own pointer: the bank's, where it was built of one.
 */
bool exposure_measure(const struct exam *exam, struct exposure *exposure, struct error *err);

#endif
