/* help.h: what `carrel help`, --help and a wrong command print. */
#ifndef CARREL_PROVISIONING_HELP_H
#define CARREL_PROVISIONING_HELP_H

#include <stdio.h>

#include "provisioning/command.h"

/* Usage, options and their meaning of one command. */
void help_command(const struct command *command, FILE *to);
/* Every command with its summary; only those that begin with the word, where there are any ("exam"). */
void help_list(const char *word, FILE *to);

#endif
