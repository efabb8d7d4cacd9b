#include "core/secret.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/encoding.h"

/* One mapping per secret: an unreadable page, the page of the secret, an unreadable page. The secret ends
 * where the last page begins, so that reading one byte too many faults instead of leaking the neighbour. */
struct secret {
    uint8_t *mapping;
    uint8_t *data;
    size_t len;
    bool is_locked;
};

/* Wiped mappings wait here for the next secret: to map, lock and unmap one takes the kernel about as long as
 * a signature takes, and it stops the other threads meanwhile. */
#ifdef __SANITIZE_ADDRESS__
enum { KEPT_MAX = 0 }; /* whoever looks at a freed secret shall fault */
#else
enum { KEPT_MAX = 16 };
#endif
static struct {
    pthread_mutex_t lock;
    uint8_t *mappings[KEPT_MAX + 1];
    int count;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

enum { SECRET_MAX_BYTES = 4096 }; /* the smallest page there is */

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Where the kernel refuses (mlock past RLIMIT_MEMLOCK, an advice it does not know) we go on: readiness checks
 * that there is no swap and that the process is not dumpable. */
static bool protect(uint8_t *page, size_t len)
{
    (void)madvise(page, len, MADV_DONTDUMP);
    (void)madvise(page, len, MADV_WIPEONFORK);
    return mlock(page, len) == 0;
}

static bool map_new(struct secret *secret)
{
    const size_t page = page_bytes();
    uint8_t *mapping = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (mapping == MAP_FAILED)
        return false;
    if (mprotect(mapping + page, page, PROT_READ | PROT_WRITE) != 0) {
        (void)munmap(mapping, 3 * page); /* nothing is in it yet */
        return false;
    }
    secret->mapping = mapping;
    secret->is_locked = protect(mapping + page, page);
    return true;
}

static bool map(struct secret *secret)
{
    pthread_mutex_lock(&kept.lock);
    if (kept.count > 0) {
        secret->mapping = kept.mappings[--kept.count];
        secret->is_locked = true;
    }
    pthread_mutex_unlock(&kept.lock);
    return secret->mapping != NULL || map_new(secret);
}

/* Wipes the page, and keeps it if it is locked and there is room. */
static void unmap(struct secret *secret)
{
    const size_t page = page_bytes();
    bool is_kept;

    explicit_bzero(secret->mapping + page, page);
    pthread_mutex_lock(&kept.lock);
    is_kept = secret->is_locked && kept.count < KEPT_MAX;
    if (is_kept)
        kept.mappings[kept.count++] = secret->mapping;
    pthread_mutex_unlock(&kept.lock);
    if (!is_kept)
        (void)munmap(secret->mapping, 3 * page); /* wiped already; a leak of address space at worst */
}

struct secret *secret_new(size_t len, struct error *err)
{
    struct secret *secret = NULL;

    if (len == 0 || len > SECRET_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "a secret has 1 to %d bytes, not %zu", SECRET_MAX_BYTES, len);
        return NULL;
    }
    secret = calloc(1, sizeof *secret);
    if (secret == NULL || !map(secret)) {
        error_set(err, ERROR_NOMEM, "no memory for a secret");
        free(secret);
        return NULL;
    }
    secret->data = secret->mapping + 2 * page_bytes() - len;
    secret->len = len;
    return secret;
}

struct secret *secret_random(size_t len, struct error *err)
{
    struct secret *secret = secret_new(len, err);

    if (secret != NULL)
        random_bytes(secret->data, len);
    return secret;
}

struct secret *secret_copy(struct bytes from, struct error *err)
{
    struct secret *secret = secret_new(from.len, err);

    if (secret != NULL)
        memcpy(secret->data, from.data, from.len);
    return secret;
}

uint8_t *secret_data(struct secret *secret)
{
    return secret->data;
}

struct bytes secret_bytes(const struct secret *secret)
{
    return bytes_of(secret->data, secret->len);
}

/* Not CRYPTO_memcmp: the guard links this file and no OpenSSL. The volatile keeps the compiler from stopping
 * at the first difference. */
bool secret_equal(const struct secret *secret, struct bytes other)
{
    const volatile uint8_t *a = secret->data, *b = other.data;
    uint8_t difference = 0;

    if (secret->len != other.len)
        return false;
    for (size_t i = 0; i < other.len; i++)
        difference |= a[i] ^ b[i];
    return difference == 0;
}

void secret_free(struct secret *secret)
{
    if (secret == NULL)
        return;
    unmap(secret);
    free(secret);
}

void random_bytes(void *data, size_t len)
{
    uint8_t *at = data;

    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort(); /* no key, nonce or id may be made without it */
        at += got;
        len -= (size_t)got;
    }
}

void random_id(char id[33])
{
    uint8_t bytes[16];

    random_bytes(bytes, sizeof bytes);
    hex_encode(bytes, sizeof bytes, id);
}
