#include "provisioning/facts.h"

#include <stdlib.h>
#include <string.h>

#include "provisioning/report.h"
#include "provisioning/table.h"

struct facts {
    struct table *table;
    struct json *object;
};

struct facts *facts_new(void)
{
    struct facts *facts = calloc(1, sizeof *facts);

    if (facts == NULL)
        return NULL;
    facts->table = table_new("fact", "value", NULL);
    facts->object = json_new_object();
    return facts;
}

static void add_row(struct facts *facts, const char *name, const char *value)
{
    char label[60];
    size_t i;

    for (i = 0; name[i] != '\0' && i + 1 < sizeof label; i++)
        label[i] = name[i] == '_' ? ' ' : name[i];
    label[i] = '\0';
    table_row(facts->table, label, value, NULL);
}

void facts_text(struct facts *facts, const char *name, const char *value)
{
    if (facts == NULL || value == NULL)
        return;
    add_row(facts, name, value);
    json_set(facts->object, name, json_text(value));
}

void facts_number(struct facts *facts, const char *name, int64_t value)
{
    if (facts == NULL)
        return;
    add_row(facts, name, table_cell(facts->table, "%lld", (long long)value));
    json_set(facts->object, name, json_int(value));
}

void facts_yes(struct facts *facts, const char *name, bool value)
{
    if (facts == NULL)
        return;
    add_row(facts, name, value ? "yes" : "no");
    json_set(facts->object, name, json_bool(value));
}

bool facts_print(const struct facts *facts, const struct call *call, struct error *err)
{
    if (facts == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    return call->as_json ? report_json(facts->object, err) : table_print(facts->table, stdout, err);
}

void facts_free(struct facts *facts)
{
    if (facts == NULL)
        return;
    table_free(facts->table);
    json_free(facts->object);
    free(facts);
}
