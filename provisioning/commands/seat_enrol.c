/* seat enrol: a machine becomes a seat. Its keys are made here and never leave it; the requests for their
 * certificates go to the server with a one-time code, which also names the root that is to be believed. All
 * of it is made in a folder beside DIR that takes its name at the end: there is no half a seat. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/code.h"
#include "core/encoding.h"
#include "core/identifier.h"
#include "core/outfile.h"
#include "core/recipients.h"
#include "core/seat_folder.h"
#include "provisioning/cancel.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/report.h"
#include "provisioning/scratch.h"
#include "provisioning/seat_setup.h"
#include "provisioning/unlock_code.h"

enum { CODE_LETTERS = 28, CODE_SECRET_LETTERS = 12, CODE_ROOT_LETTERS = 16, REQUEST_MAX_BYTES = 4096 };

struct enrolment {
    const struct call *call;
    const char *server; /* the public listener */
    const char *code;
    const char *dir;
    struct scratch scratch; /* where the seat is made */
    struct seat_folder folder;
    char unlock[UNLOCK_HASH_SIZE];
    struct buffer root; /* PEM */
    struct trust *trust;
    struct json *answer;
};

static bool is_cancelled(void *context)
{
    (void)context;
    return cancel_signal() != 0;
}

/* --- before anything is asked --------------------------------------------------------------------------- */

/* The part of the code that names the root, in capitals. */
static bool code_root(const char *code, char letters[CODE_ROOT_LETTERS + 1], struct error *err)
{
    char all[CODE_LETTERS + 1] = "";
    size_t count = 0;

    for (; *code != '\0'; code++) {
        char letter = *code >= 'a' && *code <= 'z' ? (char)(*code - 'a' + 'A') : *code;
        if (letter == ' ' || letter == '-')
            continue;
        if (count == CODE_LETTERS || strchr(code_alphabet, letter) == NULL)
            return error_set(
                err, ERROR_USAGE, "that is no enrolment code: it has %d letters and digits", CODE_LETTERS);
        all[count++] = letter;
    }
    if (count != CODE_LETTERS)
        return error_set(err, ERROR_USAGE,
            "that is no enrolment code: it has %d letters and digits, here are %zu", CODE_LETTERS, count);
    memcpy(letters, all + CODE_SECRET_LETTERS, CODE_ROOT_LETTERS + 1);
    return true;
}

/* Whether a folder has nothing in it; one that is not there has nothing either. */
static bool is_empty(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    size_t count = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        count++;
    if (folder != NULL)
        (void)closedir(folder); /* only read */
    return count <= 2;          /* itself and the one above */
}

/* Before the code is used up. */
static bool check_place(const struct enrolment *enrolment, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (!path_join(path, enrolment->dir, "seat.json", err))
        return false;
    if (access(path, F_OK) == 0)
        return error_set(
            err, ERROR_REFUSED, "%s is a seat already; take a folder that is not there yet", enrolment->dir);
    return is_empty(enrolment->dir) ||
           error_set(err, ERROR_REFUSED, "there is something in %s already", enrolment->dir);
}

/* --- the root ------------------------------------------------------------------------------------------- */

static bool fetch_root(struct enrolment *enrolment, struct error *err)
{
    const struct transport_peer peer = {
        .server = enrolment->server, .believes_anyone = true, .is_cancelled = is_cancelled};
    const struct request request = {.path = "/v1/root", .into = &enrolment->root};
    struct transport *transport = transport_new(&peer, err);
    struct reply reply;
    bool ok = transport != NULL && transport_send(transport, &request, &reply, err);

    transport_free(transport);
    return ok;
}

/* What was fetched from whoever answered counts only if the code, which came by another way, names it. */
static bool believe_root(struct enrolment *enrolment, struct error *err)
{
    char said[CODE_ROOT_LETTERS + 1], found[CODE_ROOT_LETTERS + 1];
    struct certificate *root = NULL;
    struct digest digest;
    bool ok = false;

    if (!code_root(enrolment->code, said, err) ||
        (root = certificate_parse(buffer_bytes(&enrolment->root), err)) == NULL)
        return error_prefix(err, "the root that %s gave", enrolment->server);
    certificate_digest(root, &digest);
    code_letters(digest.bytes, CODE_ROOT_LETTERS, found);
    if (strcmp(said, found) != 0)
        error_set(err, ERROR_UNTRUSTED,
            "%s gave another root than the code names: a mistyped code, or somebody in between",
            enrolment->server);
    else
        ok = (enrolment->trust = trust_new(root, err)) != NULL;
    certificate_free(root);
    return ok;
}

