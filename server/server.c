/* Putting the parts together, in the order in which they need each other; taking them apart in the reverse.
 */
#include "server/server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/certificates.h"
#include "server/log.h"
#include "server/reseal.h"
#include "server/service.h"

#define STORE_NAME "store.db"
#define HOUR_MS (3600LL * 1000)
#define LAST_WORDS_MS (30LL * 1000) /* for what is being answered at the end */
#define PUBLIC_CONNECTIONS 512u
#define PUBLIC_CONNECTIONS_PER_ADDRESS 64u
#define LOCAL_CONNECTIONS 16u
#define OTHER_FILES 256u /* besides connections: the store's, packages being sent */

const char *door_name(enum door door)
{
    static const char *const names[DOORS] = {"seats", "public", "metrics"};
    return names[door];
}

/* --- folders ---------------------------------------------------------------------------------- */

/* Two servers over one store would each think they were its only writer. */
static bool lock_data(struct server *server, struct error *err)
{
    char path[FILE_PATH_SIZE];
    if (!path_join(path, server->options->data, "lock", err))
        return false;
    server->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (server->lock < 0)
        return error_set_errno(err, "%s", path);
    return flock(server->lock, LOCK_EX | LOCK_NB) == 0 ||
           error_set(err, ERROR_BUSY, "%s: another server works on this folder", server->options->data);
}

static bool make_folders(struct server *server, struct error *err)
{
    const char *data = server->options->data;
    umask(077);
    return folder_make(data, 0700, err) && lock_data(server, err) &&
           path_join(server->packages, data, "packages", err) && folder_make(server->packages, 0700, err) &&
           path_join(server->uploads, data, "uploads", err) && folder_make(server->uploads, 0700, err) &&
           path_join(server->store, data, STORE_NAME, err);
}

/* --- store and threads ------------------------------------------------------------------------ */

static struct store *open_store(void *context, bool is_reader, struct error *err)
{
    const struct server *server = context;
    return sqlite_store_open(server->store, is_reader, err);
}

/* What must be in the store before anybody comes in. */
static bool prepare_store(struct server *server, struct error *err)
{
    struct store *store = open_store(server, false, err);
    if (store == NULL)
        return false;
    bool ok = store->begin(store, err) && certificates_prepare(server, store, err) &&
              store->commit(store, err) == STORE_COMMITTED;
    store->rollback(store);
    store->close(store);
    return ok;
}

static bool start_threads(struct server *server, struct error *err)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t threads = server->options->threads != 0 ? server->options->threads
                      : processors > 0              ? processors
                                                    : 1;
    const struct workers_settings settings = {
        .loop = server->loop,
        .open_store = open_store,
        .context = server,
        .fast_threads = threads > 60 ? 60 : (unsigned)threads,
    };
    server->workers = workers_new(&settings, err);
    return server->workers != NULL;
}

/* --- doors ------------------------------------------------------------------------------------ */

static bool admit(
    void *context, const struct bytes *chain, size_t count, struct peer *peer, struct error *err)
{
    struct server *server = context;
    return trust_keeper_admit(server->trust, chain, count, clock_wall_ms(server->clock), peer, err);
}

static bool open_door(
    struct server *server, enum door door, const char *address, int64_t port, struct error *err)
{
    const struct options *options = server->options;
    server->services[door] = service_new(server, door, err);
    if (server->services[door] == NULL)
        return false;
    const struct listener_settings settings = {
        .address = address,
        .port = (unsigned)port,
        .tls = server->tls[door],
        .places = server->places[door],
        .service = service_http(server->services[door]),
        .clock = server->clock,
        .total_ms = options->connection_time_s * 1000,
        .idle_ms = options->idle_time_s * 1000,
    };
    server->listeners[door] = listener_new(server->loop, &settings, err);
    if (server->listeners[door] == NULL)
        return false;
    server->ports[door] = listener_port(server->listeners[door]);
    server->doors_open++;
    return true;
}

/* A connection is a file: more of them than the system gives would make the listener spin. */
static bool raise_file_limit(const struct options *options, struct error *err)
{
    struct rlimit limit;
    rlim_t needed = (rlim_t)options->connections + PUBLIC_CONNECTIONS + LOCAL_CONNECTIONS + OTHER_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return error_set_errno(err, "the limit of open files");
    if (limit.rlim_max < needed)
        return error_set(err, ERROR_LIMIT,
            "%lld connections need %llu open files, %llu are allowed (ulimit -n)",
            (long long)options->connections, (unsigned long long)needed, (unsigned long long)limit.rlim_max);
    if (limit.rlim_cur < needed)
        limit.rlim_cur = needed;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 || error_set_errno(err, "the limit of open files");
}

