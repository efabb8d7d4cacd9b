#include "provisioning/sitting.h"

#include "core/field.h"

bool sitting_path(const char *sitting, const char *suffix, char path[SITTING_PATH_SIZE], struct error *err)
{
    if (!field_is_session(sitting))
        return error_set(err, ERROR_USAGE,
            "“%s” is not a sitting: they have 32 digits, as `carrel sitting list` shows", sitting);
    (void)snprintf(path, SITTING_PATH_SIZE, "/v1/sittings/%s%s", sitting, suffix);
    return true;
}
