/* keys.h: what the fuzz targets of crypto know: the root in corpus/root.der, and every kept input. The private keys behind the
 * corpus were thrown away when make_corpus had written it, so whatever is believed and is not kept is a forgery. */
#ifndef CARREL_FUZZ_KEYS_H
#define CARREL_FUZZ_KEYS_H

#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"
#include "core/secret.h"

#define FUZZ_NOW_MS INT64_C(1795332890000) /* within the validity of every certificate in the corpus */
#define FUZZ_KEY_ID "\xaa\xbb"             /* names the key below */

struct trust *fuzz_trust(void);
/* True for the bytes of a file in corpus/ or the folders in it. */
bool fuzz_is_kept(struct bytes input);
/* The key under which the corpus was sealed: 00 01 … 1f. */
const struct secret *fuzz_key(void);
/* Named like the recipient of the sealed inputs, with another key: opening goes as far as it can without the true one. */
const struct identity *fuzz_recipient(void);

#endif
