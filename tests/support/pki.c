#include "tests/support/pki.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/outfile.h"

static const struct {
    const char *name;
    enum pki_member issuer;
    struct subject subject;
} plan[PKI_MEMBERS] = {
    [PKI_ROOT] = {"root", PKI_ROOT, {ROLE_NONE, "Carrel test root", "", NULL}},
    [PKI_EXAM_SIGNER] = {"exam-signer", PKI_ROOT, {ROLE_EXAM_SIGNER, "Exam signer", "", NULL}},
    [PKI_SCORING] = {"scoring", PKI_ROOT, {ROLE_SCORING, "Scoring", "", NULL}},
    [PKI_SERVER] = {"server", PKI_ROOT, {ROLE_SERVER, "Server", "", NULL}},
    [PKI_TICKET] = {"ticket", PKI_ROOT, {ROLE_TICKET, "Tickets", "", NULL}},
    [PKI_INTAKE] = {"intake", PKI_ROOT, {ROLE_INTAKE, "Intake", "", NULL}},
    [PKI_BOARD] = {"board", PKI_ROOT, {ROLE_BOARD, "Board operator", "", NULL}},
    [PKI_TLS_SERVER] = {"tls-server", PKI_ROOT, {ROLE_TLS_SERVER, "localhost", "", "localhost,127.0.0.1"}},
    [PKI_CENTER_1] = {"center-1", PKI_ROOT, {ROLE_CENTER_CA, "Center 1", "center-1", NULL}},
    [PKI_SEAT_1] = {"seat-1", PKI_CENTER_1, {ROLE_SEAT, "seat-1", "center-1", NULL}},
    [PKI_SEAT_1_TLS] = {"seat-1-tls", PKI_CENTER_1, {ROLE_SEAT_TLS, "seat-1", "center-1", NULL}},
    [PKI_STAFF_1] = {"staff-1", PKI_CENTER_1, {ROLE_STAFF, "Ada Ng", "center-1", NULL}},
    [PKI_CENTER_2] = {"center-2", PKI_ROOT, {ROLE_CENTER_CA, "Center 2", "center-2", NULL}},
    [PKI_SEAT_2] = {"seat-2", PKI_CENTER_2, {ROLE_SEAT, "seat-2", "center-2", NULL}},
    [PKI_SEAT_2_TLS] = {"seat-2-tls", PKI_CENTER_2, {ROLE_SEAT_TLS, "seat-2", "center-2", NULL}},
    [PKI_STAFF_2] = {"staff-2", PKI_CENTER_2, {ROLE_STAFF, "Bo Li", "center-2", NULL}},
};

const char *pki_name(enum pki_member member)
{
    return plan[member].name;
}

static void must(bool ok, const struct error *err)
{
    if (ok)
        return;
    (void)fprintf(stderr, "test certificates: %s\n", err->text);
    abort();
}

static void save_chain(
    const char *dir, const char *name, const struct certificate *certificate, const struct identity *issuer)
{
    const struct certificate *above = identity_certificate(issuer);
    struct buffer pem = {.max = PEM_MAX_BYTES};
    char path[FILE_PATH_SIZE];
    struct error err = {0};

    must(certificate_pem(certificate, &pem, &err), &err);
    if (certificate_role(above) == ROLE_CENTER_CA)
        must(certificate_pem(above, &pem, &err), &err);
    (void)snprintf(path, sizeof path, "%s/%s.pem", dir, name);
    must(outfile_save(path, 0644, buffer_bytes(&pem), &err), &err);
    buffer_release(&pem);
}

struct identity *pki_issue(const char *dir, const char *name, const struct identity *issuer,
    const struct subject *subject, int64_t not_before_ms, int64_t not_after_ms)
{
    struct buffer request = {.max = 4096};
    struct certificate *certificate = NULL;
    struct identity *identity = NULL;
    char path[FILE_PATH_SIZE];
    struct error err = {0};

    (void)snprintf(path, sizeof path, "%s/%s.key", dir, name);
    if (access(path, F_OK) != 0)
        must(identity_make_key(dir, name, &err), &err);
    must(identity_request(dir, name, subject->name, subject->center, &request, &err), &err);
    certificate = authority_issue(issuer, buffer_bytes(&request), subject, not_before_ms, not_after_ms, &err);
    must(certificate != NULL, &err);
    save_chain(dir, name, certificate, issuer);
    identity = identity_load(dir, name, &err);
    must(identity != NULL, &err);
    certificate_free(certificate);
    buffer_release(&request);
    return identity;
}

static struct identity *make(struct pki *pki, const char *dir, enum pki_member member)
{
    const struct subject *subject = &plan[member].subject;
    struct identity *identity = identity_load(dir, plan[member].name, NULL);
    struct error err = {0};

    if (identity != NULL)
        return identity;
    if (member != PKI_ROOT)
        return pki_issue(
            dir, plan[member].name, pki->members[plan[member].issuer], subject, PKI_FROM_MS, PKI_UNTIL_MS);
    must(identity_make_key(dir, "root", &err), &err);
    must(authority_make_root(dir, "root", subject->name, PKI_FROM_MS, PKI_UNTIL_MS, &err), &err);
    identity = identity_load(dir, "root", &err);
    must(identity != NULL, &err);
    return identity;
}

void pki_init(struct pki *pki, const char *dir)
{
    struct error err = {0};

    *pki = (struct pki){.trust = NULL};
    must(folder_make(dir, 0755, &err), &err);
    for (enum pki_member member = PKI_ROOT; member < PKI_MEMBERS; member++)
        pki->members[member] = make(pki, dir, member);
    pki->trust = trust_new(pki_certificate(pki, PKI_ROOT), &err);
    must(pki->trust != NULL, &err);
}

void pki_remove(const char *dir)
{
    static const char *const endings[] = {"key", "pem"};

    for (enum pki_member member = PKI_ROOT; member < PKI_MEMBERS; member++)
        for (size_t i = 0; i < 2; i++) {
            char path[FILE_PATH_SIZE];
            (void)snprintf(path, sizeof path, "%s/%s.%s", dir, plan[member].name, endings[i]);
            (void)unlink(path); /* absent is fine */
        }
}

void pki_release(struct pki *pki)
{
    for (enum pki_member member = PKI_ROOT; member < PKI_MEMBERS; member++)
        identity_free(pki->members[member]);
    trust_free(pki->trust);
    *pki = (struct pki){.trust = NULL};
}

const struct certificate *pki_certificate(const struct pki *pki, enum pki_member member)
{
    return identity_certificate(pki->members[member]);
}
