/* fuzz.h: a reader of outside bytes, as libFuzzer and the corpus runner call it. Each fuzz_NAME.c has one; its kept inputs
 * are in corpus/NAME. It aborts where a promise is broken, and returns 0. */
#ifndef CARREL_FUZZ_H
#define CARREL_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