static bool make_places(struct server *server, struct error *err)
{
    const struct options *options = server->options;
    struct places **places = server->places;
    return (places[DOOR_SEATS] = places_new(
                (unsigned)options->connections, (unsigned)options->connections_per_center, err)) != NULL &&
           (places[DOOR_PUBLIC] = places_new(PUBLIC_CONNECTIONS, PUBLIC_CONNECTIONS_PER_ADDRESS, err)) !=
               NULL &&
           (places[DOOR_LOCAL] = places_new(LOCAL_CONNECTIONS, LOCAL_CONNECTIONS, err)) != NULL;
}

static bool open_doors(struct server *server, struct error *err)
{
    const struct options *options = server->options;
    const struct board *board = server->board;
    return raise_file_limit(options, err) && make_places(server, err) &&
           (server->tls[DOOR_SEATS] = tls_new(board->tls_key, board->tls_chain, admit, server, err)) !=
               NULL &&
           (server->tls[DOOR_PUBLIC] = tls_new(board->tls_key, board->tls_chain, NULL, NULL, err)) != NULL &&
           open_door(server, DOOR_SEATS, options->listen, options->seats_port, err) &&
           open_door(server, DOOR_PUBLIC, options->listen, options->public_port, err) &&
           open_door(server, DOOR_LOCAL, "127.0.0.1", options->metrics_port, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

struct server *server_new(const struct options *options, const struct clock *clock, struct error *err)
{
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    server->options = options;
    server->clock = clock;
    server->lock = -1;
    bool ok =
        make_folders(server, err) &&
        (server->board = board_load(options->board, clock_wall_ms(clock), err)) != NULL &&
        (server->trust = trust_keeper_new(server->board, err)) != NULL &&
        (server->board->scoring == NULL || (server->keys = scoring_keys_new(server->board, err)) != NULL) &&
        (server->reseals = reseals_new(server->board, err)) != NULL && prepare_store(server, err) &&
        (server->loop = loop_new(err)) != NULL && start_threads(server, err) && open_doors(server, err);
    if (!ok) {
        server_free(server);
        return NULL;
    }
    return server;
}

void server_free(struct server *server)
{
    if (server == NULL)
        return;
    server->is_stopping = true;
    workers_free(server->workers);
    if (server->loop != NULL)
        loop_settle(server->loop); /* what the workers finished last */
    for (int door = 0; door < DOORS; door++)
        listener_free(server->listeners[door]);
    for (int door = 0; door < DOORS; door++) {
        service_free(server->services[door]);
        tls_free(server->tls[door]);
        places_free(server->places[door]);
    }
    loop_free(server->loop);
    reseals_free(server->reseals);
    scoring_keys_free(server->keys);
    trust_keeper_free(server->trust);
    board_free(server->board);
    if (server->lock >= 0)
        close(server->lock);
    free(server);
}

/* --- running ---------------------------------------------------------------------------------- */

static void every_hour(void *context)
{
    struct server *server = context;
    certificates_tidy(server);
    reseal_start_all(server);
}

static void door_closed(void *context)
{
    struct server *server = context;
    if (--server->doors_open == 0)
        loop_stop(server->loop);
}

static void give_up(void *context)
{
    struct server *server = context;
    log_write(server->clock, "some requests were not finished");
    loop_stop(server->loop);
}

/* SIGTERM: nobody new; what is being answered is finished. A second one doesn't wait. */
static void begin_end(void *context)
{
    struct server *server = context;
    if (server->is_stopping) {
        loop_stop(server->loop);
        return;
    }
    server->is_stopping = true;
    log_write(server->clock, "stopping");
    if (!loop_every(server->loop, LAST_WORDS_MS, give_up, server, NULL))
        loop_stop(server->loop);
    for (int door = 0; door < DOORS; door++)
        listener_stop(server->listeners[door], door_closed, server);
}

static bool say_ready(const struct server *server, struct error *err)
{
    struct buffer line = {.max = 1024};
    struct json *json = json_new_object();
    json_set(json, "listen", json_text(server->options->listen));
    for (int door = 0; door < DOORS; door++)
        json_set(json, door_name((enum door)door), json_int(server->ports[door]));
    bool ok =
        json_write(json, &line, err) && ((printf("%s\n", buffer_text(&line)) > 0 && fflush(stdout) == 0) ||
                                            error_set_errno(err, "standard output"));
    json_free(json);
    buffer_release(&line);
    return ok;
}

bool server_run(struct server *server, struct error *err)
{
    signal(SIGPIPE, SIG_IGN); /* a client that went away is told by the write */
    if (!loop_on_end(server->loop, begin_end, server, err) ||
        !loop_every(server->loop, HOUR_MS, every_hour, server, err) || !say_ready(server, err))
        return false;
    reseal_start_all(server);
    return loop_run(server->loop, err);
}
