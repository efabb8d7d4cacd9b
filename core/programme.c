#include "core/programme.h"

#include <string.h>

#include "core/field.h"
#include "core/identifier.h"
#include "core/json.h"

/* --- looking -------------------------------------------------------------------------------------------- */

bool currency_valid(const char *text)
{
    return strlen(text) == CURRENCY_SIZE - 1 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == CURRENCY_SIZE - 1;
}

bool programme_find(const struct programme *programme, const char *id, size_t count, size_t *index)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(programme->titles[i].id, id) == 0) {
            *index = i;
            return true;
        }
    return false;
}

bool programme_find_exam(const struct programme *programme, const char *exam, size_t *index)
{
    size_t found;

    if (!programme_find(programme, exam, programme->title_count, &found) ||
        !programme->titles[found].has_exam)
        return false;
    *index = found;
    return true;
}

bool programme_title_check(const struct programme *programme, size_t index, struct error *err)
{
    const struct programme_title *title = &programme->titles[index];
    size_t twin;

    if (programme_find(programme, title->id, index, &twin))
        return error_set(err, ERROR_FORMAT, "the title %s is there twice", title->id);
    for (size_t i = 0; i < title->need_count; i++)
        for (size_t k = 0; k < i; k++)
            if (title->needs[k] == title->needs[i])
                return error_set(
                    err, ERROR_FORMAT, "%s needs %s twice", title->id, programme->titles[title->needs[i]].id);
    if (!title->has_exam && title->need_count == 0)
        return error_set(
            err, ERROR_FORMAT, "%s has neither an exam nor titles it needs: nobody could earn it", title->id);
    if (!title->has_exam && title->valid_months != 0)
        return error_set(err, ERROR_FORMAT,
            "%s has no exam: it ends with the first of the titles it needs, and has no valid_months",
            title->id);
    return true;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static struct json *encode_exam(const struct programme_exam *exam)
{
    struct json *object = json_new_object();

    json_set(object, "fee", json_int(exam->fee));
    json_set(object, "items", json_int(exam->items));
    json_set(object, "minutes", json_int(exam->minutes));
    json_set(object, "pass_mark", json_int(exam->pass_mark));
    return object;
}

static struct json *encode_title(const struct programme *programme, const struct programme_title *title)
{
    struct json *object = json_new_object(), *needs = json_new_array();

    for (size_t i = 0; i < title->need_count; i++)
        json_add(needs, json_text(programme->titles[title->needs[i]].id));
    json_set(object, "id", json_text(title->id));
    json_set(object, "name", json_text(title->name));
    json_set(object, "title", json_text(title->title));
    json_set(object, "needs", needs);
    json_set(object, "valid_months", json_int(title->valid_months));
    if (title->has_exam)
        json_set(object, "exam", encode_exam(&title->exam));
    return object;
}

struct json *programme_json(const struct programme *programme)
{
    struct json *object = json_new_object(), *titles = json_new_array();

    for (size_t i = 0; i < programme->title_count; i++)
        json_add(titles, encode_title(programme, &programme->titles[i]));
    json_set(object, "format", json_int(PROGRAMME_FORMAT));
    json_set(object, "id", json_text(programme->id));
    json_set(object, "title", json_text(programme->title));
    json_set(object, "in_force", json_time(programme->in_force_ms));
    json_set(object, "currency", json_text(programme->currency));
    json_set(object, "retake_after_days", json_int(programme->retake_after_days));
    json_set(object, "titles", titles);
    return object;
}

/* --- reading -------------------------------------------------------------------------------------------- */

static bool decode_exam(const struct json *value, struct programme_exam *exam, struct error *err)
{
    struct json_reader reader = json_reader(value, "the exam", err);

    exam->fee = (unsigned)json_get_int(&reader, "fee", 0, PROGRAMME_FEE_MAX);
    exam->items = (unsigned)json_get_int(&reader, "items", 1, FORM_ITEMS_MAX);
    exam->minutes = (unsigned)json_get_int(&reader, "minutes", 1, PROGRAMME_MINUTES_MAX);
    exam->pass_mark = (unsigned)json_get_int(&reader, "pass_mark", 1, 100);
    return json_done(&reader);
}

static void decode_needs(
    struct json_reader *reader, const struct programme *programme, struct programme_title *title)
{
    const struct json *needs = json_get_array(reader, "needs", PROGRAMME_TITLES_MAX);
    const size_t above = (size_t)(title - programme->titles);

    for (size_t i = 0; i < json_count(needs); i++) {
        const char *id = json_text_value(json_at(needs, i));
        if (id == NULL || !programme_find(programme, id, above, &title->needs[i]))
            json_fail(reader, "%s needs a title that is not above it", title->id);
        else
            title->need_count++;
    }
}

static bool decode_title(const struct json *value, const struct programme *programme,
    struct programme_title *title, struct error *err)
{
    struct json_reader reader = json_reader(value, "the title", err);
    const struct json *exam = NULL;

    field_get(&reader, "id", identifier_valid, title->id, sizeof title->id);
    field_get(&reader, "name", field_is_line, title->name, sizeof title->name);
    field_get(&reader, "title", field_is_line, title->title, sizeof title->title);
    decode_needs(&reader, programme, title);
    title->valid_months = (unsigned)json_get_int(&reader, "valid_months", 0, PROGRAMME_MONTHS_MAX);
    title->has_exam = json_has(&reader, "exam");
    if (title->has_exam)
        exam = json_get_object(&reader, "exam");
    return json_done(&reader) && (!title->has_exam || decode_exam(exam, &title->exam, err));
}

static bool decode_titles(const struct json *titles, struct programme *programme, struct error *err)
{
    if (json_count(titles) == 0)
        return error_set(err, ERROR_FORMAT, "the programme has no title");
    for (size_t i = 0; i < json_count(titles); i++)
        if (!decode_title(json_at(titles, i), programme, &programme->titles[programme->title_count++], err) ||
            !programme_title_check(programme, i, err))
            return false;
    return true;
}

bool programme_decode(const struct json *value, struct programme *programme, struct error *err)
{
    struct json_reader reader = json_reader(value, "the programme", err);
    const struct json *titles = NULL;

    *programme = (struct programme){.title_count = 0};
    (void)field_get_format(&reader, PROGRAMME_FORMAT);
    field_get(&reader, "id", identifier_valid, programme->id, sizeof programme->id);
    field_get(&reader, "title", field_is_line, programme->title, sizeof programme->title);
    programme->in_force_ms = json_get_time(&reader, "in_force");
    field_get(&reader, "currency", currency_valid, programme->currency, sizeof programme->currency);
    programme->retake_after_days =
        (unsigned)json_get_int(&reader, "retake_after_days", 0, PROGRAMME_DAYS_MAX);
    titles = json_get_array(&reader, "titles", PROGRAMME_TITLES_MAX);
    return json_done(&reader) && decode_titles(titles, programme, err);
}

bool programme_parse(struct bytes text, struct programme *programme, struct error *err)
{
    struct json *value = NULL;
    bool ok;

    if (text.len > PROGRAMME_MAX_BYTES)
        return error_set(err, ERROR_LIMIT, "the programme is larger than %u bytes", PROGRAMME_MAX_BYTES);
    value = json_parse(text, err);
    ok = value != NULL && programme_decode(value, programme, err);
    json_free(value);
    return ok;
}
