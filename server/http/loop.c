#include "server/http/loop.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define TIMERS_MAX 8

struct call {
    loop_call *call;
    void *context;
};

struct loop {
    struct event_base *base;
    struct event *mail, *terminated, *interrupted;
    struct event *timers[TIMERS_MAX];
    struct call timer_calls[TIMERS_MAX];
    size_t timer_count;
    struct call end;
    int mail_fd;
    pthread_mutex_t lock; /* the two below */
    struct loop_message *first, **last;
};

static void run_call(evutil_socket_t fd, short what, void *context)
{
    struct call *call = context;
    (void)fd;
    (void)what;
    call->call(call->context);
}

static struct loop_message *take_messages(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    struct loop_message *messages = loop->first;
    loop->first = NULL;
    loop->last = &loop->first;
    pthread_mutex_unlock(&loop->lock);
    return messages;
}

static void deliver_messages(evutil_socket_t fd, short what, void *context)
{
    struct loop *loop = context;
    uint64_t count;
    (void)what;
    (void)!read((int)fd, &count, sizeof count); /* only wakes: the list is what counts */
    struct loop_message *message = take_messages(loop);
    while (message != NULL) {
        struct loop_message *next = message->next; /* delivering may free it */
        message->deliver(message->context);
        message = next;
    }
}

void loop_post(struct loop *loop, struct loop_message *message)
{
    static const uint64_t one = 1;
    message->next = NULL;
    pthread_mutex_lock(&loop->lock);
    *loop->last = message;
    loop->last = &message->next;
    pthread_mutex_unlock(&loop->lock);
    (void)!write(loop->mail_fd, &one, sizeof one); /* fails only when a wake-up is pending anyway */
}

static bool add_mail(struct loop *loop)
{
    loop->mail_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->mail_fd < 0)
        return false;
    loop->mail = event_new(loop->base, loop->mail_fd, EV_READ | EV_PERSIST, deliver_messages, loop);
    return loop->mail != NULL && event_add(loop->mail, NULL) == 0;
}

struct loop *loop_new(struct error *err)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    loop->mail_fd = -1;
    loop->last = &loop->first;
    pthread_mutex_init(&loop->lock, NULL);
    loop->base = event_base_new();
    if (loop->base == NULL || !add_mail(loop)) {
        error_set(err, ERROR_IO, "the event loop can't be made");
        loop_free(loop);
        return NULL;
    }
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    for (size_t i = 0; i < loop->timer_count; i++)
        event_free(loop->timers[i]);
    struct event *events[] = {loop->mail, loop->terminated, loop->interrupted};
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        if (events[i] != NULL)
            event_free(events[i]);
    if (loop->base != NULL)
        event_base_free(loop->base);
    if (loop->mail_fd >= 0)
        close(loop->mail_fd);
    pthread_mutex_destroy(&loop->lock);
    free(loop);
}

bool loop_run(struct loop *loop, struct error *err)
{
    return event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) == 0 ||
           error_set(err, ERROR_IO, "the event loop broke");
}

void loop_stop(struct loop *loop)
{
    event_base_loopbreak(loop->base);
}

void loop_settle(struct loop *loop)
{
    (void)event_base_loop(loop->base, EVLOOP_NONBLOCK); /* nothing can be done about a failure at the end */
}

static void run_end(evutil_socket_t fd, short what, void *context)
{
    struct loop *loop = context;
    (void)fd;
    (void)what;
    loop->end.call(loop->end.context);
}

static struct event *add_signal(struct loop *loop, int number)
{
    struct event *event = evsignal_new(loop->base, number, run_end, loop);
    if (event != NULL && event_add(event, NULL) != 0) {
        event_free(event);
        event = NULL;
    }
    return event;
}

bool loop_on_end(struct loop *loop, loop_call *call, void *context, struct error *err)
{
    loop->end = (struct call){call, context};
    loop->terminated = add_signal(loop, SIGTERM);
    loop->interrupted = add_signal(loop, SIGINT);
    return (loop->terminated != NULL && loop->interrupted != NULL) ||
           error_set(err, ERROR_IO, "signals can't be taken");
}

bool loop_every(struct loop *loop, int64_t interval_ms, loop_call *call, void *context, struct error *err)
{
    struct timeval interval = {interval_ms / 1000, interval_ms % 1000 * 1000};
    if (loop->timer_count == TIMERS_MAX)
        return error_set(err, ERROR_LIMIT, "too many timers");
    struct call *slot = &loop->timer_calls[loop->timer_count];
    *slot = (struct call){call, context};
    struct event *event = event_new(loop->base, -1, EV_PERSIST, run_call, slot);
    if (event == NULL || event_add(event, &interval) != 0) {
        if (event != NULL)
            event_free(event);
        return error_set(err, ERROR_NOMEM, "out of memory");
    }
    loop->timers[loop->timer_count++] = event;
    return true;
}

static void run_later(evutil_socket_t fd, short what, void *context)
{
    struct call call = *(struct call *)context;
    (void)fd;
    (void)what;
    free(context);
    call.call(call.context);
}

void loop_later(struct loop *loop, loop_call *call, void *context)
{
    static const struct timeval now = {0, 0};
    struct call *later = malloc(sizeof *later);
    if (later != NULL) {
        *later = (struct call){call, context};
        if (event_base_once(loop->base, -1, EV_TIMEOUT, run_later, later, &now) == 0)
            return;
        free(later);
    }
    call(context);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}
