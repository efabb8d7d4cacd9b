#include "core/field.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/moment.h"

struct window {
    const char *zone;
    int64_t opens_ms, closes_ms;
};

static bool read_window(const struct call *call, struct window *window, struct error *err)
{
    window->zone = arguments_value(call->arguments, "zone");
    if (!moment_zone_check(window->zone, err) ||
        !moment_parse(arguments_value(call->arguments, "opens"), window->zone, &window->opens_ms, err) ||
        !moment_parse(arguments_value(call->arguments, "closes"), window->zone, &window->closes_ms, err))
        return false;
    if (window->closes_ms <= window->opens_ms)
        return error_set(err, ERROR_USAGE, "the sitting would close before it opens");
    if (window->closes_ms <= clock_wall_ms(call->clock))
        return error_set(err, ERROR_USAGE, "the sitting would be over already");
    return true;
}

static bool show(const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    const char *zone = answer_text(answer, "time_zone", arena);

    (void)call;
    (void)err; /* main looks at standard output */
    (void)printf("sitting  %s\ntitle    %s\nexam     %s\nopens    %s\ncloses   %s\nzone     %s\n",
        answer_text(answer, "id", arena), answer_text(answer, "title", arena),
        answer_text(answer, "exam_title", arena), answer_time(answer, "opens", zone, arena),
        answer_time(answer, "closes", zone, arena), zone);
    return true;
}

static bool run(const struct call *call, struct error *err)
{
    const char *title = arguments_value(call->arguments, "title");
    struct window window = {.zone = NULL};
    struct json *body;

    if (!read_window(call, &window, err))
        return false;
    if (!field_is_line(title))
        return error_set(err, ERROR_USAGE, "the title is a line of text");
    body = json_new_object();
    json_set(body, "exam", json_text(arguments_value(call->arguments, "exam")));
    json_set(body, "opens", json_time(window.opens_ms));
    json_set(body, "closes", json_time(window.closes_ms));
    json_set(body, "time_zone", json_text(window.zone));
    json_set(body, "title", json_text(title));
    return client_run(call, "POST", "/v1/sittings", body, show, err);
}

const struct command command_sitting_create = {
    .name = "sitting create",
    .operands = "",
    .summary = "Schedule a sitting: an exam and its window for starting",
    .options = (const struct option[]){PROFILE_OPTIONS,
        {.name = "exam",
            .value = "ID",
            .is_required = true,
            .help = "Identifier (the newest version) or package id"},
        {.name = "opens",
            .value = "TIME",
            .is_required = true,
            .help = "2026-11-22 09:00 in the zone, or RFC 3339"},
        {.name = "closes",
            .value = "TIME",
            .is_required = true,
            .help = "Likewise: the last moment to start"},
        {.name = "zone",
            .value = "ZONE",
            .is_required = true,
            .help = "The center's time zone, like Europe/Oslo"},
        {.name = "title", .value = "TEXT", .is_required = true, .help = "What staff call it"}, {0}},
    .has_json = true,
    .run = run,
};
