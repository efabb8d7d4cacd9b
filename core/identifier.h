/* identifier.h: the names of things: items, objectives, exams, centers, seats; and software versions.
 *
 * An identifier is 1 to 64 of a-z 0-9 - _ . : and begins with a letter or a digit, so that it is also a safe
 * file name and part of a URL. A response's and a choice's identifier, as QTI has them, may have capitals
 * too. */
#ifndef CARREL_IDENTIFIER_H
#define CARREL_IDENTIFIER_H

#include <stdbool.h>

bool identifier_valid(const char *text);
/* With capitals: "RESPONSE", "A". */
bool identifier_valid_qti(const char *text);

/* A software version: 1.2.3, three numbers without leading zeros. */
bool version_valid(const char *text);
/* True if both are versions and have is the same as needed or newer. */
bool version_reaches(const char *have, const char *needed);

#endif
