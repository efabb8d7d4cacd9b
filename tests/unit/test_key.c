/* The published test vectors of each primitive, and what must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/crypto/digest.h"
#include "core/crypto/gcm.h"
#include "core/crypto/key.h"
#include "core/encoding.h"

static struct bytes hex(const char *text, uint8_t *room)
{
    assert_true(hex_decode(text, room, strlen(text) / 2));
    return bytes_of(room, strlen(text) / 2);
}

static struct secret *secret_of_hex(const char *text)
{
    uint8_t room[64];

    return secret_copy(hex(text, room), NULL);
}

static void assert_hex(struct bytes bytes, const char *text)
{
    char *have = malloc(2 * bytes.len + 1);

    hex_encode(bytes.data, bytes.len, have);
    assert_string_equal(have, text);
    free(have);
}

static void scrypt_matches_rfc_7914(void **state)
{
    struct secret *key =
        key_scrypt(bytes_of_text("pleaseletmein"), bytes_of_text("SodiumChloride"), 14, NULL);

    (void)state;
    assert_hex(secret_bytes(key), "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
    secret_free(key);
}

static void scrypt_does_the_cost_of_a_start_code(void **state)
{
    struct error err = {0};
    struct secret *key = key_scrypt(bytes_of_text("a"), bytes_of_text("b"), 17, &err);

    (void)state;
    assert_non_null(key);
    secret_free(key);
    assert_null(key_scrypt(bytes_of_text("a"), bytes_of_text("b"), 18, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
}

static void hkdf_matches_rfc_5869(void **state)
{
    struct secret *key = secret_of_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
    uint8_t salt[13];
    struct secret *derived = key_hkdf(
        key, hex("000102030405060708090a0b0c", salt), "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9", NULL);

    (void)state;
    assert_hex(secret_bytes(derived), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    secret_free(derived);
    derived = key_hkdf(key, bytes_of(NULL, 0), "journal", NULL); /* no salt is allowed */
    assert_non_null(derived);
    secret_free(derived);
    secret_free(key);
}