/* --- keys, requests, certificates ----------------------------------------------------------------------- */

static bool part_path(
    const struct enrolment *enrolment, const char *part, char path[FILE_PATH_SIZE], struct error *err)
{
    return path_join(path, enrolment->scratch.path, part, err);
}

static bool make_request(const struct enrolment *enrolment, const char *part, const char *name,
    struct json *requests, struct error *err)
{
    struct buffer request = {.max = REQUEST_MAX_BYTES};
    char dir[FILE_PATH_SIZE];
    bool ok = part_path(enrolment, part, dir, err) && identity_make_key(dir, name, err) &&
              identity_request(dir, name, "seat", NULL, &request, err); /* the server names it */

    if (ok)
        json_set(requests, name, json_hex(request.data, request.len));
    buffer_release(&request);
    return ok;
}

static bool ask_certificates(struct enrolment *enrolment, struct error *err)
{
    const struct transport_peer peer = {
        .server = enrolment->server, .root = buffer_bytes(&enrolment->root), .is_cancelled = is_cancelled};
    struct client client = {.transport = NULL};
    struct json *requests = json_new_object(), *body = json_new_object();
    bool ok = make_request(enrolment, FOLDER_KIOSK, "kiosk", requests, err) &&
              make_request(enrolment, FOLDER_SYNC, "tls", requests, err) && cancel_check(err) &&
              (client.transport = transport_new(&peer, err)) != NULL;

    json_set(body, "code", json_text(enrolment->code));
    json_set(body, "requests", requests);
    if (ok)
        ok = client_ask(&client, "POST", "/v1/enrol", body, &enrolment->answer, err);
    else
        json_free(body);
    client_release(&client);
    return ok;
}

/* "https://host:8443" from the public listener's address and the port that the server told. */
static bool seats_address(
    const char *public_server, int64_t port, char server[TRANSPORT_URL_SIZE], struct error *err)
{
    const char *host = public_server + strlen("https://");
    const char *end = strrchr(host, ':');
    int len;

    if (end == NULL || strchr(end, ']') != NULL) /* no port, perhaps an IPv6 address */
        end = host + strlen(host);
    len = snprintf(server, TRANSPORT_URL_SIZE, "https://%.*s:%lld", (int)(end - host), host, (long long)port);
    return (len > 0 && len < TRANSPORT_URL_SIZE) ||
           error_set(err, ERROR_LIMIT, "the server's address is too long");
}

static bool read_names(struct enrolment *enrolment, struct json_reader *reader, struct error *err)
{
    struct seat_folder *folder = &enrolment->folder;
    int64_t port;

    json_get_text(reader, "center", folder->center, sizeof folder->center);
    json_get_text(reader, "seat", folder->seat, sizeof folder->seat);
    port = json_get_int(reader, "seats_port", 1, 65535);
    if (!reader->failed && (!identifier_valid(folder->center) || !identifier_valid(folder->seat)))
        json_fail(reader, "center or seat is not a name");
    memcpy(folder->path, enrolment->scratch.path, sizeof folder->path);
    (void)snprintf(folder->public_server, sizeof folder->public_server, "%s",
        enrolment->server); /* transport_new measured it */
    folder->is_developer = arguments_has(enrolment->call->arguments, "developer");
    return !reader->failed && seats_address(enrolment->server, port, folder->server, err);
}

static bool save_text(
    const struct enrolment *enrolment, const char *part, const char *text, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return part_path(enrolment, part, path, err) && outfile_save(path, 0644, bytes_of_text(text), err);
}

static bool save_member(const struct enrolment *enrolment, struct json_reader *reader, const char *name,
    const char *part, struct error *err)
{
    struct arena arena = {.max = 4 * PEM_MAX_BYTES};
    const char *text = json_get_string(reader, name, &arena, PEM_MAX_BYTES);
    bool ok = text != NULL && save_text(enrolment, part, text, err);

    arena_release(&arena);
    return ok;
}

