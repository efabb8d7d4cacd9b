/* python.h: what each character of a Python program is, for colours: keyword, string, number, comment, name
 * of a definition, operator, or plain.
 *
 * It follows Python's tokeniser (a test compares the two over Python's own library) and goes on where that
 * stops: a listing that asks for its error need not be a program. */
#ifndef CARREL_PROVISIONING_AUTHORING_PYTHON_H
#define CARREL_PROVISIONING_AUTHORING_PYTHON_H

#include <stddef.h>

#include "core/exam.h"

/* Writes the token of each of text's bytes into tokens[len]. */
void python_tokens(const char *text, size_t len, enum token *tokens);

#endif
