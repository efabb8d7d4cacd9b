/* Signed, sealed and digested objects, read as each kind. Nobody has the keys any more: what is accepted must
 * be kept. */
#include <stdlib.h>

#include "core/crypto/cms.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/keys.h"

static void verify(struct bytes input, enum role role)
{
    struct buffer content = {.max = input.len};

    for (enum object_kind kind = 0; kind < OBJECT_KINDS; kind++) {
        const struct cms_rules rules = {kind, role, fuzz_trust(), FUZZ_NOW_MS};
        struct cms_signer signer = {NULL, 0};
        if (cms_verify(input, &rules, &content, &signer, NULL) && !fuzz_is_kept(input))
            abort();
        cms_signer_release(&signer);
    }
    buffer_release(&content);
}

static void open(struct bytes input)
{
    struct buffer content = {.max = input.len};

    if (cms_open_key(input, fuzz_key(), bytes_of_text(FUZZ_KEY_ID), &content, NULL) && !fuzz_is_kept(input))
        abort();
    if (cms_open(input, fuzz_recipient(), &content, NULL))
        abort(); /* sealed to a key that nobody sealed anything to */
    buffer_release(&content);
}

/* No key is needed here; but the writer makes the same bytes. */
static void open_digested(struct bytes input)
{
    struct buffer content = {.max = input.len}, again = {.max = input.len};

    if (cms_digest_open(input, OBJECT_PRACTICE, &content, NULL) &&
        (!cms_digest(OBJECT_PRACTICE, buffer_bytes(&content), &again, NULL) ||
            !bytes_equal(buffer_bytes(&again), input)))
        abort();
    buffer_release(&content);
    buffer_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes input = bytes_of(data, size);

    verify(input, ROLE_SERVER);
    verify(input, ROLE_SEAT);
    open(input);
    open_digested(input);
    return 0;
}