static bool save_crl(const struct enrolment *enrolment, struct json_reader *reader, struct error *err)
{
    struct arena arena = {.max = 4 * CRL_MAX_BYTES};
    struct buffer der = {.max = CRL_MAX_BYTES};
    const char *hex = json_get_string(reader, "crl", &arena, 2 * CRL_MAX_BYTES);
    const size_t len = hex == NULL ? 0 : strlen(hex) / 2;
    uint8_t *room = len == 0 ? NULL : buffer_extend(&der, len);
    char path[FILE_PATH_SIZE];
    bool ok = hex != NULL;

    if (ok && len > 0 && (room == NULL || !hex_decode(hex, room, len)))
        ok = error_set(err, ERROR_FORMAT, "the list of revoked certificates is no hex");
    if (ok && len > 0)
        ok = part_path(enrolment, FOLDER_IN "/crl", path, err) &&
             outfile_save(path, 0644, buffer_bytes(&der), err);
    buffer_release(&der);
    arena_release(&arena);
    return ok;
}

static bool save_answer(struct enrolment *enrolment, struct error *err)
{
    struct json_reader reader = json_reader(enrolment->answer, "the server's answer", err);

    return read_names(enrolment, &reader, err) &&
           save_member(enrolment, &reader, "kiosk", FOLDER_KIOSK "/kiosk.pem", err) &&
           save_member(enrolment, &reader, "tls", FOLDER_SYNC "/tls.pem", err) &&
           save_member(enrolment, &reader, "certificates", "certificates.pem", err) &&
           save_crl(enrolment, &reader, err) &&
           save_text(enrolment, "root.pem", buffer_text(&enrolment->root), err) &&
           seat_folder_save(&enrolment->folder, err);
}

/* --- is it what it should be? --------------------------------------------------------------------------- */

static bool add_issuers(
    struct trust *trust, const struct certificate *const *chain, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!trust_add_intermediate(trust, chain[i], err))
            return false;
    return true;
}

static bool check_identity(
    const struct enrolment *enrolment, const char *part, const char *name, enum role role, struct error *err)
{
    const struct certificate *const *chain = NULL, *certificate;
    struct identity *identity = NULL;
    char dir[FILE_PATH_SIZE], said_name[NAME_SIZE], said_center[IDENTIFIER_SIZE];
    size_t count;
    bool ok = false;

    if (!part_path(enrolment, part, dir, err) || (identity = identity_load(dir, name, err)) == NULL)
        return false;
    certificate = identity_certificate(identity);
    count = identity_chain(identity, &chain);
    certificate_name(certificate, said_name);
    certificate_center(certificate, said_center);
    if (strcmp(said_name, enrolment->folder.seat) != 0 || strcmp(said_center, enrolment->folder.center) != 0)
        error_set(err, ERROR_UNTRUSTED, "the certificate %s is for another seat", name);
    else
        ok = (trust_check(enrolment->trust, certificate, chain, count, role,
                  clock_wall_ms(enrolment->call->clock), err) &&
                 add_issuers(enrolment->trust, chain, count, err)) ||
             error_prefix(err, "the certificate %s (is the clock of this machine right?)", name);
    identity_free(identity);
    return ok;
}

/* Only now is its issuer known: the center's authority came with the seat's own certificate. */
static bool check_crl(const struct enrolment *enrolment, struct error *err)
{
    struct buffer der = {.max = CRL_MAX_BYTES};
    struct error reason = {0};
    char path[FILE_PATH_SIZE];
    bool ok = part_path(enrolment, FOLDER_IN "/crl", path, err);

    if (ok && file_read(path, &der, &reason))
        ok = trust_add_crl(enrolment->trust, buffer_bytes(&der), err) ||
             error_prefix(err, "the list of revoked certificates");
    else if (ok && reason.code != ERROR_NOT_FOUND) {
        *err = reason;
        ok = false;
    }
    buffer_release(&der);
    return ok;
}

