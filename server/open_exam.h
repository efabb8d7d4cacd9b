/* open_exam.h: a published exam's content, opened with the key that was published with it. */
#ifndef CARREL_SERVER_OPEN_EXAM_H
#define CARREL_SERVER_OPEN_EXAM_H

#include "core/exam.h"
#include "server/board.h"
#include "server/store/store.h"

/* packages is the folder they lie in. Up to PACKAGE_MAX_BYTES are read: for the slow lane. Free with
 * exam_free. */
struct exam *open_exam(const struct board *board, const char *packages, struct store *reader,
    const char *package_id, struct error *err);

#endif
