#include "provisioning/report.h"

#include <stdio.h>

enum { REPORT_MAX_BYTES = 64 << 20 };

bool report_json(const struct json *value, struct error *err)
{
    struct buffer text = {.max = REPORT_MAX_BYTES};
    bool ok = json_write(value, &text, err);

    if (ok && (fwrite(text.data, 1, text.len, stdout) != text.len || putchar('\n') == EOF))
        ok = error_set_errno(err, "cannot write the result");
    buffer_release(&text);
    return ok;
}
