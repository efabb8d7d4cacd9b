/* limits.h: every bound on something from outside, in one place. docs/formats/README.md shows the same table.
 */
#ifndef CARREL_LIMITS_H
#define CARREL_LIMITS_H

#define PACKAGE_MAX_BYTES (256u << 20) /* NAME.exam as a file */
#define PACKAGE_MAX_UNZIPPED (512u << 20)
#define PACKAGE_MAX_FILES 10000u
#define EXAM_JSON_MAX_BYTES (16u << 20)
#define EXAM_KEY_MAX_BYTES (64u << 10)   /* NAME.open */
#define SCORING_KEY_MAX_BYTES (8u << 20) /* NAME.key */
#define RESULT_MAX_BYTES (4u << 20)      /* ID.result and ID.journal */
#define TRANSCRIPT_MAX_BYTES (4u << 20)
#define TICKET_MAX_BYTES (1u << 20) /* ticket, receipt, order, status */
#define CATALOG_MAX_BYTES (8u << 20)
#define CRL_MAX_BYTES (1u << 20)
#define PEM_MAX_BYTES (64u << 10)
#define RECORD_MAX_BYTES (256u << 10) /* one journal record's payload */
#define PROGRAMME_MAX_BYTES (64u << 10)
#define JSON_MAX_DEPTH 32

#define ITEMS_MAX 5000u      /* in one package */
#define FORM_ITEMS_MAX 500u  /* in one form */
#define CHOICES_MAX 32u      /* of one interaction */
#define INTERACTIONS_MAX 16u /* of one item; its responses and outcomes too */
#define ENEMIES_MAX 500u     /* of one item */
#define PARTS_MAX 16u        /* of a test */
#define SECTIONS_MAX 64u     /* of a test part */
#define TOPICS_MAX 64u       /* of a scoring key */
#define SELECTIONS_MAX 64u   /* of a section */
#define SURVEY_MAX 64u       /* questions */
#define PROGRAMME_TITLES_MAX 32u
#define BLOCKS_MAX 500u      /* of one text: an item's body, a choice, the agreement, the tutorial */
#define BLOCK_RUNS_MAX 500u  /* pieces of text in a block, or in a line of a listing */
#define BLOCK_LINES_MAX 1000u
#define BLOCK_TEXT_MAX_BYTES (16u << 10) /* one piece of text */
#define EXAM_TIME_MAX_MS (24 * 3600 * 1000)
#define POINTS_MAX 100       /* of one item */
/* Of a ticket, with the time factor in it: the longest session whose records fit into TRANSCRIPT_MAX_BYTES and
 * RESULT_MAX_BYTES however often the candidate changes an answer (kiosk/session/exam_time.h, pace). */
#define SESSION_TIME_MAX_MS (270 * 60000)
#define CATALOG_PACKAGES_MAX 1000u
#define CATALOG_TICKETS_MAX 20000u
#define CATALOG_SESSIONS_MAX 40000u
#define EPOCH_MAX 999999999u
#define RECIPIENTS_MAX 1000u /* of one sealed object */
#define CHAIN_MAX 4u         /* certificates from signer to root, both counted */

/* Text fields, in bytes of UTF-8 with the final NUL. */
#define IDENTIFIER_SIZE 65 /* a-z 0-9 - _ . : items, objectives, centers, seats */
#define NAME_SIZE 257      /* a person's or exam's name as shown */
#define SESSION_ID_SIZE 33 /* 16 random bytes in lower-case hex; sittings and packages are named likewise */
#define NUMBER_SIZE 33     /* an admission number: A-Z 0-9 - */
#define VERSION_SIZE 17    /* a software version: 1.2.3 */
#define ZONE_SIZE 65       /* an IANA time zone name */
#define INITIALS_SIZE 9

#endif
