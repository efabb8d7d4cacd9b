/* client.h: a command's conversation with the server (docs/api.md). Ctrl-C ends a request that is on its way.
 *
 *     ok = client_open(&client, call, err) &&
 *          client_ask(&client, "GET", "/v1/seats", NULL, &answer, err);
 *     json_free(answer);
 *     client_release(&client); */
#ifndef CARREL_PROVISIONING_CLIENT_H
#define CARREL_PROVISIONING_CLIENT_H

#include "core/json.h"
#include "core/transport.h"
#include "provisioning/profile.h"

struct client {
    struct profile profile;
    struct transport *transport;
    int status;                                              /* of the last answer, 0 where none came */
    char code[IDENTIFIER_SIZE], message[REPLY_MESSAGE_SIZE]; /* of its error; "" where it is none */
};

/* All zero before. */
bool client_open(struct client *client, const struct call *call, struct error *err);
void client_release(struct client *client);

/* Sends the body (NULL: none) and reads the JSON of a 2xx answer, which is the caller's to free; answer NULL:
 * it is not of interest. */
bool client_ask(struct client *client, const char *method, const char *path, struct json *body_take,
    struct json **answer, struct error *err);

/* Shows an answer to people, on standard output. What lies in the arena ends with the call. */
typedef bool client_show(
    const struct call *call, const struct json *answer, struct arena *arena, struct error *err);
/* A whole command that is one request: opens, asks, shows the answer or, with --json, prints it as it came.
 */
bool client_run(const struct call *call, const char *method, const char *path, struct json *body_take,
    client_show *show, struct error *err);

/* --- answers, for tables -------------------------------------------------------------------------------- */
/* A member as text, whichever type it has; "" where it is missing. Lives as long as the arena. Control
 * characters become
 * '?': no answer steers a terminal. */
const char *answer_text(const struct json *object, const char *name, struct arena *arena);
/* A time as people of that zone read it, "2026-11-22 08:34"; the zone is UTC where it is not known. */
const char *answer_time(const struct json *object, const char *name, const char *zone, struct arena *arena);
/* The list under that name. False and ERROR_FORMAT if there is none. */
bool answer_list(const struct json *object, const char *name, const struct json **list, struct error *err);

#endif
