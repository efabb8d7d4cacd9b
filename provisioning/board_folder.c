#include "provisioning/board_folder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/identifier.h"
#include "core/json.h"
#include "core/outfile.h"
#include "provisioning/scratch.h"

#define DAY_MS INT64_C(86400000)
#define YEAR_MS (365 * DAY_MS)

enum { REQUEST_MAX_BYTES = 8192, CLOCK_SLACK_MS = 300000, SEATS_PORT = 8443, PUBLIC_PORT = 8444 };

/* How long each lives. Signers outlive the exams they signed; what is renewed by machine is short. */
#define ROOT_LIFE_MS (20 * YEAR_MS)
#define CENTER_LIFE_MS (10 * YEAR_MS)
#define ROLE_LIFE_MS (5 * YEAR_MS)
#define STAFF_LIFE_MS (2 * YEAR_MS)
#define CRL_LIFE_MS (30 * DAY_MS)

static const struct {
    enum role role;
    const char *name; /* of the files */
    const char *title;
} board_roles[] = {
    {ROLE_EXAM_SIGNER, "exam-signer", "Exam signer"}, {ROLE_SCORING, "scoring", "Scoring"},
    {ROLE_SERVER, "server", "Scoring server"}, {ROLE_TICKET, "ticket", "Tickets"},
    {ROLE_INTAKE, "intake", "Intake"}, {ROLE_BOARD, "board", "Board operator"},
    {ROLE_TLS_SERVER, "tls-server", NULL}, /* its first DNS name */
};

/* --- one key and certificate ---------------------------------------------------------------------------- */

/* dir/name.pem: the certificate, then the chain below the root. */
static bool save_chain(const char *dir, const char *name, const struct certificate *certificate,
    const struct identity *issuer, struct error *err)
{
    const struct certificate *above = identity_certificate(issuer);
    struct buffer pem = {.max = PEM_MAX_BYTES};
    char file[NAME_SIZE], path[FILE_PATH_SIZE];
    bool ok = certificate_pem(certificate, &pem, err) &&
              (certificate_role(above) != ROLE_CENTER_CA || certificate_pem(above, &pem, err));

    (void)snprintf(file, sizeof file, "%s.pem", name);
    ok = ok && path_join(path, dir, file, err) && outfile_save(path, 0644, buffer_bytes(&pem), err);
    buffer_release(&pem);
    return ok;
}

static void remove_key(const char *dir, const char *name)
{
    char path[FILE_PATH_SIZE];

    if (snprintf(path, sizeof path, "%s/%s.key", dir, name) < (int)sizeof path)
        (void)unlink(path); /* nothing was issued for it; the first failure is the one to tell */
}

/* A key without its certificate would stand in the way of the next try, so it goes again. */
static bool issue(const char *dir, const char *name, const struct identity *issuer,
    const struct subject *subject, int64_t now_ms, int64_t life_ms, struct error *err)
{
    struct buffer request = {.max = REQUEST_MAX_BYTES};
    struct certificate *certificate = NULL;
    bool ok = false;

    if (!identity_make_key(dir, name, err))
        return false;
    if (identity_request(dir, name, subject->name, subject->center, &request, err))
        certificate = authority_issue(
            issuer, buffer_bytes(&request), subject, now_ms - CLOCK_SLACK_MS, now_ms + life_ms, err);
    if (certificate != NULL)
        ok = save_chain(dir, name, certificate, issuer, err);
    if (!ok)
        remove_key(dir, name);
    certificate_free(certificate);
    buffer_release(&request);
    return ok;
}

/* --- the board ------------------------------------------------------------------------------------------ */

static struct subject subject_of(enum role role, const char *name, const char *center)
{
    struct subject subject = {.role = role};

    (void)snprintf(subject.name, sizeof subject.name, "%s", name);
    (void)snprintf(subject.center, sizeof subject.center, "%s", center);
    return subject;
}

static bool make_roles(
    const char *dir, const struct identity *root, const char *dns_names, int64_t now_ms, struct error *err)
{
    char first_name[NAME_SIZE];

    (void)snprintf(first_name, sizeof first_name, "%.*s", (int)strcspn(dns_names, ","), dns_names);
    for (size_t i = 0; i < sizeof board_roles / sizeof board_roles[0]; i++) {
        const char *title = board_roles[i].title == NULL ? first_name : board_roles[i].title;
        struct subject subject = subject_of(board_roles[i].role, title, "");
        if (board_roles[i].role == ROLE_TLS_SERVER)
            subject.dns_names = dns_names;
        if (!issue(dir, board_roles[i].name, root, &subject, now_ms, ROLE_LIFE_MS, err))
            return error_prefix(err, "%s", board_roles[i].name);
    }
    return true;
}

