#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/table.h"

static bool show(const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    const struct json *seats = NULL;
    struct table *table = NULL;
    bool ok;

    (void)call;
    if (!answer_list(answer, "seats", &seats, err))
        return false;
    table = table_new("seat", "certificate", "ends", "enrolled", NULL);
    for (size_t i = 0; i < json_count(seats); i++) {
        const struct json *seat = json_at(seats, i);
        table_row(table, answer_text(seat, "seat", arena), answer_text(seat, "state", arena),
            answer_time(seat, "ends", NULL, arena), answer_time(seat, "added", NULL, arena), NULL);
    }
    ok = table_print(table, stdout, err);
    table_free(table);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    return client_run(call, "GET", "/v1/seats", NULL, show, err);
}

const struct command command_seat_list = {
    .name = "seat list",
    .operands = "",
    .summary = "List the seats of the center",
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
