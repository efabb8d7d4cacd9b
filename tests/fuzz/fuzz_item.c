/* Any file of an exam folder is read to its end, with mistakes noted or without: exam.yaml where it begins
 * with "format", else one of items/. */
#include <string.h>

#include "provisioning/authoring/bank.h"
#include "provisioning/authoring/lint.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bool is_exam = size > 6 && memcmp(data, "format", 6) == 0;
    struct source_item item = {.file = "x/items/flow-3.md", .identifier = "flow-3"};
    struct source_objective objective = {.identifier = "flow", .title = "Flow", .line = 1};
    struct bank bank = {.dir = "x",
        .file = "x/exam.yaml",
        .items = &item,
        .item_count = is_exam ? 0 : 1,
        .objectives = &objective,
        .objective_count = is_exam ? 0 : 1};
    struct mistakes mistakes = {.count = 0};

    if (is_exam)
        bank_read_exam(&bank, bytes_of(data, size), &mistakes);
    else
        bank_read_item(&bank, bytes_of(data, size), &item, &mistakes);
    bank_check(&bank, &mistakes);
    lint_items(&bank, &mistakes);
    lint_statistics(&bank, &mistakes);
    mistakes_release(&mistakes);
    arena_release(&bank.arena);
    return 0;
}