static bool make_crl(const char *dir, const struct identity *root, int64_t now_ms, struct error *err)
{
    struct buffer crl = {.max = CRL_MAX_BYTES};
    char path[FILE_PATH_SIZE];
    bool ok =
        authority_crl(root, NULL, NULL, 0, 1, now_ms - CLOCK_SLACK_MS, now_ms + CRL_LIFE_MS, &crl, err) &&
        path_join(path, dir, "root.crl", err) && outfile_save(path, 0644, buffer_bytes(&crl), err);

    buffer_release(&crl);
    return ok;
}

static bool make_server_json(const char *dir, const char *dns_names, struct error *err)
{
    struct json *object = json_new_object();
    struct buffer text = {.max = 4096};
    char url[300], path[FILE_PATH_SIZE];
    bool ok;

    json_set(object, "format", json_int(1));
    (void)snprintf(url, sizeof url, "https://%.*s:%d", (int)strcspn(dns_names, ","), dns_names, SEATS_PORT);
    json_set(object, "seats", json_text(url));
    (void)snprintf(url, sizeof url, "https://%.*s:%d", (int)strcspn(dns_names, ","), dns_names, PUBLIC_PORT);
    json_set(object, "public", json_text(url));
    ok = json_write(object, &text, err) && buffer_add_text(&text, "\n") &&
         path_join(path, dir, "server.json", err) && outfile_save(path, 0644, buffer_bytes(&text), err);
    json_free(object);
    buffer_release(&text);
    return ok;
}

bool board_folder_make(
    const char *dir, const char *board, const char *dns_names, int64_t now_ms, struct error *err)
{
    struct identity *root = NULL;
    bool ok = false;

    if (identity_make_key(dir, "root", err) &&
        authority_make_root(dir, "root", board, now_ms - CLOCK_SLACK_MS, now_ms + ROOT_LIFE_MS, err))
        root = identity_load(dir, "root", err);
    if (root != NULL)
        ok = make_roles(dir, root, dns_names, now_ms, err) && make_crl(dir, root, now_ms, err) &&
             make_server_json(dir, dns_names, err);
    identity_free(root);
    return ok;
}

/* --- centers and staff ---------------------------------------------------------------------------------- */

static bool center_path(char path[FILE_PATH_SIZE], const char *dir, const char *center, struct error *err)
{
    char below[IDENTIFIER_SIZE + sizeof "centers/"];

    if (!identifier_valid(center))
        return error_set(err, ERROR_USAGE, "“%.60s” is no name for a center: a-z, 0-9, - _ .", center);
    (void)snprintf(below, sizeof below, "centers/%s", center);
    return path_join(path, dir, below, err);
}

/* All of it or nothing: a server starts with no center that lacks its certificate. */
bool board_folder_add_center(
    const char *dir, const char *center, const char *title, int64_t now_ms, struct error *err)
{
    const struct subject subject = subject_of(ROLE_CENTER_CA, title, center);
    struct identity *root = NULL;
    struct scratch made = {""};
    char path[FILE_PATH_SIZE], centers[FILE_PATH_SIZE], beside[FILE_PATH_SIZE];
    bool ok = center_path(path, dir, center, err) && path_join(centers, dir, "centers", err) &&
              path_join(beside, dir, "center", err) && (root = identity_load(dir, "root", err)) != NULL &&
              scratch_make(&made, beside, err) &&
              issue(made.path, "ca", root, &subject, now_ms, CENTER_LIFE_MS, err) &&
              folder_make(centers, 0700, err) && scratch_keep(&made, path, err);

    scratch_remove(&made);
    identity_free(root);
    return ok;
}

bool board_folder_add_staff(const char *dir, const char *center, const char *staff, const char *name,
    int64_t now_ms, struct error *err)
{
    const struct subject subject = subject_of(ROLE_STAFF, name, center);
    struct identity *ca = NULL;
    char path[FILE_PATH_SIZE], members[FILE_PATH_SIZE];
    bool ok = false;

    if (!identifier_valid(staff))
        return error_set(err, ERROR_USAGE, "“%.60s” is no name for a file: a-z, 0-9, - _ .", staff);
    if (center_path(path, dir, center, err) && (ca = identity_load(path, "ca", err)) != NULL)
        ok = path_join(members, path, "staff", err) && folder_make(members, 0700, err) &&
             issue(members, staff, ca, &subject, now_ms, STAFF_LIFE_MS, err);
    identity_free(ca);
    return ok;
}
