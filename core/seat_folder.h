/* seat_folder.h: the folder of a seat: which seat of which center it is, where its server is, and where
 * things lie in it (docs/api.md, "The spool of a seat"). Made by `carrel seat enrol`. */
#ifndef CARREL_SEAT_FOLDER_H
#define CARREL_SEAT_FOLDER_H

#include <stdbool.h>

#include "core/error.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/transport.h"

#define FOLDER_OUT "spool/out"
#define FOLDER_IN "spool/in"
#define FOLDER_PACKAGES "spool/in/packages"
#define FOLDER_TICKETS "spool/in/tickets"
#define FOLDER_RECEIPTS "spool/in/receipts"
#define FOLDER_KIOSK "kiosk" /* kiosk.key, kiosk.pem: closed to carrel-sync */
#define FOLDER_SYNC "sync"   /* tls.key, tls.pem: closed to the kiosk */

struct seat_folder {
    char path[FILE_PATH_SIZE];
    char center[IDENTIFIER_SIZE], seat[IDENTIFIER_SIZE];
    char server[TRANSPORT_URL_SIZE];        /* the seats listener: "https://host:8443" */
    char public_server[TRANSPORT_URL_SIZE]; /* the public one: "https://host:8444" */
    bool is_developer;
};

/* Reads path/seat.json. ERROR_NOT_FOUND where there is none: not enrolled. */
bool seat_folder_load(const char *path, struct seat_folder *folder, struct error *err);
/* Writes folder->path/seat.json. */
bool seat_folder_save(const struct seat_folder *folder, struct error *err);
/* "FOLDER/part/name" into path; name may be NULL. */
bool seat_folder_path(const struct seat_folder *folder, char path[FILE_PATH_SIZE], const char *part,
    const char *name, struct error *err);

#endif
