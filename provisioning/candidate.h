/* candidate.h: what the server knows of a person, for the commands that ask about or decide on one. */
#ifndef CARREL_PROVISIONING_CANDIDATE_H
#define CARREL_PROVISIONING_CANDIDATE_H

#include "provisioning/client.h"

#define CANDIDATE_PATH_SIZE 256

/* "/v1/candidates?id=…"; ERROR_USAGE where the text can't be a candidate_id. */
bool candidate_path(const char *candidate_id, char path[CANDIDATE_PATH_SIZE], struct error *err);
/* Attempts, titles, decisions and next steps, as tables. */
client_show candidate_print;

#endif
