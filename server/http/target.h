/* target.h: a request's path against a route's pattern, and its query.
 *
 * A pattern is literal segments and {names}: "/v1/tickets/{ID}", or one of a few words:
 * "/v1/exams/{id}/{exam|open|key}". A parameter is one whole segment, percent-decoded, of 1 to
 * TARGET_TEXT_SIZE − 1 visible characters without '/'; "." and
 * ".." are none. */
#ifndef CARREL_SERVER_HTTP_TARGET_H
#define CARREL_SERVER_HTTP_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#define TARGET_PARAMETERS_MAX 3u
#define TARGET_TEXT_SIZE 129

struct target_parameters {
    char values[TARGET_PARAMETERS_MAX][TARGET_TEXT_SIZE]; /* in the order of the pattern */
    size_t count;
};

bool target_match(const char *pattern, const char *path, struct target_parameters *parameters);

/* The query is "" or "name=value" exactly: no route takes more than one. False if it is anything else, or the
 * value isn't a parameter as above, but for '/', which it may have. An absent one gives "". */
bool target_query(const char *query, const char *name, char value[TARGET_TEXT_SIZE]);

#endif
