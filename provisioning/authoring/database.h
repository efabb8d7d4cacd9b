/* database.h: a MariaDB server of our own, for listings that speak to one.
 *
 * It lives in a folder and is reached by a socket in it alone; it keeps nothing. For a listing it is the host
 * db.example, port 3306, with one user and one database: app, secret, shop. A file in `python`, for
 * PYTHONPATH, sends Python's connections to that host to the socket; everything else is as it is everywhere.
 */
#ifndef CARREL_PROVISIONING_AUTHORING_DATABASE_H
#define CARREL_PROVISIONING_AUTHORING_DATABASE_H

#include "core/file.h"
#include "provisioning/authoring/service.h"

#define DATABASE_PROGRAM "/usr/sbin/mariadbd"
#define DATABASE_PACKAGE "mariadb-server-core"
#define DATABASE_CLIENT "/usr/bin/mariadb"
#define DATABASE_CLIENT_PACKAGE "mariadb-client-core"

struct database {
    struct service server;
    char folder[FILE_PATH_SIZE];
    char python[FILE_PATH_SIZE]; /* for PYTHONPATH */
};

/* In a folder that is there and ours alone. Takes some seconds; returns when it can be used. End it in any
 * case. */
bool database_start(struct database *database, const char *folder, char *const *environment,
    const struct patience *patience, struct error *err);
/* The database is empty again, and new. */
bool database_renew(
    struct database *database, char *const *environment, const struct patience *patience, struct error *err);
void database_end(struct database *database);

#endif
