#include "provisioning/seat_setup.h"

#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/outfile.h"
#include "core/seat_folder.h"

enum owner { OWNER_ROOT, OWNER_KIOSK, OWNER_SYNC };

/* Outer folders first. spool/out passes its group on, so that what the kiosk writes there can be read by
 * carrel-sync. */
static const struct {
    const char *part;
    enum owner user, group;
    mode_t mode;
} parts[] = {
    {".", OWNER_ROOT, OWNER_ROOT, 0755},
    {"spool", OWNER_ROOT, OWNER_ROOT, 0755},
    {FOLDER_OUT, OWNER_KIOSK, OWNER_SYNC, 02750},
    {FOLDER_IN, OWNER_SYNC, OWNER_SYNC, 0755},
    {FOLDER_PACKAGES, OWNER_SYNC, OWNER_SYNC, 0755},
    {FOLDER_TICKETS, OWNER_SYNC, OWNER_SYNC, 0755},
    {FOLDER_RECEIPTS, OWNER_SYNC, OWNER_SYNC, 0755},
    {FOLDER_KIOSK, OWNER_KIOSK, OWNER_KIOSK, 0700},
    {FOLDER_KIOSK "/journals", OWNER_KIOSK, OWNER_KIOSK, 0700},
    {FOLDER_KIOSK "/places", OWNER_KIOSK, OWNER_KIOSK, 0700},
    {FOLDER_SYNC, OWNER_SYNC, OWNER_SYNC, 0700},
};

/* Files that are not root's; where they are missing there is nothing to give. */
static const struct {
    const char *part;
    enum owner user;
} files[] = {
    {FOLDER_KIOSK "/kiosk.key", OWNER_KIOSK},
    {FOLDER_KIOSK "/kiosk.pem", OWNER_KIOSK},
    {FOLDER_SYNC "/tls.key", OWNER_SYNC},
    {FOLDER_SYNC "/tls.pem", OWNER_SYNC},
    {FOLDER_IN "/crl", OWNER_SYNC},
};

struct owners {
    uid_t users[3];
    gid_t groups[3];
};

static bool find_owners(struct owners *owners)
{
    static const char *const names[] = {
        [OWNER_ROOT] = "root", [OWNER_KIOSK] = KIOSK_USER, [OWNER_SYNC] = SYNC_USER};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct passwd *user = getpwnam(names[i]);
        if (user == NULL)
            return false;
        owners->users[i] = user->pw_uid;
        owners->groups[i] = user->pw_gid;
    }
    return true;
}

bool seat_setup_has_users(void)
{
    struct owners owners;

    return geteuid() == 0 && find_owners(&owners);
}

bool seat_setup_make(const char *dir, struct error *err)
{
    char path[FILE_PATH_SIZE];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!path_join(path, dir, parts[i].part, err) || !folder_make(path, 0700, err))
            return false;
    return true;
}

bool seat_setup_guard(const char *dir, bool is_developer, const char *unlock, struct error *err)
{
    struct buffer text = {.max = 1024};
    char path[FILE_PATH_SIZE];
    bool ok;

    (void)buffer_addf(&text, "version=1\ndeveloper=%s\n", is_developer ? "yes" : "no"); /* checked below */
    if (unlock[0] != '\0')
        (void)buffer_addf(&text, "unlock=%s\n", unlock);
    if (seat_setup_has_users())
        (void)buffer_add_text(&text, "screen-user=" KIOSK_USER "\n");
    ok = (!text.failed || error_set(err, ERROR_NOMEM, "out of memory")) &&
         path_join(path, dir, "guard.conf", err) && outfile_save(path, 0644, buffer_bytes(&text), err);
    buffer_release(&text);
    return ok;
}

static bool give(const char *dir, const char *part, uid_t user, gid_t group, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (!path_join(path, dir, part, err))
        return false;
    if (access(path, F_OK) != 0)
        return true;
    return lchown(path, user, group) == 0 || error_set_errno(err, "cannot give %s to its user", path);
}

static bool give_all(const char *dir, struct error *err)
{
    struct owners owners;

    if (!seat_setup_has_users() || !find_owners(&owners))
        return true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!give(dir, parts[i].part, owners.users[parts[i].user], owners.groups[parts[i].group], err))
            return false;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (!give(dir, files[i].part, owners.users[files[i].user], owners.groups[files[i].user], err))
            return false;
    return true;
}

bool seat_setup_hand_over(const char *dir, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (!give_all(dir, err)) /* before the modes: a change of owner drops the set-group-id bit */
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!path_join(path, dir, parts[i].part, err))
            return false;
        if (chmod(path, parts[i].mode) != 0)
            return error_set_errno(err, "cannot set the rights of %s", path);
        if (!folder_sync(path, err))
            return false;
    }
    return true;
}
