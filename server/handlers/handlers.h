/* handlers.h: who answers each route; docs/api.md and docs/openapi.yaml say what. One file a resource. */
#ifndef CARREL_SERVER_HANDLERS_H
#define CARREL_SERVER_HANDLERS_H

#include "server/store/store.h"

struct call;
typedef void handler(struct call *call, struct store *reader);

handler catalog_get;
handler crl_get, certificates_get, root_get; /* trust.c */
handler packages_get;
handler tickets_get;
handler results_put, journals_put, receipts_get, results_get, scores_get;
handler statuses_put, orders_get;
handler exam_part_put, exam_part_get, exams_publish, exams_list;
handler sittings_create, sittings_list, sittings_get, sitting_codes_get;
handler admissions_create, admissions_readmit;
handler sessions_list;
handler programmes_publish;
handler candidates_get;
handler titles_decide_post;
handler seats_invite, seats_list, seats_revoke;
handler enrol_post;
handler health_get, metrics_get_text;

#endif
