#include "provisioning/roster.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/field.h"
#include "core/file.h"
#include "core/json.h"
#include "provisioning/csv.h"

enum column {
    COLUMN_NAME,
    COLUMN_CANDIDATE,
    COLUMN_ADMISSION,
    COLUMN_TIME,
    COLUMN_THEME,
    COLUMN_ZOOM,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    [COLUMN_NAME] = "name",
    [COLUMN_CANDIDATE] = "candidate_id",
    [COLUMN_ADMISSION] = "admission",
    [COLUMN_TIME] = "time_factor",
    [COLUMN_THEME] = "theme",
    [COLUMN_ZOOM] = "zoom",
};

/* What a parse has found so far. */
struct reading {
    const char *path;
    struct roster *roster;
    struct buffer *mistakes;
    size_t mistake_count;
};

static void mistake(struct reading *reading, size_t place, const char *reason, const char *about)
{
    reading->mistake_count++;
    (void)buffer_addf(reading->mistakes, "%s:%zu: %s%s%s%s\n", reading->path, place,
        reason, /* full: the count still says */
        about[0] == '\0' ? "" : ": “", about, about[0] == '\0' ? "" : "”");
}

static bool column_named(const char *name, enum column *column)
{
    for (int i = 0; i < COLUMNS; i++)
        if (strcmp(column_names[i], name) == 0) {
            *column = (enum column)i;
            return true;
        }
    return false;
}

/* --- one value ------------------------------------------------------------------------------------------ */

/* "1.25" or "1250" in per mille. */
static bool read_factor(const char *text, unsigned *factor)
{
    int64_t whole = 0, part = 0;
    const char *point = strchr(text, '.');
    char digits[8] = "";

    if (point == NULL && number_parse(text, 1000, 4000, &whole)) {
        *factor = (unsigned)whole;
        return true;
    }
    if (strlen(text) >= sizeof digits || text[0] < '1' || text[0] > '4' ||
        (text[1] != '.' && text[1] != '\0'))
        return false;
    if (point != NULL) {
        size_t count = strlen(point + 1);
        if (count < 1 || count > 3 || strspn(point + 1, "0123456789") != count)
            return false;
        for (size_t i = 0; i < 3; i++)
            part = part * 10 + (i < count ? point[1 + i] - '0' : 0);
    }
    *factor = (unsigned)((text[0] - '0') * 1000 + part);
    return *factor <= 4000;
}

static bool read_zoom(const char *text, unsigned *zoom)
{
    const size_t len = strlen(text);
    char digits[8] = "";
    int64_t number;

    if (len >= sizeof digits)
        return false;
    memcpy(digits, text, len);
    if (len > 0 && digits[len - 1] == '%')
        digits[len - 1] = '\0';
    if (!number_parse(digits, 100, 300, &number))
        return false;
    *zoom = (unsigned)number;
    return true;
}

static bool is_theme(const char *text)
{
    return strcmp(text, "light") == 0 || strcmp(text, "dark") == 0 || strcmp(text, "contrast") == 0;
}

static bool copy_if(bool is_good, char *to, size_t size, const char *text)
{
    if (!is_good || strlen(text) >= size)
        return false;
    memcpy(to, text, strlen(text) + 1);
    return true;
}

/* False where the text can't be the column's value. */
static bool take_value(struct roster_entry *entry, enum column column, const char *text)
{
    switch (column) {
    case COLUMN_NAME:
        return copy_if(
            field_is_line(text) && utf8_valid(text, strlen(text)), entry->name, sizeof entry->name, text);
    case COLUMN_CANDIDATE:
        return copy_if(field_is_candidate(text), entry->candidate_id, sizeof entry->candidate_id, text);
    case COLUMN_ADMISSION:
        return copy_if(field_is_number(text), entry->admission, sizeof entry->admission, text);
    case COLUMN_TIME: return read_factor(text, &entry->time_factor);
    case COLUMN_THEME: return copy_if(is_theme(text), entry->theme, sizeof entry->theme, text);
    case COLUMN_ZOOM: return read_zoom(text, &entry->zoom);
    case COLUMNS: break;
    }
    return false;
}

