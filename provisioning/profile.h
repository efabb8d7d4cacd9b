/* profile.h: as whom a command talks to the server, and to which.
 *
 * --as PATH, or the environment variable CARREL_AS: the files PATH.key and PATH.pem, such as
 * board/centers/oslo/staff/anna, or board/board for the board itself; or a folder: a board's, or one with a
 * single key. The root and the server's addresses are the root.pem and server.json in PATH's folder or the
 * nearest one above it, so a board's folder needs no settings, and a member of staff is given four files in
 * one folder: anna.key, anna.pem, root.pem, server.json. --server URL takes the place of the latter:
 * {"format":1,"public":"https://host:8444","seats":"https://host:8443"}. */
#ifndef CARREL_PROVISIONING_PROFILE_H
#define CARREL_PROVISIONING_PROFILE_H

#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"
#include "core/file.h"
#include "core/transport.h"
#include "provisioning/command.h"

#define PROFILE_OPTIONS                                                                                      \
    {.name = "as",                                                                                           \
        .value = "PATH",                                                                                     \
        .help = "Key and certificate to use: PATH.key, PATH.pem (else $CARREL_AS)"},                         \
    {                                                                                                        \
        .name = "server", .value = "URL", .help = "https://host:8443, instead of the one in server.json"     \
    }

struct profile {
    char dir[FILE_PATH_SIZE], name[NAME_SIZE]; /* dir/name.key, dir/name.pem */
    char root_path[FILE_PATH_SIZE];
    struct buffer root; /* root.pem */
    char server[TRANSPORT_URL_SIZE];
};

/* From the call's options. ERROR_USAGE where something is missing. */
bool profile_load(struct profile *profile, const struct call *call, struct error *err);
void profile_release(struct profile *profile);

/* The trust and the identity of the profile; the caller frees them. */
struct trust *profile_trust(const struct profile *profile, struct error *err);
struct identity *profile_identity(const struct profile *profile, struct error *err);

#endif
