/* loop.h: the one thread that owns every connection. libevent enters the server through server/http/.
 *
 * Other threads talk to it with loop_post only. A handler may remove what it is called for: memory is freed
 * after dispatch (loop_later). */
#ifndef CARREL_SERVER_HTTP_LOOP_H
#define CARREL_SERVER_HTTP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct loop;
struct event_base;

typedef void loop_call(void *context);

struct loop *loop_new(struct error *err);
/* Runs until loop_stop. False if the loop itself broke. */
bool loop_run(struct loop *loop, struct error *err);
void loop_stop(struct loop *loop);
void loop_free(struct loop *loop); /* NULL is fine; what was posted and not delivered is dropped */

/* SIGTERM and SIGINT arrive as this call. */
bool loop_on_end(struct loop *loop, loop_call *call, void *context, struct error *err);
/* Calls again and again, every so many ms. */
bool loop_every(struct loop *loop, int64_t interval_ms, loop_call *call, void *context, struct error *err);
/* Once, after the present dispatch. On no memory it is called at once. */
void loop_later(struct loop *loop, loop_call *call, void *context);

/* A message from another thread: embedded in what it is about, delivered on the loop's thread in order. */
struct loop_message {
    loop_call *deliver;
    void *context;
    struct loop_message *next;
};
void loop_post(struct loop *loop, struct loop_message *message); /* any thread */

/* Does what is due without waiting: what was put off until after dispatch, once the loop has stopped. */
void loop_settle(struct loop *loop);

struct event_base *loop_base(struct loop *loop); /* for server/http/ only */

#endif
