/* certs/oids.txt is the one list of our object identifiers; what the programs compare with must be the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/objects.h>
#include <stdio.h>
#include <string.h>

#include "core/crypto/oids.h"
#include "core/crypto/x509.h"

/* The element of "arc.below", as OpenSSL encodes it. */
static void assert_same(const char *arc, const char *below, const char *name, const struct oid *oid)
{
    char dotted[200];
    unsigned char *der = NULL;
    ASN1_OBJECT *object;
    int len;

    (void)snprintf(dotted, sizeof dotted, "%s.%s", arc, below);
    object = OBJ_txt2obj(dotted, 1);
    assert_non_null(object);
    len = i2d_ASN1_OBJECT(object, &der);
    assert_int_equal(len, OID_BYTES);
    assert_memory_equal(der, oid->der, OID_BYTES);
    assert_string_equal(name, oid->name);
    OPENSSL_free(der);
    ASN1_OBJECT_free(object);
}

static void table_equals_the_list(void **state)
{
    FILE *file = fopen(CARREL_SOURCE_DIR "/certs/oids.txt", "r");
    char line[300], arc[100] = "", below[20], name[40];
    size_t kinds = 0, roles = ROLE_NONE + 1;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#' || line[0] == '\n' || sscanf(line, "arc %99s", arc) == 1)
            continue;
        assert_int_equal(sscanf(line, "%19s %39s", below, name), 2);
        if (below[0] == '1') {
            assert_true(kinds < OBJECT_KINDS);
            assert_same(arc, below, name, &oid_kinds[kinds++]);
        } else {
            assert_true(roles < ROLES);
            assert_same(arc, below, name, &oid_roles[roles++]);
        }
    }
    assert_int_equal(kinds, OBJECT_KINDS);
    assert_int_equal(roles, ROLES);
    assert_int_equal(fclose(file), 0);
}

/* "digitalSignature, keyAgreement" of a form, in the order of the page. */
static void usage_text(const struct role_form *form, char *usage, char *extended, size_t size)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } usages[] = {{KU_DIGITAL_SIGNATURE, "digitalSignature"}, {KU_KEY_AGREEMENT, "keyAgreement"},
        {KU_KEY_CERT_SIGN, "keyCertSign"}, {KU_CRL_SIGN, "cRLSign"}},
      extendeds[] = {
          {XKU_SSL_SERVER, "serverAuth"}, {XKU_SSL_CLIENT, "clientAuth"}, {XKU_SMIME, "emailProtection"}};
    size_t used = 0;

    for (size_t i = 0; i < 4; i++)
        if ((form->key_usage & usages[i].bit) != 0)
            used +=
                (size_t)snprintf(usage + used, size - used, "%s%s", used == 0 ? "" : ", ", usages[i].name);
    used = 0;
    for (size_t i = 0; i < 3; i++)
        if ((form->extended_usage & extendeds[i].bit) != 0)
            used += (size_t)snprintf(
                extended + used, size - used, "%s%s", used == 0 ? "" : ", ", extendeds[i].name);
    if (used == 0)
        (void)snprintf(extended, size, "%s", "\xe2\x80\x93"); /* an en dash */
}

static void page_shows_every_role_as_it_is(void **state)
{
    FILE *file = fopen(CARREL_SOURCE_DIR "/docs/formats/certificates.md", "r");
    enum role role = ROLE_NONE + 1;
    char line[500];

    (void)state;
    assert_non_null(file);
    while (role < ROLES && fgets(line, sizeof line, file) != NULL) {
        const struct role_form *form = role_form(role);
        char usage[100], extended[100], row[300];
        usage_text(form, usage, extended, sizeof usage);
        (void)snprintf(row, sizeof row, "| %s | 2.%d | %s | %s | %s |", role_name(role), (int)role, usage,
            extended, form->issuer == ROLE_NONE ? "root" : role_name(form->issuer));
        role += strncmp(line, row, strlen(row)) == 0 ? 1 : 0;
    }
    if (role != ROLES)
        fail_msg("not on the page as it is: %s", role_name(role));
    assert_int_equal(fclose(file), 0);
}

static void names_are_those_of_the_list(void **state)
{
    (void)state;
    assert_string_equal(object_name(OBJECT_TICKET), "ticket");
    assert_string_equal(role_name(ROLE_SEAT_TLS), "seat-tls");
    assert_string_equal(role_name(ROLE_NONE), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_equals_the_list),
        cmocka_unit_test(page_shows_every_role_as_it_is),
        cmocka_unit_test(names_are_those_of_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
