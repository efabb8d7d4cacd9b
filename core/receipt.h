/* receipt.h: the server's word that it has a result: ID.receipt (docs/formats/receipt.md). */
#ifndef CARREL_RECEIPT_H
#define CARREL_RECEIPT_H

#include "core/crypto/cms.h"
#include "core/exam.h"
#include "core/score.h"

#define RECEIPT_CODE_SIZE 10 /* "7KQ4-M2XT" and a NUL */

struct receipt_topic {
    char title[NAME_SIZE];
    unsigned points, maximum;
};

struct receipt {
    char session[SESSION_ID_SIZE];
    unsigned epoch;
    bool is_journal;               /* an unfinished journal rather than a result */
    struct digest transcript, file; /* what was stored: the transcript (journal: the journal), the file as it came */
    int64_t stored_ms;
    char code[RECEIPT_CODE_SIZE]; /* of the transcript's digest: a person can keep it */
    /* The preliminary result, where the exam's policy shows it. */
    enum result_policy shown;
    bool passed;
    unsigned points, maximum, scaled; /* topics only */
    struct receipt_topic topics[TOPICS_MAX];
    size_t topic_count;
};

void receipt_code(const struct digest *transcript, char code[RECEIPT_CODE_SIZE]);
bool receipt_encode(const struct receipt *receipt, struct buffer *json, struct error *err);
bool receipt_decode(struct bytes json, struct receipt *receipt, struct error *err);

/* Signing time: stored_ms. */
bool receipt_sign(const struct receipt *receipt, const struct identity *server, struct buffer *file,
    struct error *err);
/* Role server, judged at its signing time. The caller compares session, epoch and digests with what it sent. */
bool receipt_verify(struct bytes file, const struct trust *trust, struct receipt *receipt, struct error *err);

#endif