static const char *complaint(enum column column)
{
    static const char *const complaints[COLUMNS] = {
        [COLUMN_NAME] = "the name is too long or has characters that can't be shown in a line",
        [COLUMN_CANDIDATE] =
            "the candidate_id has a space, a quote or a letter outside ASCII, or is too long",
        [COLUMN_ADMISSION] = "the admission number may have A-Z, 0-9 and hyphens only, at most 32",
        [COLUMN_TIME] = "the time_factor goes from 1 to 4, like 1.25",
        [COLUMN_THEME] = "the theme is light, dark or contrast",
        [COLUMN_ZOOM] = "the zoom goes from 100 to 300 percent",
    };

    return complaints[column];
}

/* --- one entry ------------------------------------------------------------------------------------------ */

static void take_cell(
    struct reading *reading, struct roster_entry *entry, enum column column, const char *text)
{
    if (text[0] != '\0' && !take_value(entry, column, text))
        mistake(reading, entry->place, complaint(column), text);
}

/* Needed values, and those that only one may have. */
static void check_entry(struct reading *reading, const struct roster_entry *entry)
{
    const struct roster *roster = reading->roster;

    if (entry->name[0] == '\0')
        mistake(reading, entry->place, "the name is missing", "");
    if (entry->candidate_id[0] == '\0')
        mistake(reading, entry->place, "the candidate_id is missing", "");
    for (size_t i = 0; i < roster->count; i++) {
        const struct roster_entry *other = &roster->entries[i];
        if (entry->candidate_id[0] != '\0' && strcmp(other->candidate_id, entry->candidate_id) == 0)
            mistake(reading, entry->place, "this candidate_id stands above already", entry->candidate_id);
        if (entry->admission[0] != '\0' && strcmp(other->admission, entry->admission) == 0)
            mistake(reading, entry->place, "this admission number stands above already", entry->admission);
    }
}

/* Room for one more; grows by doubling up to ROSTER_MAX. */
static struct roster_entry *next_entry(struct reading *reading, size_t place, struct error *err)
{
    struct roster *roster = reading->roster;
    struct roster_entry *entries = roster->entries;

    if (roster->count == ROSTER_MAX) {
        error_set(err, ERROR_LIMIT, "%s has more than %u candidates", reading->path, ROSTER_MAX);
        return NULL;
    }
    if ((roster->count & (roster->count - 1)) == 0) { /* 0, 1, 2, 4, 8 … are full */
        entries = realloc(entries, (roster->count == 0 ? 1 : roster->count * 2) * sizeof *entries);
        if (entries == NULL) {
            error_set(err, ERROR_NOMEM, "out of memory");
            return NULL;
        }
        roster->entries = entries;
    }
    entries[roster->count] = (struct roster_entry){.place = place};
    return &entries[roster->count];
}

/* --- CSV ------------------------------------------------------------------------------------------------ */

struct header {
    enum column columns[CSV_COLUMNS_MAX];
    bool is_known[CSV_COLUMNS_MAX];
    bool has[COLUMNS];
    size_t count;
};

static void read_header(struct reading *reading, const struct csv_row *row, struct header *header)
{
    *header = (struct header){.count = row->count};
    for (size_t i = 0; i < row->count; i++) {
        enum column column;
        if (!column_named(row->cells[i], &column)) {
            mistake(reading, row->line, "there is no such column", row->cells[i]);
        } else if (header->has[column]) {
            mistake(reading, row->line, "this column is there twice", row->cells[i]);
        } else {
            header->columns[i] = column;
            header->is_known[i] = header->has[column] = true;
        }
    }
    for (int column = COLUMN_NAME; column <= COLUMN_CANDIDATE; column++)
        if (!header->has[column])
            mistake(reading, row->line, "a needed column is missing", column_names[column]);
}

static bool take_row(
    struct reading *reading, const struct header *header, const struct csv_row *row, struct error *err)
{
    struct roster_entry *entry = next_entry(reading, row->line, err);

    if (entry == NULL)
        return false;
    if (row->count > header->count)
        mistake(reading, row->line, "there are more fields than columns", "");
    for (size_t i = 0; i < row->count && i < header->count; i++)
        if (header->is_known[i])
            take_cell(reading, entry, header->columns[i], row->cells[i]);
    check_entry(reading, entry);
    reading->roster->count++;
    return true;
}

