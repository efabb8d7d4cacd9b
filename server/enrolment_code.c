#include "server/enrolment_code.h"

#include "core/code.h"

#define SECRET_LETTERS 12u
#define ROOT_LETTERS 16u

static void digest_secret(const char *letters, struct digest *digest)
{
    digest_of(bytes_of(letters, SECRET_LETTERS), digest);
}

void enrolment_code_make(const struct digest *root, char code[ENROLMENT_CODE_SIZE], struct digest *digest)
{
    uint8_t bits[8]; /* 60 of them are used */
    char secret[SECRET_LETTERS + 1], tail[ROOT_LETTERS + 1];
    random_bytes(bits, sizeof bits);
    code_letters(bits, SECRET_LETTERS, secret);
    code_letters(root->bytes, ROOT_LETTERS, tail);
    digest_secret(secret, digest);
    snprintf(code, ENROLMENT_CODE_SIZE, "%.4s-%.4s-%.4s-%s", secret, secret + 4, secret + 8, tail);
    explicit_bzero(secret, sizeof secret);
    explicit_bzero(bits, sizeof bits);
}

/* Exactly count letters of the alphabet, in capitals. */
static bool take_letters(const char *typed, char *letters, size_t count)
{
    size_t taken = 0;
    for (; *typed != '\0'; typed++) {
        char letter = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 'a' + 'A') : *typed;
        if (letter == ' ' || letter == '-')
            continue;
        if (taken == count || strchr(code_alphabet, letter) == NULL)
            return false;
        letters[taken++] = letter;
    }
    return taken == count;
}

bool enrolment_code_parse(
    const char *typed, const struct digest *root, struct digest *digest, struct error *err)
{
    char letters[SECRET_LETTERS + ROOT_LETTERS], tail[ROOT_LETTERS + 1];
    code_letters(root->bytes, ROOT_LETTERS, tail);
    bool ok = take_letters(typed, letters, sizeof letters) ||
              error_set(err, ERROR_FORMAT, "this is no enrolment code: it has 28 letters and digits");
    ok = ok && (memcmp(letters + SECRET_LETTERS, tail, ROOT_LETTERS) == 0 ||
                   error_set(err, ERROR_REFUSED, "this code is of another board"));
    if (ok)
        digest_secret(letters, digest);
    explicit_bzero(letters, sizeof letters);
    return ok;
}
