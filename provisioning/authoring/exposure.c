#include "provisioning/authoring/exposure.h"

#include <stdlib.h>

#include "core/form.h"

/* How many forms each item is in. */
static bool count_forms(const struct exam *exam, size_t *forms, struct form *form, struct error *err)
{
    for (unsigned number = 0; number < EXPOSURE_FORMS; number++) {
        const uint8_t seed[FORM_SEED_BYTES] = {(uint8_t)number, (uint8_t)(number >> 8)};
        if (!form_assemble(exam, seed, NULL, 0, form, err))
            return false;
        for (size_t i = 0; i < form->count; i++)
            forms[form->items[i].item]++;
    }
    return true;
}

bool exposure_measure(const struct exam *exam, struct exposure *exposure, struct error *err)
{
    size_t *forms = calloc(exam->item_count + 1, sizeof *forms);
    struct form *form = malloc(sizeof *form);
    size_t most = 0, live = 0;
    bool ok = false;

    if (forms == NULL || form == NULL)
        error_set(err, ERROR_NOMEM, "out of memory");
    else
        ok = count_forms(exam, forms, form, err);
    for (size_t i = 0; ok && i < exam->item_count; i++) {
        live += exam->items[i].use == ITEM_LIVE;
        most = forms[i] > forms[most] ? i : most;
    }
    if (ok)
        *exposure = (struct exposure){exam->items[most].identifier, (double)forms[most] / EXPOSURE_FORMS,
            (double)form->count / (double)live};
    free(form);
    free(forms);
    return ok;
}
