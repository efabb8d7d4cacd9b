/* sqlite.h: what the parts of the SQLite store share. Each part fills in its functions of struct store. */
#ifndef CARREL_SERVER_SQLITE_H
#define CARREL_SERVER_SQLITE_H

#include "server/store/database.h"
#include "server/store/store.h"

struct sqlite_store {
    struct store store; /* first: a struct store * is one of these */
    struct database *database;
};

static inline struct database *database_of(struct store *store)
{
    return ((struct sqlite_store *)store)->database;
}

void sqlite_fill_exams(struct store *store);
void sqlite_fill_sittings(struct store *store);
void sqlite_fill_sessions(struct store *store);
void sqlite_fill_tickets(struct store *store);
void sqlite_fill_results(struct store *store);
void sqlite_fill_centers(struct store *store);
void sqlite_fill_titles(struct store *store);

static inline struct bytes digest_bytes(const struct digest *digest)
{
    return bytes_of(digest->bytes, DIGEST_BYTES);
}

/* Of another length than a digest has: all zeros, which no content has. */
void query_get_digest(struct query *query, struct digest *digest);
enum standing query_get_standing(struct query *query);
/* One blob of the one row, appended. what is missing otherwise. Frees the query. */
bool query_read_blob(struct query *query, const char *what, struct buffer *buffer, struct error *err);

#endif
