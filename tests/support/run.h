/* run.h: another program as a referee: `openssl` on what we wrote, and we on what it wrote. */
#ifndef CARREL_TEST_RUN_H
#define CARREL_TEST_RUN_H

#include "core/buffer.h"

/* Runs argv[0] from the path, arguments up to a NULL; its output goes to the file "run.log" here. The exit code; 128 and
 * more where it did not exit. */
int run(const char *const *argv);
/* The same with the arguments in a row: run_line("openssl", "version", NULL). */
int run_line(const char *program, ...) __attribute__((sentinel));

void write_file(const char *path, struct bytes content);
/* Appends the whole file; aborts where it can't be read. */
void read_file(const char *path, struct buffer *content);

#endif
