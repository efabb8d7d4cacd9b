#include "provisioning/authoring/database.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/encoding.h"
#include "core/outfile.h"
#include "core/secret.h"

#define INSTALL "/usr/bin/mariadb-install-db"
enum { PASSWORD_BYTES = 16, TEXT_MAX = 64 * 1024 };

/* One file for the three programs; the folder comes six times, then root's password. Nothing here has to
 * outlive a crash, so the disk is not waited for. */
static const char settings[] = "[mariadbd]\n"
                               "%s" /* the user, where that is root */
                               "datadir=\"%s/data\"\n"
                               "socket=\"%s/socket\"\n"
                               "pid-file=\"%s/pid\"\n"
                               "init-file=\"%s/users.sql\"\n"
                               "tmpdir=\"%s\"\n"
                               "skip-networking\n"
                               "skip-log-bin\n"
                               "character-set-server=utf8mb4\n"
                               "collation-server=utf8mb4_general_ci\n"
                               "innodb-buffer-pool-size=16M\n"
                               "innodb-log-file-size=8M\n"
                               "innodb-flush-log-at-trx-commit=0\n"
                               "innodb-doublewrite=0\n"
                               "debug-no-sync\n"
                               "[client]\n"
                               "socket=\"%s/socket\"\n"
                               "user=root\n"
                               "password=%s\n";

static const char users[] = "ALTER USER root@localhost IDENTIFIED BY '%s';\n"
                            "CREATE USER app@localhost IDENTIFIED BY 'secret';\n"
                            "GRANT ALL PRIVILEGES ON shop.* TO app@localhost;\n";

static const char renewal[] =
    "SET lock_wait_timeout = 10; DROP DATABASE IF EXISTS shop; CREATE DATABASE shop";

/* Python reads it at its start. A connection to the socket takes what a TCP connection would be told. */
static const char prelude[] =
    "\"\"\"For Python's connections, db.example is the server whose socket is beside this folder.\"\"\"\n"
    "import os\n"
    "import socket\n"
    "\n"
    "SOCKET = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'socket')\n"
    "connect_to_others = socket.create_connection\n"
    "\n"
    "\n"
    "class Connection(socket.socket):\n"
    "    def setsockopt(self, level, *rest):\n"
    "        if level != socket.IPPROTO_TCP:\n"
    "            super().setsockopt(level, *rest)\n"
    "\n"
    "\n"
    "def create_connection(address, timeout=socket._GLOBAL_DEFAULT_TIMEOUT, *rest, **more):\n"
    "    if tuple(address) != ('db.example', 3306):\n"
    "        return connect_to_others(address, timeout, *rest, **more)\n"
    "    connection = Connection(socket.AF_UNIX, socket.SOCK_STREAM)\n"
    "    if timeout is not socket._GLOBAL_DEFAULT_TIMEOUT:\n"
    "        connection.settimeout(timeout)\n"
    "    connection.connect(SOCKET)\n"
    "    return connection\n"
    "\n"
    "\n"
    "socket.create_connection = create_connection\n";

/* --- its files ------------------------------------------------------------------------------------------ */

static bool write_text(const char *folder, const char *name, const struct buffer *text, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return (!text->failed || error_set(err, ERROR_NOMEM, "out of memory")) &&
           path_join(path, folder, name, err) && outfile_save(path, 0600, buffer_bytes(text), err);
}

static bool write_files(const struct database *database, struct error *err)
{
    struct buffer options = {.max = TEXT_MAX}, grants = {.max = TEXT_MAX}, python = {.max = TEXT_MAX};
    const char *folder = database->folder;
    char password[2 * PASSWORD_BYTES + 1];
    uint8_t random[PASSWORD_BYTES];
    bool ok;

    random_bytes(random, sizeof random);
    hex_encode(random, sizeof random, password);
    buffer_addf(&options, settings, geteuid() == 0 ? "user=root\n" : "", folder, folder, folder, folder,
        folder, folder, password);
    buffer_addf(&grants, users, password);
    buffer_add_text(&python, prelude);
    ok = write_text(folder, "my.cnf", &options, err) && write_text(folder, "users.sql", &grants, err) &&
         folder_make(database->python, 0700, err) &&
         write_text(database->python, "sitecustomize.py", &python, err);
    buffer_release(&options);
    buffer_release(&grants);
    buffer_release(&python);
    return ok;
}

/* --- the server ----------------------------------------------------------------------------------------- */

/* Every program is told the same file, and reads no other. */
struct call_text {
    char option[FILE_PATH_SIZE + 32];
    const char *argv[8];
};

static struct program_call call_of(const struct database *database, struct call_text *text,
    const char *const words[3], char *const *environment)
{
    (void)snprintf(text->option, sizeof text->option, "--defaults-file=%s/my.cnf", database->folder);
    text->argv[0] = words[0];
    text->argv[1] = text->option;
    text->argv[2] = words[1];
    text->argv[3] = words[1] == NULL ? NULL : words[2];
    text->argv[4] = NULL;
    return (struct program_call){text->argv, environment, database->folder, -1};
}

/* Whether something listens; it answers once the users are made. */
static bool listens(const struct database *database)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", database->folder) <
              (int)sizeof address.sun_path;

    ok = ok && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    (void)close(fd);
    return ok;
}

bool database_renew(
    struct database *database, char *const *environment, const struct patience *patience, struct error *err)
{
    static const char *const words[] = {DATABASE_CLIENT, "--execute", renewal};
    struct call_text text;
    const struct program_call call = call_of(database, &text, words, environment);

    return program_call(&call, patience, err);
}

static bool start_server(
    struct database *database, char *const *environment, const struct patience *patience, struct error *err)
{
    static const char *const words[] = {DATABASE_PROGRAM, NULL, NULL};
    struct call_text text;
    const struct program_call call = call_of(database, &text, words, environment);
    bool ok = service_start(&database->server, &call, err);

    while (ok && !listens(database))
        ok = service_wait(&database->server, &call, patience, err);
    return ok;
}

bool database_start(struct database *database, const char *folder, char *const *environment,
    const struct patience *patience, struct error *err)
{
    static const char *const words[] = {
        INSTALL, "--skip-test-db", "--auth-root-authentication-method=normal"};
    struct call_text text;
    struct program_call call;

    (void)snprintf(database->folder, sizeof database->folder, "%s", folder);
    if (!path_join(database->python, folder, "python", err) || !write_files(database, err))
        return false;
    call = call_of(database, &text, words, environment);
    return program_call(&call, patience, err) && start_server(database, environment, patience, err) &&
           database_renew(database, environment, patience, err);
}

void database_end(struct database *database)
{
    service_end(&database->server);
}
