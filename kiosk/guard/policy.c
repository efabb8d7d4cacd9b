#include "kiosk/guard/policy.h"

#include <crypt.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

/* One line, cut into its two halves. */
struct line {
    const char *key, *value;
    size_t key_len, value_len;
};

static bool is_key(const struct line *line, const char *key)
{
    return line->key_len == strlen(key) && memcmp(line->key, key, line->key_len) == 0;
}

static bool is_value(const struct line *line, const char *value)
{
    return line->value_len == strlen(value) && memcmp(line->value, value, line->value_len) == 0;
}

static bool take_yes_or_no(const struct line *line, bool *answer, struct error *err)
{
    if (!is_value(line, "yes") && !is_value(line, "no"))
        return error_set(err, ERROR_FORMAT, "developer is yes or no");
    *answer = is_value(line, "yes");
    return true;
}

static bool take_text(
    const struct line *line, char *text, size_t size, const char *allowed, struct error *err)
{
    if (line->value_len == 0 || line->value_len >= size)
        return error_set(err, ERROR_LIMIT, "a value is empty or too long");
    memcpy(text, line->value, line->value_len);
    text[line->value_len] = '\0';
    if (strspn(text, allowed) != line->value_len)
        return error_set(err, ERROR_FORMAT, "a value has characters that do not belong there");
    return true;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* yescrypt alone: another kind is a mistake of the one who wrote the file, better seen now than by staff. */
static bool take_hash(const struct line *line, char hash[POLICY_HASH_SIZE], struct error *err)
{
    if (line->value_len < 4 || memcmp(line->value, "$y$", 3) != 0)
        return error_set(err, ERROR_FORMAT, "unlock is not a yescrypt hash ($y$…)");
    return take_text(line, hash, POLICY_HASH_SIZE, "./$" DIGITS LETTERS CAPITALS, err);
}

enum { SEEN_VERSION = 1, SEEN_DEVELOPER = 2, SEEN_UNLOCK = 4, SEEN_USER = 8 };

static unsigned key_of(const struct line *line)
{
    if (is_key(line, "version"))
        return SEEN_VERSION;
    if (is_key(line, "developer"))
        return SEEN_DEVELOPER;
    if (is_key(line, "unlock"))
        return SEEN_UNLOCK;
    return is_key(line, "screen-user") ? SEEN_USER : 0;
}

static bool take_line(const struct line *line, unsigned *seen, struct policy *policy, struct error *err)
{
    const unsigned key = key_of(line);

    if (key == 0)
        return error_set(err, ERROR_FORMAT, "an unknown key");
    if ((*seen & key) != 0)
        return error_set(err, ERROR_FORMAT, "a key comes twice");
    if (*seen == 0 && !(key == SEEN_VERSION && is_value(line, "1")))
        return error_set(err, ERROR_FORMAT, "it does not begin with version=1");
    *seen |= key;
    if (key == SEEN_DEVELOPER)
        return take_yes_or_no(line, &policy->is_developer, err);
    if (key == SEEN_UNLOCK)
        return take_hash(line, policy->unlock, err);
    if (key == SEEN_USER)
        return take_text(line, policy->user, sizeof policy->user, "_-" LETTERS DIGITS, err);
    return true;
}

/* Cuts the next line off; false if there is none that ends in a newline and has an equals sign. */
static bool cut_line(const char **text, size_t *len, struct line *line)
{
    const char *end = memchr(*text, '\n', *len);
    const char *equals = end == NULL ? NULL : memchr(*text, '=', (size_t)(end - *text));

    if (equals == NULL)
        return false;
    *line = (struct line){*text, equals + 1, (size_t)(equals - *text), (size_t)(end - equals - 1)};
    *len -= (size_t)(end + 1 - *text);
    *text = end + 1;
    return true;
}

bool policy_parse(const char *text, size_t len, struct policy *policy, struct error *err)
{
    struct policy parsed = {.is_enrolled = true};
    unsigned seen = 0;
    int number = 0;

    while (len > 0) {
        struct line line;

        number++;
        if (!cut_line(&text, &len, &line))
            return error_set(err, ERROR_FORMAT, "line %d is not key=value", number);
        if (!take_line(&line, &seen, &parsed, err))
            return error_prefix(err, "line %d", number);
    }
    if ((seen & (SEEN_VERSION | SEEN_DEVELOPER)) != (SEEN_VERSION | SEEN_DEVELOPER))
        return error_set(err, ERROR_FORMAT, "version or developer is missing");
    *policy = parsed;
    return true;
}

/* Whoever may write the file decides what unlocks: root, or the guard's own user. */
static bool check_owner(const char *path, struct error *err)
{
    struct stat info;

    if (lstat(path, &info) != 0)
        return error_set_errno(err, "cannot read %s", path);
    if ((info.st_uid != 0 && info.st_uid != geteuid()) || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return error_set(err, ERROR_REFUSED, "%s could have been written by another user", path);
    return true;
}

static bool is_there(const char *folder, const char *name)
{
    char path[FILE_PATH_SIZE];

    /* What can't be looked at is taken to be there. */
    return !path_join(path, folder, name, NULL) || access(path, F_OK) == 0 ||
           (errno != ENOENT && errno != ENOTDIR);
}

bool policy_load(const char *folder, struct policy *policy, struct error *err)
{
    struct buffer text = {.max = POLICY_MAX_BYTES};
    char path[FILE_PATH_SIZE];
    bool ok = false;

    if (!is_there(folder, POLICY_FILE)) {
        *policy = (struct policy){.is_enrolled = is_there(folder, "seat.json")};
        return true;
    }
    if (!path_join(path, folder, POLICY_FILE, err) || !check_owner(path, err) || !file_read(path, &text, err))
        goto done;
    ok = policy_parse(buffer_text(&text), text.len, policy, err) || error_prefix(err, "%s", path);
done:
    buffer_release(&text);
    return ok;
}

bool policy_allows(
    const struct policy *here, const struct policy *host, const struct policy_wish *wish, struct error *err)
{
    const bool is_exam_seat = here->is_enrolled && !here->is_developer;
    const bool is_exam_host = host->is_enrolled && !host->is_developer;

    if (wish->is_other_folder && is_exam_host)
        return error_set(err, ERROR_REFUSED,
            "This computer is an enrolled exam seat: it has one folder, and --seat is not allowed here");
    if (wish->is_unlocked && is_exam_seat)
        return error_set(err, ERROR_REFUSED,
            "This is an enrolled exam seat: --window and --practice are not allowed here");
    if (!wish->is_unlocked && !here->is_enrolled)
        return error_set(err, ERROR_USAGE,
            "This seat is not enrolled, so nothing could unlock it again: enrol it with carrel seat enrol, "
            "or use "
            "--window or --practice");
    if (!wish->is_unlocked && here->is_developer && here->unlock[0] == '\0')
        return error_set(err, ERROR_USAGE,
            "This developer's seat has no unlock code, so nothing could unlock it again: use --window");
    return true;
}

/* The time it takes does not say how much of it was right. */
static bool is_same(const char *a, const char *b)
{
    const size_t len = strlen(a);
    unsigned char difference = 0;

    if (strlen(b) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        difference |= (unsigned char)(a[i] ^ b[i]);
    return difference == 0;
}

bool policy_is_unlock_code(const struct policy *policy, const char *code)
{
    struct crypt_data *data;
    const char *hash;
    bool ok = false;

    if (policy->unlock[0] == '\0' || code[0] == '\0')
        return false;
    data = calloc(1, sizeof *data); /* 32 KiB: more than a small process's stack should carry */
    if (data == NULL)
        return false;
    hash = crypt_rn(code, policy->unlock, data, (int)sizeof *data);
    ok = hash != NULL && is_same(hash, policy->unlock);
    explicit_bzero(data, sizeof *data);
    free(data);
    return ok;
}
