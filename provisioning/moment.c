/* The C library knows one zone at a time, in the environment: it is set around each question and put back.
 * Only one thread of `carrel` asks. */
#include "provisioning/moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/encoding.h"
#include "core/field.h"

struct zone_before {
    char *value; /* NULL: none was set */
};

static bool zone_enter(const char *zone, struct zone_before *before)
{
    const char *value = getenv("TZ");

    before->value = value == NULL ? NULL : strdup(value);
    if (setenv("TZ", zone, 1) != 0)
        return false;
    tzset();
    return true;
}

static void zone_leave(struct zone_before *before)
{
    if (before->value == NULL)
        (void)unsetenv("TZ"); /* fails for impossible names only */
    else
        (void)setenv("TZ", before->value, 1); /* it fitted before */
    free(before->value);
    tzset();
}

bool moment_zone_check(const char *zone, struct error *err)
{
    char path[256];

    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
    return (field_is_zone(zone) && strstr(zone, "..") == NULL && access(path, R_OK) == 0) ||
           error_set(err, ERROR_USAGE,
               "“%s” is not a time zone this computer knows: they look like Europe/Oslo", zone);
}

static bool is_same_time(const struct tm *a, const struct tm *b)
{
    return a->tm_year == b->tm_year && a->tm_mon == b->tm_mon && a->tm_mday == b->tm_mday &&
           a->tm_hour == b->tm_hour && a->tm_min == b->tm_min && a->tm_sec == b->tm_sec;
}

/* The moment at which clocks that are (not) on summer time show this, if they ever do. */
static bool moment_of(const struct tm *shown, int is_summer, time_t *moment)
{
    struct tm copy = *shown, again;

    copy.tm_isdst = is_summer;
    *moment = mktime(&copy);
    return localtime_r(moment, &again) != NULL && is_same_time(&again, shown) &&
           (again.tm_isdst > 0) == (is_summer > 0);
}

static bool resolve(
    const struct tm *shown, const char *text, const char *zone, time_t *moment, struct error *err)
{
    time_t winter, summer;
    bool has_winter = moment_of(shown, 0, &winter), has_summer = moment_of(shown, 1, &summer);

    if (has_winter && has_summer && winter != summer)
        return error_set(err, ERROR_USAGE,
            "%s comes twice in %s, when the clocks go back: write it with its offset, like "
            "%.10sT%.5s:00+01:00",
            text, zone, text, text + 11);
    if (!has_winter && !has_summer)
        return error_set(
            err, ERROR_USAGE, "%s does not exist in %s: the clocks skip it, or it is no date", text, zone);
    *moment = has_winter ? winter : summer;
    return true;
}

static bool parse_local(const char *text, const char *zone, int64_t *wall_ms, struct error *err)
{
    struct zone_before before = {NULL};
    struct tm shown = {0};
    time_t moment = 0;
    const char *end =
        strlen(text) == sizeof "2026-11-22 09:00" - 1 ? strptime(text, "%Y-%m-%d %H:%M", &shown) : NULL;
    bool ok;

    if (end == NULL || *end != '\0')
        return error_set(err, ERROR_USAGE,
            "“%s” is not a time: write 2026-11-22 09:00 or 2026-11-22T09:00:00+01:00", text);
    if (!moment_zone_check(zone, err))
        return false;
    ok = zone_enter(zone, &before) || error_set(err, ERROR_NOMEM, "out of memory");
    ok = ok && resolve(&shown, text, zone, &moment, err);
    zone_leave(&before);
    if (ok)
        *wall_ms = (int64_t)moment * 1000;
    return ok;
}

/* "Z" or "+01:00" in minutes east. */
static bool parse_offset(const char *text, int *minutes)
{
    int hour, minute;
    char sign, behind;

    if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0) {
        *minutes = 0;
        return true;
    }
    if (strlen(text) != 6 || sscanf(text, "%c%2d:%2d%c", &sign, &hour, &minute, &behind) != 3 ||
        (sign != '+' && sign != '-') || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    *minutes = (sign == '-' ? -1 : 1) * (hour * 60 + minute);
    return true;
}

/* Seconds may have a fraction, which is dropped: nobody opens a sitting by the millisecond. */
static bool parse_rfc3339(const char *text, int64_t *wall_ms)
{
    char whole[TIMESTAMP_SIZE];
    const size_t seconds = sizeof "2026-11-22T09:00:00" - 1;
    const char *rest = text + seconds;
    int64_t local_ms;
    int minutes;

    if (strlen(text) <= seconds || strchr("Tt ", text[10]) == NULL)
        return false;
    (void)snprintf(whole, sizeof whole, "%.10sT%.8s.000Z", text, text + 11);
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (!timestamp_parse(whole, &local_ms) || !parse_offset(rest, &minutes))
        return false;
    *wall_ms = local_ms - (int64_t)minutes * 60000;
    return true;
}

bool moment_parse(const char *text, const char *zone, int64_t *wall_ms, struct error *err)
{
    if (parse_rfc3339(text, wall_ms))
        return true;
    if (zone == NULL)
        return error_set(
            err, ERROR_USAGE, "“%s” is not a time with an offset, like 2026-11-22T09:00:00+01:00", text);
    return parse_local(text, zone, wall_ms, err);
}

/* "+01:00" behind it */
static void add_offset(long minutes, char text[MOMENT_TEXT_SIZE])
{
    const size_t len = strlen(text);
    const int east = (int)(minutes < 0 ? -minutes : minutes);

    (void)snprintf(text + len, MOMENT_TEXT_SIZE - len, "%c%02d:%02d", minutes < 0 ? '-' : '+', east / 60, east % 60);
}

void moment_format(int64_t wall_ms, const char *zone, char text[MOMENT_TEXT_SIZE])
{
    const time_t moment = (time_t)(wall_ms / 1000);
    const bool is_local = zone != NULL && moment_zone_check(zone, NULL);
    struct zone_before before = {NULL};
    struct tm shown = {0};
    time_t winter, summer;

    if (!is_local || !zone_enter(zone, &before)) {
        (void)gmtime_r(&moment, &shown); /* can't fail for years that fit */
        (void)strftime(text, MOMENT_TEXT_SIZE, "%Y-%m-%d %H:%MZ", &shown);
        return;
    }
    (void)localtime_r(&moment, &shown);
    (void)strftime(text, MOMENT_TEXT_SIZE, "%Y-%m-%d %H:%M", &shown);
    if (moment_of(&shown, 0, &winter) && moment_of(&shown, 1, &summer) && winter != summer)
        add_offset(shown.tm_gmtoff / 60, text);
    zone_leave(&before);
}
