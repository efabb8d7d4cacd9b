/* exam_text.h: blocks of text in JSON: the same form in an item, a choice, an agreement and a rationale
 * (docs/formats/exam.md, "Text"). */
#ifndef CARREL_EXAM_TEXT_H
#define CARREL_EXAM_TEXT_H

#include "core/exam.h"
#include "core/json.h"

/* what names the place in error texts. A block may place one of `interactions` interactions; each must be
 * placed exactly once. */
bool blocks_decode(const struct json *array, const char *what, size_t interactions, struct arena *arena,
    struct blocks *blocks, struct error *err);
struct json *blocks_encode(const struct blocks *blocks);

#endif
