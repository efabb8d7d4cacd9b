/* encoding.h: numbers, times and bytes as text, and back. Parsers are strict: the one form their writer
 * makes, whole input, nothing before or after it. Out-parameters are untouched on failure. */
#ifndef CARREL_ENCODING_H
#define CARREL_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lower-case hex. text needs 2 × len + 1 bytes. */
void hex_encode(const uint8_t *data, size_t len, char *text);
/* Exactly 2 × len lower-case digits. */
bool hex_decode(const char *text, uint8_t *data, size_t len);

/* A decimal whole number between min and max: digits with an optional '-', no leading zero, no '+'. */
bool number_parse(const char *text, int64_t min, int64_t max, int64_t *number);

/* RFC 3339 in UTC with milliseconds, 2026-11-22T07:34:50.000Z: 24 characters and a NUL.
 * Years 1970 to 9999. */
#define TIMESTAMP_SIZE 25
void timestamp_format(int64_t wall_ms, char text[TIMESTAMP_SIZE]);
bool timestamp_parse(const char *text, int64_t *wall_ms);

/* Big-endian, as on the wire. */
void put_u32(uint8_t *to, uint32_t value);
void put_u64(uint8_t *to, uint64_t value);
uint32_t get_u32(const uint8_t *from);
uint64_t get_u64(const uint8_t *from);

/* True for well-formed UTF-8 (RFC 3629) without NUL. */
bool utf8_valid(const char *text, size_t len);

#endif
