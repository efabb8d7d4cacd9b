/* report.h: a command's result for programs: one JSON value and a newline on standard output. */
#ifndef CARREL_PROVISIONING_REPORT_H
#define CARREL_PROVISIONING_REPORT_H

#include "core/json.h"

bool report_json(const struct json *value, struct error *err);

#endif
