#include "kiosk/sync/link.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/outfile.h"
#include "kiosk/sync/log.h"

enum { LINK_JSON_MAX_BYTES = 8192, WRITE_EVERY_MS = 10000 };

struct link {
    pthread_mutex_t mutex;
    const struct clock *clock;
    char path[FILE_PATH_SIZE];
    int64_t reached_ms; /* wall; 0: never */
    int64_t written_ms; /* awake, of the last write */
    bool is_written;
    char errors[LINK_LANES][sizeof((struct error *)NULL)->text];
};

struct link *link_new(const struct seat_folder *folder, const struct clock *clock, struct error *err)
{
    struct link *link = calloc(1, sizeof *link);

    if (link == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    if (!seat_folder_path(folder, link->path, FOLDER_IN, "link.json", err) ||
        pthread_mutex_init(&link->mutex, NULL) != 0) {
        free(link);
        return NULL;
    }
    link->clock = clock;
    return link;
}

static const char *shown_error(const struct link *link)
{
    for (size_t i = 0; i < LINK_LANES; i++)
        if (link->errors[i][0] != '\0')
            return link->errors[i];
    return "";
}

static bool save(const struct link *link, struct error *err)
{
    struct json *json = json_new_object();
    struct buffer text = {.max = LINK_JSON_MAX_BYTES};
    bool ok;

    json_set(json, "error", json_text(shown_error(link)));
    json_set(json, "reached", json_time(link->reached_ms));
    ok = json_write(json, &text, err) && outfile_save(link->path, 0644, buffer_bytes(&text), err);
    buffer_release(&text);
    json_free(json);
    return ok;
}

void link_report(struct link *link, enum link_lane lane, bool was_reached, const char *error)
{
    const int64_t now = clock_awake_ms(link->clock);
    struct error err = {0};
    bool is_news;

    (void)pthread_mutex_lock(&link->mutex);
    is_news = strcmp(link->errors[lane], error) != 0 || (was_reached && link->reached_ms == 0);
    (void)snprintf(link->errors[lane], sizeof link->errors[lane], "%s", error);
    if (was_reached)
        link->reached_ms = clock_wall_ms(link->clock);
    if (is_news || !link->is_written || now - link->written_ms >= WRITE_EVERY_MS) {
        link->is_written = save(link, &err);
        link->written_ms = now;
        if (!link->is_written)
            log_line("%s", err.text); /* full disk, most likely: tried again with the next round */
    }
    (void)pthread_mutex_unlock(&link->mutex);
}

void link_free(struct link *link)
{
    if (link == NULL)
        return;
    (void)pthread_mutex_destroy(&link->mutex);
    free(link);
}
