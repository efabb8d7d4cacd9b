/* utf8.h: stepping through text. What is no UTF-8 counts as U+FFFD, one byte at a time, so that every step
 * moves and nothing is read outside. */
#ifndef CARREL_UI_UTF8_H
#define CARREL_UI_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_UNKNOWN 0xfffdu

/* How many bytes the first character has, 0 only when length is 0; *character may be NULL. */
size_t utf8_next(const char *text, size_t length, uint32_t *character);
/* How many bytes the last character has. */
size_t utf8_last(const char *text, size_t length);
size_t utf8_count(const char *text, size_t length);

#endif
