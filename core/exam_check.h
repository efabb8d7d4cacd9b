/* exam_check.h: everything about an exam that can be wrong without being wrong JSON.
 *
 * Both ends use it: a reader refuses what it says, and a writer never writes what a reader would refuse. */
#ifndef CARREL_EXAM_CHECK_H
#define CARREL_EXAM_CHECK_H

#include "core/exam.h"

/* ERROR_FORMAT with the first reason. */
bool exam_check(const struct exam *exam, struct error *err);

#endif
