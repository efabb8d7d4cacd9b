#include "provisioning/unlock_code.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/secret.h"

enum { CODE_MIN_BYTES = 6, CODE_MAX_BYTES = 64 }; /* the guard takes no longer one */

/* A line into the secret, without its newline; len is its length. One byte at a time: what follows the line
 * is not ours. */
static bool read_line(int fd, struct secret *line, size_t *len, struct error *err)
{
    uint8_t byte;
    ssize_t got = 0;

    *len = 0;
    while ((got = read(fd, &byte, 1)) == 1 && byte != '\n') {
        if (*len == CODE_MAX_BYTES)
            return error_set(err, ERROR_LIMIT, "the unlock code is longer than %d bytes", CODE_MAX_BYTES);
        secret_data(line)[(*len)++] = byte;
    }
    byte = 0;
    return got >= 0 || error_set_errno(err, "cannot read the unlock code");
}

static bool read_file(const char *path, struct secret *code, size_t *len, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 ? read_line(fd, code, len, err) : error_set_errno(err, "cannot open %s", path);

    if (fd >= 0)
        (void)close(fd); /* only read */
    return ok && (*len > 0 || error_set(err, ERROR_FORMAT, "%s has no unlock code in its first line", path));
}

static bool ask(int terminal, const char *prompt, struct secret *code, size_t *len, struct error *err)
{
    bool ok = write(terminal, prompt, strlen(prompt)) == (ssize_t)strlen(prompt) &&
              read_line(terminal, code, len, err);

    (void)!write(terminal, "\n", 1); /* the typed newline was not shown */
    return ok;
}

static bool ask_twice(int terminal, struct secret *code, size_t *len, struct error *err)
{
    struct secret *again = secret_new(CODE_MAX_BYTES, err);
    struct termios shown, silent;
    size_t again_len = 0;
    bool ok = false;

    if (again == NULL || tcgetattr(terminal, &shown) != 0)
        goto done;
    silent = shown;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(terminal, TCSAFLUSH, &silent) != 0)
        goto done;
    ok = ask(terminal, "Unlock code of this seat (empty: none, it can only be switched off): ", code, len,
             err) &&
         (*len == 0 || ask(terminal, "The same again: ", again, &again_len, err));
    (void)tcsetattr(terminal, TCSAFLUSH, &shown); /* worked a moment ago */
    if (ok && *len > 0 &&
        (again_len != *len || !secret_equal(code, bytes_of(secret_data(again), CODE_MAX_BYTES))))
        ok = error_set(err, ERROR_USAGE, "the two unlock codes differ");
done:
    secret_free(again);
    return ok;
}

static bool ask_terminal(struct secret *code, size_t *len, struct error *err)
{
    int terminal = isatty(STDIN_FILENO) ? open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
    bool ok = true;

    *len = 0;
    if (terminal >= 0) {
        error_set(err, ERROR_IO, "cannot ask at the terminal");
        ok = ask_twice(terminal, code, len, err);
        (void)close(terminal); /* nothing is buffered */
    }
    return ok;
}

static bool hash_code(const struct secret *code, size_t len, char hash[UNLOCK_HASH_SIZE], struct error *err)
{
    struct crypt_data *data = NULL;
    struct secret *room = secret_new(CODE_MAX_BYTES + 1, err);
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    const char *made = NULL;

    data = calloc(1, sizeof *data);
    if (room == NULL || data == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
    } else {
        memcpy(secret_data(room), secret_bytes(code).data, len);
        if (crypt_gensalt_rn("$y$", 0, NULL, 0, setting, sizeof setting) != NULL)
            made = crypt_r((const char *)secret_data(room), setting, data);
        if (made == NULL || made[0] == '*' || strlen(made) >= UNLOCK_HASH_SIZE) {
            error_set(err, ERROR_IO, "this system's crypt(3) has no yescrypt");
            made = NULL;
        } else {
            memcpy(hash, made, strlen(made) + 1);
        }
        explicit_bzero(data, sizeof *data);
    }
    free(data);
    secret_free(room);
    return made != NULL;
}

bool unlock_code_read(const char *path, char hash[UNLOCK_HASH_SIZE], struct error *err)
{
    struct secret *code = secret_new(CODE_MAX_BYTES, err);
    size_t len = 0;
    bool ok =
        code != NULL && (path != NULL ? read_file(path, code, &len, err) : ask_terminal(code, &len, err));

    if (ok && len == 0)
        hash[0] = '\0';
    else if (ok && (len < CODE_MIN_BYTES || memchr(secret_data(code), '\0', len) != NULL))
        ok = error_set(
            err, ERROR_USAGE, "an unlock code has %d to %d characters", CODE_MIN_BYTES, CODE_MAX_BYTES);
    else if (ok)
        ok = hash_code(code, len, hash, err);
    secret_free(code);
    return ok;
}
