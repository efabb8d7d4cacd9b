#include "kiosk/guard/environment.h"

static const char *const always[] = {"DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "LANG", "LANGUAGE", "LC_ALL",
    "LC_CTYPE", "LC_MESSAGES", "TZ",
#ifdef CARREL_SIMULATION
    "CARREL_CLOCK", "CARREL_BOOT_ID", "CARREL_DISK_FAULT", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
#endif
    NULL};

static const char *const unlocked_only[] = {
    "HOME", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_AUDIODRIVER", "XMODIFIERS", NULL};

/* Unmanaged: a window manager, if there is one, must not touch what the guard takes into its cover. The guard
 * holds the pointer, so SDL need not try. Xlib's own compose tables, and no input method server. */
static const char *const locked_only[] = {"SDL_VIDEODRIVER=x11", "SDL_X11_FORCE_OVERRIDE_REDIRECT=1",
    "SDL_MOUSE_AUTO_CAPTURE=0", "XMODIFIERS=@im=none", NULL};

/* A plain window surface takes 10 MB where SDL's usual one takes 107. SDL would look for a message bus, even
 * start one; nothing here needs it, and looking takes time. */
static const char *const fixed[] = {
    "PATH=/usr/bin:/bin", "SDL_FRAMEBUFFER_ACCELERATION=0", "DBUS_SESSION_BUS_ADDRESS=disabled:", NULL};

struct filling {
    struct environment *environment;
    size_t count, used;
};

static void add(struct filling *filling, const char *name, const char *equals, const char *value)
{
    struct environment *environment = filling->environment;
    const size_t room = sizeof environment->text - filling->used;
    char *entry = environment->text + filling->used;
    const int len = snprintf(entry, room, "%s%s%s", name, equals, value);

    if (len < 0 || (size_t)len >= room || filling->count >= ENVIRONMENT_MAX)
        return;
    environment->entries[filling->count++] = entry;
    environment->entries[filling->count] = NULL;
    filling->used += (size_t)len + 1;
}

static void inherit(struct filling *filling, const char *const *names)
{
    for (; *names != NULL; names++)
        if (getenv(*names) != NULL)
            add(filling, *names, "=", getenv(*names));
}

static void add_all(struct filling *filling, const char *const *entries)
{
    for (; *entries != NULL; entries++)
        add(filling, *entries, "", "");
}

void environment_make(struct environment *environment, bool is_locked)
{
    struct filling filling = {.environment = environment};

    environment->entries[0] = NULL;
    add_all(&filling, fixed);
    inherit(&filling, always);
    if (is_locked)
        add_all(&filling, locked_only);
    else
        inherit(&filling, unlocked_only);
}