static bool check_recipients(const struct enrolment *enrolment, struct error *err)
{
    struct buffer pem = {.max = PEM_MAX_BYTES};
    struct recipients recipients = {NULL, NULL};
    char path[FILE_PATH_SIZE];
    bool ok = part_path(enrolment, "certificates.pem", path, err) && file_read(path, &pem, err) &&
              recipients_parse(buffer_bytes(&pem), enrolment->trust, clock_wall_ms(enrolment->call->clock),
                  &recipients, err);

    recipients_release(&recipients);
    buffer_release(&pem);
    return ok;
}

static bool check_all(const struct enrolment *enrolment, struct error *err)
{
    return check_identity(enrolment, FOLDER_KIOSK, "kiosk", ROLE_SEAT, err) &&
           check_identity(enrolment, FOLDER_SYNC, "tls", ROLE_SEAT_TLS, err) &&
           check_crl(enrolment, err) && check_recipients(enrolment, err);
}

/* --- the command ---------------------------------------------------------------------------------------- */

static bool make_seat(struct enrolment *enrolment, struct error *err)
{
    if (!scratch_make(&enrolment->scratch, enrolment->dir, err) ||
        !seat_setup_make(enrolment->scratch.path, err) || !ask_certificates(enrolment, err))
        return false;
    return (save_answer(enrolment, err) && check_all(enrolment, err) &&
               seat_setup_guard(
                   enrolment->scratch.path, enrolment->folder.is_developer, enrolment->unlock, err) &&
               seat_setup_hand_over(enrolment->scratch.path, err) &&
               scratch_keep(&enrolment->scratch, enrolment->dir, err)) ||
           error_prefix(err, "the seat is not enrolled, and its code is used up: ask for a new one");
}

static bool show(const struct enrolment *enrolment, struct error *err)
{
    const struct seat_folder *folder = &enrolment->folder;
    struct json *json = NULL;
    bool ok;

    if (!enrolment->call->as_json) {
        (void)printf("%s is %s of %s, and reports to %s%s\n", enrolment->dir, folder->seat, folder->center,
            folder->server, folder->is_developer ? ". A developer's seat: its results say so" : "");
        if (enrolment->unlock[0] == '\0')
            (void)printf("No code unlocks it.\n");
        return true;
    }
    json = json_new_object();
    json_set(json, "seat", json_text(folder->seat));
    json_set(json, "center", json_text(folder->center));
    json_set(json, "server", json_text(folder->server));
    json_set(json, "developer", json_bool(folder->is_developer));
    ok = report_json(json, err);
    json_free(json);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    struct enrolment enrolment = {
        .call = call,
        .server = arguments_value(call->arguments, "server"),
        .code = arguments_value(call->arguments, "code"),
        .dir = arguments_value(call->arguments, "seat"),
        .root = {.max = PEM_MAX_BYTES},
    };
    char letters[CODE_ROOT_LETTERS + 1];
    bool ok = code_root(enrolment.code, letters, err) && check_place(&enrolment, err) &&
              unlock_code_read(arguments_value(call->arguments, "unlock-code-file"), enrolment.unlock, err) &&
              fetch_root(&enrolment, err) && believe_root(&enrolment, err) && make_seat(&enrolment, err) &&
              show(&enrolment, err);

    scratch_remove(&enrolment.scratch);
    json_free(enrolment.answer);
    trust_free(enrolment.trust);
    buffer_release(&enrolment.root);
    return ok;
}

const struct command command_seat_enrol = {
    .name = "seat enrol",
    .operands = "",
    .summary = "Make this machine a seat, with the code that `seat invite` gave",
    .options = (const struct option[]){{.name = "server",
                                           .value = "URL",
                                           .is_required = true,
                                           .help = "The public listener: https://host:8444"},
        {.name = "code", .value = "CODE", .is_required = true, .help = "The one-time code"},
        {.name = "seat", .value = "DIR", .is_required = true, .help = "The seat's folder, not there yet"},
        {.name = "developer", .help = "May run without a lock; its results say so"},
        {.name = "unlock-code-file",
            .value = "FILE",
            .help = "First line: the code that unlocks it (else asked)"},
        {0}},
    .has_json = true,
    .run = run,
};
