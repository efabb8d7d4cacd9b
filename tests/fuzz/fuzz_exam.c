/* An exam that is read is one that is written again, and a form can be drawn of it, or not, in bounded time.
 * The first byte says whether the rest is an exam, or a scoring key. */
#include <stdlib.h>

#include "core/form.h"
#include "core/scoring_key.h"
#include "tests/fuzz/fuzz.h"

static void use_exam(struct bytes json)
{
    struct exam *exam = exam_decode(json, NULL), *again;
    struct buffer first = {.max = EXAM_JSON_MAX_BYTES}, second = {.max = EXAM_JSON_MAX_BYTES};
    const uint8_t seed[FORM_SEED_BYTES] = {0};
    static struct form form;

    if (exam == NULL)
        return;
    if (!exam_encode(exam, &first, NULL))
        abort();
    again = exam_decode(buffer_bytes(&first), NULL);
    if (again == NULL || !exam_encode(again, &second, NULL) ||
        !bytes_equal(buffer_bytes(&first), buffer_bytes(&second)))
        abort();
    if (form_assemble(exam, seed, NULL, 0, &form, NULL) && form.count != exam_form_length(exam))
        abort();
    exam_free(again);
    exam_free(exam);
    buffer_release(&first);
    buffer_release(&second);
}

static void use_key(struct bytes json)
{
    struct scoring_key *key = scoring_key_decode(json, NULL), *again;
    struct buffer first = {.max = SCORING_KEY_MAX_BYTES}, second = {.max = SCORING_KEY_MAX_BYTES};

    if (key == NULL)
        return;
    if (!scoring_key_encode(key, &first, NULL))
        abort();
    again = scoring_key_decode(buffer_bytes(&first), NULL);
    if (again == NULL || !scoring_key_encode(again, &second, NULL) ||
        !bytes_equal(buffer_bytes(&first), buffer_bytes(&second)))
        abort();
    scoring_key_free(again);
    scoring_key_free(key);
    buffer_release(&first);
    buffer_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == 'k')
        use_key(bytes_of(data + 1, size - 1));
    else
        use_exam(bytes_of(data + 1, size - 1));
    return 0;
}
