/* sync-objects: what a test server that is no carrel-server needs to speak to carrel-sync: keys, and signed
 * objects.
 *
 *     sync-objects pki DIR                          throw-away keys and certificates (pki.h)
 *     sync-objects expired DIR                      center-1's seat with an ended TLS certificate:
 * DIR/seat-expired.* sync-objects catalog DIR SIGNER JSON OUT      signs the catalog that the file JSON
 * holds, whatever it says sync-objects receipt DIR SIGNER ID KIND FILE OUT    KIND is result or journal */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "core/encoding.h"
#include "core/receipt.h"
#include "core/ticket.h"
#include "tests/support/pki.h"
#include "tests/support/run.h"

static void must(bool ok, const struct error *err)
{
    if (ok)
        return;
    (void)fprintf(stderr, "sync-objects: %s\n", err->text);
    exit(1);
}

static void make_expired(const char *dir)
{
    const struct subject subject = {ROLE_SEAT_TLS, "seat-1", "center-1", NULL};
    struct pki pki;

    pki_init(&pki, dir);
    identity_free(pki_issue(dir, "seat-expired", pki.members[PKI_CENTER_1], &subject, PKI_FROM_MS,
        PKI_FROM_MS + INT64_C(86400000)));
    pki_release(&pki);
}

static void make_catalog(const char *dir, const char *signer, const char *json, const char *out)
{
    struct buffer text = {.max = CATALOG_MAX_BYTES}, file = {.max = CATALOG_MAX_BYTES};
    struct error err = {0};
    struct identity *identity = identity_load(dir, signer, &err);
    struct catalog *catalog;

    must(identity != NULL, &err);
    read_file(json, &text);
    catalog = catalog_decode(buffer_bytes(&text), &err);
    must(catalog != NULL, &err);
    must(catalog_sign(catalog, identity, &file, &err), &err);
    write_file(out, buffer_bytes(&file));
    catalog_free(catalog);
    identity_free(identity);
    buffer_release(&text);
    buffer_release(&file);
}

static void make_receipt(
    const char *dir, const char *signer, const char *id, const char *kind, const char *path, const char *out)
{
    struct buffer content = {.max = RESULT_MAX_BYTES}, file = {.max = TICKET_MAX_BYTES};
    struct receipt receipt = {.is_journal = strcmp(kind, "journal") == 0, .stored_ms = PKI_NOW_MS};
    struct error err = {0};
    struct identity *identity = identity_load(dir, signer, &err);

    must(identity != NULL, &err);
    must(object_id_parse(id, receipt.session, &receipt.epoch), &err);
    read_file(path, &content);
    digest_of(buffer_bytes(&content), &receipt.file);
    receipt.transcript = receipt.file; /* what a test result holds is nobody's transcript */
    receipt_code(&receipt.transcript, receipt.code);
    must(receipt_sign(&receipt, identity, &file, &err), &err);
    write_file(out, buffer_bytes(&file));
    identity_free(identity);
    buffer_release(&content);
    buffer_release(&file);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "pki") == 0) {
        struct pki pki;
        pki_init(&pki, argv[2]);
        pki_release(&pki);
    } else if (argc == 3 && strcmp(argv[1], "expired") == 0) {
        make_expired(argv[2]);
    } else if (argc == 6 && strcmp(argv[1], "catalog") == 0) {
        make_catalog(argv[2], argv[3], argv[4], argv[5]);
    } else if (argc == 8 && strcmp(argv[1], "receipt") == 0) {
        make_receipt(argv[2], argv[3], argv[4], argv[5], argv[6], argv[7]);
    } else {
        (void)fprintf(stderr, "sync-objects: see the head of its source\n");
        return 64;
    }
    return 0;
}
