#include "server/board.h"

#include <dirent.h>
#include <unistd.h>

#include "core/identifier.h"

/* --- folders ---------------------------------------------------------------------------------- */

typedef bool entry_each(void *context, const char *path, const char *name, struct error *err);

/* Every name in the folder that doesn't begin with a dot; a folder that is not there is empty. */
static bool each_entry(const char *dir, entry_each *each, void *context, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(dir, &entries, NULL, alphasort);
    bool ok = true;
    if (count < 0)
        return access(dir, F_OK) != 0 || error_set_errno(err, "%s", dir);
    for (int i = 0; i < count; i++) {
        char path[FILE_PATH_SIZE];
        if (ok && entries[i]->d_name[0] != '.')
            ok =
                path_join(path, dir, entries[i]->d_name, err) && each(context, path, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

/* Without its ".pem", or false. */
static bool is_pem(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, ".pem") == 0;
}

/* --- identities ------------------------------------------------------------------------------- */

struct loading {
    struct board *board;
    const char *dir;
    int64_t now_ms;
};

static bool check(const struct loading *loading, const struct certificate *certificate, enum role role,
    const char *name, struct error *err)
{
    return trust_check(loading->board->issuers, certificate, NULL, 0, role, loading->now_ms, err) ||
           error_prefix(err, "%s/%s.pem", loading->dir, name);
}

static bool load_identity(const struct loading *loading, const char *name, enum role role,
    struct identity **identity, struct error *err)
{
    *identity = identity_load(loading->dir, name, err);
    return *identity != NULL && check(loading, identity_certificate(*identity), role, name, err);
}

static bool load_scoring(const struct loading *loading, struct error *err)
{
    char path[FILE_PATH_SIZE];
    struct board *board = loading->board;
    if (!path_join(path, loading->dir, "scoring.pem", err) ||
        (board->scoring_certificate = certificate_load(path, err)) == NULL ||
        !check(loading, board->scoring_certificate, ROLE_SCORING, "scoring", err))
        return false;
    if (!path_join(path, loading->dir, "scoring.key", err))
        return false;
    return access(path, F_OK) != 0 || load_identity(loading, "scoring", ROLE_SCORING, &board->scoring, err);
}

static bool load_tls(const struct loading *loading, struct error *err)
{
    struct board *board = loading->board;
    if (!path_join(board->tls_key, loading->dir, "tls-server.key", err) ||
        !path_join(board->tls_chain, loading->dir, "tls-server.pem", err))
        return false;
    struct certificate *certificate = certificate_load(board->tls_chain, err);
    bool ok = certificate != NULL && check(loading, certificate, ROLE_TLS_SERVER, "tls-server", err);
    certificate_free(certificate);
    return ok;
}

static bool load_root(const struct loading *loading, struct error *err)
{
    char path[FILE_PATH_SIZE];
    struct board *board = loading->board;
    struct error missing = {ERROR_NONE, ""};
    if (!path_join(path, loading->dir, "root.pem", err) ||
        (board->root = certificate_load(path, err)) == NULL ||
        (board->issuers = trust_new(board->root, err)) == NULL)
        return false;
    certificate_digest(board->root, &board->root_digest);
    if (!path_join(path, loading->dir, "root.crl", err))
        return false;
    return file_read(path, &board->root_crl, &missing) || missing.code == ERROR_NOT_FOUND ||
           error_set(err, missing.code, "%s", missing.text);
}

/* --- centers ---------------------------------------------------------------------------------- */

static bool load_center(void *context, const char *path, const char *name, struct error *err)
{
    const struct loading *loading = context;
    struct board *board = loading->board;
    char center[IDENTIFIER_SIZE];
    if (!identifier_valid(name))
        return error_set(err, ERROR_FORMAT, "%s: %s is no name of a center", loading->dir, name);
    if (board->center_count == CENTERS_MAX)
        return error_set(err, ERROR_LIMIT, "more than %u centers", CENTERS_MAX);
    struct center *added = &board->centers[board->center_count];
    added->ca = identity_load(path, "ca", err);
    if (added->ca == NULL)
        return false;
    board->center_count++;
    memcpy(added->name, name, strlen(name) + 1); /* an identifier: it fits */
    const struct certificate *ca = identity_certificate(added->ca);
    certificate_center(ca, center);
    if (strcmp(center, name) != 0)
        return error_set(err, ERROR_FORMAT, "%s/ca.pem is of the center %s", path, center);
    return (trust_check(board->issuers, ca, NULL, 0, ROLE_CENTER_CA, loading->now_ms, err) &&
               trust_add_intermediate(board->issuers, ca, err)) ||
           error_prefix(err, "%s/ca.pem", path);
}

static bool load_member(void *context, const char *path, const char *name, struct error *err)
{
    struct board *board = ((const struct loading *)context)->board;
    if (!is_pem(name))
        return true;
    if (board->staff_count == STAFF_MAX)
        return error_set(err, ERROR_LIMIT, "more than %u members of staff", STAFF_MAX);
    struct certificate *certificate = certificate_load(path, err);
    if (certificate == NULL)
        return false;
    board->staff[board->staff_count++] = certificate;
    return true;
}

static bool load_staff(const struct loading *loading, const char *centers, struct error *err)
{
    const struct board *board = loading->board;
    for (size_t i = 0; i < board->center_count; i++) {
        char center[FILE_PATH_SIZE], staff[FILE_PATH_SIZE];
        if (!path_join(center, centers, board->centers[i].name, err) ||
            !path_join(staff, center, "staff", err) ||
            !each_entry(staff, load_member, (void *)(uintptr_t)loading, err))
            return false;
    }
    return true;
}

static bool load_centers(struct loading *loading, struct error *err)
{
    char centers[FILE_PATH_SIZE];
    struct board *board = loading->board;
    board->centers = calloc(CENTERS_MAX, sizeof *board->centers);
    board->staff = calloc(STAFF_MAX, sizeof *board->staff);
    if (board->centers == NULL || board->staff == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    return path_join(centers, loading->dir, "centers", err) &&
           each_entry(centers, load_center, loading, err) && load_staff(loading, centers, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

struct board *board_load(const char *dir, int64_t now_ms, struct error *err)
{
    struct board *board = calloc(1, sizeof *board);
    struct loading loading = {board, dir, now_ms};
    if (board == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    board->root_crl.max = CRL_MAX_BYTES;
    if (load_root(&loading, err) && load_identity(&loading, "server", ROLE_SERVER, &board->server, err) &&
        load_identity(&loading, "ticket", ROLE_TICKET, &board->ticket, err) &&
        load_identity(&loading, "intake", ROLE_INTAKE, &board->intake, err) && load_scoring(&loading, err) &&
        load_tls(&loading, err) && load_centers(&loading, err) && trust_remember_signers(board->issuers, err))
        return board;
    board_free(board);
    return NULL;
}

void board_free(struct board *board)
{
    if (board == NULL)
        return;
    for (size_t i = 0; i < board->center_count; i++)
        identity_free(board->centers[i].ca);
    for (size_t i = 0; i < board->staff_count; i++)
        certificate_free(board->staff[i]);
    free(board->centers);
    free(board->staff);
    identity_free(board->scoring);
    identity_free(board->intake);
    identity_free(board->ticket);
    identity_free(board->server);
    certificate_free(board->scoring_certificate);
    trust_free(board->issuers);
    certificate_free(board->root);
    buffer_release(&board->root_crl);
    free(board);
}

const struct center *board_center(const struct board *board, const char *name)
{
    for (size_t i = 0; i < board->center_count; i++)
        if (strcmp(board->centers[i].name, name) == 0)
            return &board->centers[i];
    return NULL;
}
