#include "provisioning/authoring/display.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/outfile.h"
#include "core/secret.h"

#define SCREEN "1280x1024x24"
#define COOKIE "MIT-MAGIC-COOKIE-1"
enum { COOKIE_BYTES = 16, FAMILY_WILD = 0xffff };

/* --- the cookie ----------------------------------------------------------------------------------------- */

static bool add_number(struct buffer *to, unsigned number)
{
    const uint8_t bytes[] = {(uint8_t)(number >> 8), (uint8_t)number};

    return buffer_add(to, bytes, sizeof bytes);
}

/* One entry of an Xauthority file, for any address and any display number (Xau(3)). */
static bool write_authority(const char *path, struct error *err)
{
    struct buffer entry = {.max = 256};
    uint8_t cookie[COOKIE_BYTES];
    bool ok;

    random_bytes(cookie, sizeof cookie);
    ok = (add_number(&entry, FAMILY_WILD) && add_number(&entry, 0) && add_number(&entry, 0) &&
             add_number(&entry, strlen(COOKIE)) && buffer_add_text(&entry, COOKIE) &&
             add_number(&entry, sizeof cookie) && buffer_add(&entry, cookie, sizeof cookie)) ||
         error_set(err, ERROR_NOMEM, "out of memory");
    ok = ok && outfile_save(path, 0600, buffer_bytes(&entry), err);
    buffer_release(&entry);
    return ok;
}

/* --- the server ----------------------------------------------------------------------------------------- */

/* The server says its number, and a newline, once it listens. */
static bool read_number(struct display *display, int from, const struct program_call *call,
    const struct patience *patience, struct error *err)
{
    char *number = display->name + 1;
    size_t len = 0;

    display->name[0] = ':';
    for (;;) {
        const ssize_t got = read(from, number + len, sizeof display->name - 2 - len);
        len += got > 0 ? (size_t)got : 0;
        number[len] = '\0';
        if (strchr(number, '\n') != NULL)
            break;
        if (!service_wait(&display->server, call, patience, err))
            return false;
    }
    number[strcspn(number, "\n")] = '\0';
    return true;
}

bool display_start(struct display *display, const char *folder, char *const *environment,
    const struct patience *patience, struct error *err)
{
    const char *const argv[] = {DISPLAY_PROGRAM, "-displayfd", "1", "-auth", display->authority, "-nolisten",
        "tcp", "-nolisten", "unix", "-screen", "0", SCREEN, "-noreset", NULL};
    struct program_call call = {.argv = argv, .environment = environment, .folder = folder};
    int number[2];
    bool ok;

    if (!path_join(display->authority, folder, "authority", err) || !write_authority(display->authority, err))
        return false;
    if (pipe2(number, O_CLOEXEC | O_NONBLOCK) != 0)
        return error_set_errno(err, "cannot make a pipe");
    call.out = number[1];
    ok = service_start(&display->server, &call, err);
    (void)close(number[1]);
    ok = ok && read_number(display, number[0], &call, patience, err);
    (void)close(number[0]);
    return ok;
}

void display_end(struct display *display)
{
    service_end(&display->server);
}