static bool parse_csv(struct reading *reading, struct bytes text, struct error *err)
{
    struct csv csv = csv_begin(text);
    struct arena arena = {.max = 4 * ROSTER_MAX_BYTES};
    struct header header = {.count = 0};
    struct csv_row row;
    bool ok = true;

    while (ok) {
        struct error reason = {0};
        if (!csv_next(&csv, &arena, &row, &reason)) {
            if (reason.code == ERROR_NONE)
                break;
            mistake(reading, row.line, reason.text, "");
        } else if (row.count > 0 && header.count == 0) {
            read_header(reading, &row, &header);
            if (reading->mistake_count > 0)
                break; /* every line would be wrong for the same reason */
        } else if (row.count > 0) {
            ok = take_row(reading, &header, &row, err);
        }
    }
    arena_release(&arena);
    return ok;
}

/* --- JSON ----------------------------------------------------------------------------------------------- */

/* Text or whole number; "" where it is missing. */
static const char *member_text(struct reading *reading, struct json_reader *reader, enum column column,
    size_t place, char text[NAME_SIZE])
{
    struct json_reader other = *reader;
    int64_t number;

    text[0] = '\0';
    if (!json_has(reader, column_names[column]))
        return text;
    json_get_text(reader, column_names[column], text, NAME_SIZE);
    if (!reader->failed)
        return text;
    number = json_get_int(&other, column_names[column], 0, 1000000);
    *reader = other;
    reader->failed = false;
    if (other.failed)
        mistake(reading, place, complaint(column), "");
    else
        (void)snprintf(text, NAME_SIZE, "%lld", (long long)number);
    return text;
}

static bool take_object(struct reading *reading, const struct json *object, size_t place, struct error *err)
{
    struct roster_entry *entry = next_entry(reading, place, err);
    struct error reason = {0};
    struct json_reader reader = json_reader(object, "a candidate", &reason);
    char text[NAME_SIZE];

    if (entry == NULL)
        return false;
    for (int column = 0; column < COLUMNS; column++)
        take_cell(reading, entry, (enum column)column,
            member_text(reading, &reader, (enum column)column, place, text));
    if (!json_done(&reader))
        mistake(reading, place, reason.text, "");
    check_entry(reading, entry);
    reading->roster->count++;
    return true;
}

static bool parse_json(struct reading *reading, struct bytes text, struct error *err)
{
    struct json *json = json_parse(text, err);
    bool ok = json != NULL || error_prefix(err, "%s", reading->path);

    if (ok && !json_is_list(json))
        ok = error_set(err, ERROR_FORMAT, "%s: a list of candidates in brackets is expected", reading->path);
    for (size_t i = 0; ok && i < json_count(json); i++)
        ok = take_object(reading, json_at(json, i), i + 1, err);
    json_free(json);
    return ok;
}

/* --- both ----------------------------------------------------------------------------------------------- */

static bool is_json(const char *path)
{
    const char *suffix = strrchr(path, '.');

    return suffix != NULL && strcmp(suffix, ".json") == 0;
}

bool roster_parse(
    struct roster *roster, const char *path, struct bytes text, struct buffer *mistakes, struct error *err)
{
    struct roster read = {NULL, 0};
    struct reading reading = {.path = path, .roster = &read, .mistakes = mistakes};
    bool ok = is_json(path) ? parse_json(&reading, text, err) : parse_csv(&reading, text, err);

    if (ok && reading.mistake_count > 0)
        ok = error_set(err, ERROR_FORMAT, "%zu mistake%s in %s", reading.mistake_count,
            reading.mistake_count == 1 ? "" : "s", path);
    else if (ok && read.count == 0)
        ok = error_set(err, ERROR_FORMAT, "there is no candidate in %s", path);
    if (ok)
        *roster = read;
    else
        roster_release(&read);
    return ok;
}

bool roster_load(struct roster *roster, const char *path, struct buffer *mistakes, struct error *err)
{
    struct buffer text = {.max = ROSTER_MAX_BYTES};
    bool ok = file_read(path, &text, err) && roster_parse(roster, path, buffer_bytes(&text), mistakes, err);

    buffer_release(&text);
    return ok;
}

void roster_release(struct roster *roster)
{
    free(roster->entries);
    *roster = (struct roster){NULL, 0};
}