static const char wrapping_hex[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
static const char plain_hex[] = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f";
static const char wrapped_hex[] =
    "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21";

static void wrap_matches_rfc_3394(void **state)
{
    struct secret *wrapping = secret_of_hex(wrapping_hex);
    struct buffer wrapped = {.max = 40};
    uint8_t plain[32];
    struct secret *back;

    (void)state;
    assert_true(key_wrap(wrapping, hex(plain_hex, plain), &wrapped, NULL));
    assert_hex(buffer_bytes(&wrapped), wrapped_hex);
    back = key_unwrap(wrapping, buffer_bytes(&wrapped), NULL);
    assert_true(secret_equal(back, bytes_of(plain, 32)));
    secret_free(back);
    secret_free(wrapping);
    buffer_release(&wrapped);
}

static void unwrap_refuses_another_key_and_every_change(void **state)
{
    struct secret *wrapping = secret_of_hex(wrapping_hex);
    struct secret *other = secret_of_hex(plain_hex);
    struct error err = {0};
    uint8_t wrapped[40];
    struct bytes bytes = hex(wrapped_hex, wrapped);

    (void)state;
    assert_null(key_unwrap(other, bytes, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    for (size_t i = 0; i < 8 * bytes.len; i++) {
        wrapped[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_null(key_unwrap(wrapping, bytes, &err));
        assert_int_equal(err.code, ERROR_UNTRUSTED);
        wrapped[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t len = 0; len < bytes.len; len++)
        assert_null(key_unwrap(wrapping, bytes_of(wrapped, len), &err));
    secret_free(other);
    secret_free(wrapping);
}

static void wrap_refuses_odd_lengths(void **state)
{
    struct secret *wrapping = secret_of_hex(wrapping_hex);
    struct buffer wrapped = {.max = 100};
    uint8_t plain[33] = {0};
    struct error err = {0};

    (void)state;
    assert_false(key_wrap(wrapping, bytes_of(plain, 33), &wrapped, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_false(key_wrap(wrapping, bytes_of(plain, 8), &wrapped, &err));
    assert_int_equal(wrapped.len, 0);
    secret_free(wrapping);
    buffer_release(&wrapped);
}

static const char gcm_key_hex[] = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
static const char gcm_plain_hex[] = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                                    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
static const char gcm_sealed_hex[] = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                                     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                                     "76fc6ece0f4e1768cddf8853bb2d551b";

struct gcm {
    struct secret *key;
    uint8_t nonce[12], associated[20], plain[60], sealed[76];
};

static struct gcm gcm_vector(void)
{
    struct gcm gcm = {.key = secret_of_hex(gcm_key_hex)};

    hex("cafebabefacedbaddecaf888", gcm.nonce);
    hex("feedfacedeadbeeffeedfacedeadbeefabaddad2", gcm.associated);
    hex(gcm_plain_hex, gcm.plain);
    hex(gcm_sealed_hex, gcm.sealed);
    return gcm;
}

static void gcm_matches_the_published_case(void **state)
{
    struct gcm gcm = gcm_vector();
    struct buffer out = {.max = 200};

    (void)state;
    assert_true(
        key_seal(gcm.key, gcm.nonce, bytes_of(gcm.associated, 20), bytes_of(gcm.plain, 60), &out, NULL));
    assert_hex(buffer_bytes(&out), gcm_sealed_hex);
    buffer_clear(&out);
    assert_true(
        key_open(gcm.key, gcm.nonce, bytes_of(gcm.associated, 20), bytes_of(gcm.sealed, 76), &out, NULL));
    assert_hex(buffer_bytes(&out), gcm_plain_hex);
    buffer_release(&out);
    secret_free(gcm.key);
}

static void gcm_hands_nothing_on_after_a_change(void **state)
{
    struct gcm gcm = gcm_vector();
    struct buffer out = {.max = 200};
    struct error err = {0};

    (void)state;
    assert_true(buffer_add_text(&out, "before"));
    for (size_t i = 0; i < 8 * sizeof gcm.sealed; i++) {
        gcm.sealed[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_false(
            key_open(gcm.key, gcm.nonce, bytes_of(gcm.associated, 20), bytes_of(gcm.sealed, 76), &out, &err));
        assert_int_equal(err.code, ERROR_UNTRUSTED);
        assert_string_equal(buffer_text(&out), "before");
        gcm.sealed[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t len = 0; len < 76; len++)
        assert_false(key_open(
            gcm.key, gcm.nonce, bytes_of(gcm.associated, 20), bytes_of(gcm.sealed, len), &out, &err));
    assert_false(
        key_open(gcm.key, gcm.nonce, bytes_of(gcm.associated, 19), bytes_of(gcm.sealed, 76), &out, &err));
    assert_int_equal(out.len, 6);
    buffer_release(&out);
    secret_free(gcm.key);
}

static void gcm_wipes_what_is_not_authentic(void **state)
{
    struct gcm gcm = gcm_vector();
    uint8_t out[60];

    (void)state;
    memset(out, 'x', sizeof out);
    assert_false(gcm_open(
        gcm.key, gcm.nonce, bytes_of(NULL, 0), bytes_of(gcm.sealed, 60), gcm.sealed + 60, out, NULL));
    for (size_t i = 0; i < sizeof out; i++)
        assert_int_equal(out[i], 0);
    secret_free(gcm.key);
}

static void gcm_takes_an_empty_text(void **state)
{
    struct gcm gcm = gcm_vector();
    struct buffer sealed = {.max = 16}, plain = {.max = 1};

    (void)state;
    assert_true(key_seal(gcm.key, gcm.nonce, bytes_of(NULL, 0), bytes_of(NULL, 0), &sealed, NULL));
    assert_int_equal(sealed.len, 16);
    assert_true(key_open(gcm.key, gcm.nonce, bytes_of(NULL, 0), buffer_bytes(&sealed), &plain, NULL));
    assert_int_equal(plain.len, 0);
    buffer_release(&sealed);
    buffer_release(&plain);
    secret_free(gcm.key);
}

static void gcm_keeps_to_the_maximum_of_the_buffer(void **state)
{
    struct gcm gcm = gcm_vector();
    struct buffer out = {.max = 75};
    struct error err = {0};

    (void)state;
    assert_false(key_seal(gcm.key, gcm.nonce, bytes_of(NULL, 0), bytes_of(gcm.plain, 60), &out, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_int_equal(out.len, 0);
    buffer_release(&out);
    secret_free(gcm.key);
}

static const char abc_hex[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void digest_matches_fips_180(void **state)
{
    struct digest digest, again;
    char text[DIGEST_TEXT_SIZE];

    (void)state;
    digest_of(bytes_of_text("abc"), &digest);
    digest_text(&digest, text);
    assert_string_equal(text, abc_hex);
    assert_true(digest_parse(text, &again));
    assert_true(digest_equal(&digest, &again));
    text[0] = 'B';
    assert_false(digest_parse(text, &again));
    digest_of(bytes_of(NULL, 0), &digest);
    digest_text(&digest, text);
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void digest_of_file_refuses_links_and_folders(void **state)
{
    struct digest digest;
    struct error err = {0};
    char text[DIGEST_TEXT_SIZE];
    FILE *file = fopen("abc", "w");

    (void)state;
    assert_int_equal(fwrite("abc", 1, 3, file), 3);
    assert_int_equal(fclose(file), 0);
    assert_true(digest_of_file("abc", &digest, &err));
    digest_text(&digest, text);
    assert_string_equal(text, abc_hex);
    assert_false(digest_of_file(".", &digest, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_false(digest_of_file("absent", &digest, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    (void)unlink("link"); /* of an earlier run */
    assert_int_equal(symlink("abc", "link"), 0);
    assert_false(digest_of_file("link", &digest, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scrypt_matches_rfc_7914),
        cmocka_unit_test(scrypt_does_the_cost_of_a_start_code),
        cmocka_unit_test(hkdf_matches_rfc_5869),
        cmocka_unit_test(wrap_matches_rfc_3394),
        cmocka_unit_test(unwrap_refuses_another_key_and_every_change),
        cmocka_unit_test(wrap_refuses_odd_lengths),
        cmocka_unit_test(gcm_matches_the_published_case),
        cmocka_unit_test(gcm_hands_nothing_on_after_a_change),
        cmocka_unit_test(gcm_wipes_what_is_not_authentic),
        cmocka_unit_test(gcm_takes_an_empty_text),
        cmocka_unit_test(gcm_keeps_to_the_maximum_of_the_buffer),
        cmocka_unit_test(digest_matches_fips_180),
        cmocka_unit_test(digest_of_file_refuses_links_and_folders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
