/* secret.h: keys and codes in memory: locked, kept out of core dumps and forked children, wiped when freed.
 *
 * The only place where a key or a typed code may be. Never in argv, the environment, a log, an error text or
 * a plain array. Each secret has a page of its own with an unreadable page behind it; a freed one is wiped
 * and may serve the next secret. Any thread; a forked child finds zeros. */
#ifndef CARREL_SECRET_H
#define CARREL_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/error.h"

struct secret;

struct secret *secret_new(size_t len, struct error *err); /* zeroed; 1 to 4096 bytes */
struct secret *secret_random(size_t len, struct error *err);
struct secret *secret_copy(struct bytes from, struct error *err);
uint8_t *secret_data(struct secret *secret);
struct bytes secret_bytes(const struct secret *secret);
bool secret_equal(const struct secret *secret, struct bytes other); /* in constant time */
void secret_free(struct secret *secret);                            /* NULL is fine */

/* From the kernel's generator (getrandom). Aborts where the kernel has none: nothing can go on safely. */
void random_bytes(void *data, size_t len);
/* A new session, sitting or package id. */
void random_id(char id[33]);

#endif
