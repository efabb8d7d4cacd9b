/* board_folder.h: a board's keys and certificates as files (docs/formats/board.md).
 *
 * root signs everything else of the board and each center's CA; a center's CA signs its staff, and at the
 * server its seats. Keys are mode 0600 and never overwritten. Times: everything is valid from a few minutes
 * before now. */
#ifndef CARREL_PROVISIONING_BOARD_FOLDER_H
#define CARREL_PROVISIONING_BOARD_FOLDER_H

#include "core/crypto/identity.h"

/* The root, all the board's own roles, a first CRL, server.json. dir is an empty folder. board is the name
 * people see; dns_names are those of the scoring server. */
bool board_folder_make(
    const char *dir, const char *board, const char *dns_names, int64_t now_ms, struct error *err);

/* centers/CENTER with its CA. ERROR_REFUSED if it is there. title is the name people see. */
bool board_folder_add_center(
    const char *dir, const char *center, const char *title, int64_t now_ms, struct error *err);
/* centers/CENTER/staff/STAFF. name is the person's. */
bool board_folder_add_staff(const char *dir, const char *center, const char *staff, const char *name,
    int64_t now_ms, struct error *err);

#endif
