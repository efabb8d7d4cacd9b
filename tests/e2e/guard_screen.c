/* guard_screen: a screen process for tests of the guard, with SDL as the real one has it. A test puts it as
 * libexec/carrel/carrel-screen beside a copy of the guard, and drives it: it reads orders, one a line, from
 * the FIFO "orders" and writes what happens to it to "events", both in the folder three levels above its own
 * program.
 *
 * By itself it says hello, opens its window, says ready, and then says alive and draws 10 times a second. */
#include <SDL.h>
#include <SDL_syswm.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/guard/message.h"

#define SESSION "0123456789abcdef0123456789abcdef"

struct fake {
    SDL_Window *window;
    FILE *events;
    int orders;
    bool is_quiet, is_saving;
    int64_t exam_ms, boot_ms;
    bool is_running;
    char line[512];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void note(struct fake *fake, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vfprintf(fake->events, format, args);
    va_end(args);
    (void)fputc('\n', fake->events);
    (void)fflush(fake->events);
}

static void tell(struct message message)
{
    if (message.kind != MESSAGE_MEMORY)
        message.fd = -1;
    (void)message_send(MESSAGE_SOCKET, &message);
}

static int64_t now_ms(void)
{
    return clock_boot_ms(clock_default());
}

static void draw(struct fake *fake)
{
    SDL_Surface *surface = SDL_GetWindowSurface(fake->window);

    if (surface == NULL)
        return;
    SDL_FillRect(surface, NULL, SDL_MapRGB(surface->format, 0x20, 0xa0, 0x40));
    SDL_UpdateWindowSurface(fake->window);
}

static void send_memory(enum message_memory_kind kind, const char *content, bool is_sealed)
{
    struct message message = {.kind = MESSAGE_MEMORY, .memory = {.kind = kind, .session = SESSION}};

    message.fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    (void)!write(message.fd, content, strlen(content));
    if (is_sealed)
        (void)fcntl(message.fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    tell(message);
    (void)close(message.fd);
}

static void flood(void)
{
    struct pollfd out = {.fd = MESSAGE_SOCKET, .events = POLLOUT};

    for (int i = 0; i < 100000; i++) {
        if (!message_send_plain(MESSAGE_SOCKET, MESSAGE_ALIVE))
            (void)poll(&out, 1, 100);
    }
}

static void send_bytes(size_t len)
{
    static char bytes[65536];

    bytes[0] = MESSAGE_ALIVE;
    (void)send(MESSAGE_SOCKET, bytes, len, MSG_NOSIGNAL);
}

static void set_clock(struct fake *fake, int64_t exam_ms, bool is_running)
{
    fake->exam_ms = exam_ms;
    fake->boot_ms = now_ms();
    fake->is_running = is_running;
    tell((struct message){.kind = MESSAGE_CLOCK,
        .clock = {
            .exam_ms = exam_ms, .boot_ms = fake->boot_ms, .is_running = is_running ? 1 : 0, .is_set = 1}});
}

static void obey(struct fake *fake, const char *order, const char *rest)
{
    const long number = strtol(rest, NULL, 10);

    if (strcmp(order, "quiet") == 0)
        fake->is_quiet = true;
    else if (strcmp(order, "saving") == 0)
        fake->is_saving = number != 0;
    else if (strcmp(order, "run") == 0)
        set_clock(fake, number, true);
    else if (strcmp(order, "stand") == 0)
        set_clock(fake, number, false);
    else if (strcmp(order, "keys") == 0)
        send_memory(MESSAGE_MEMORY_KEYS, rest, true);
    else if (strcmp(order, "package") == 0)
        send_memory(MESSAGE_MEMORY_PACKAGE, rest, true);
    else if (strcmp(order, "unsealed") == 0)
        send_memory(MESSAGE_MEMORY_KEYS, rest, false);
    else if (strcmp(order, "forget") == 0)
        tell((struct message){.kind = MESSAGE_FORGET});
    else if (strcmp(order, "try") == 0)
        tell((struct message){.kind = MESSAGE_TRY_CODE});
    else if (strcmp(order, "result") == 0)
        tell((struct message){.kind = MESSAGE_RESULT, .code_result = {.is_right = number != 0}});
    else if (strcmp(order, "ready") == 0)
        tell((struct message){.kind = MESSAGE_READY});
    else if (strcmp(order, "future") == 0)
        tell((struct message){.kind = MESSAGE_SAVED, .saved = {0, now_ms() + 60000}});
    else if (strcmp(order, "flood") == 0)
        flood();
    else if (strcmp(order, "bytes") == 0)
        send_bytes((size_t)number);
    else if (strcmp(order, "raise") == 0)
        SDL_RaiseWindow(fake->window);
    else if (strcmp(order, "destroy") == 0)
        SDL_DestroyWindow(fake->window);
    else if (strcmp(order, "exit") == 0)
        _exit((int)number);
    else if (strcmp(order, "unlock") == 0) {
        struct message message = {.kind = MESSAGE_UNLOCK};
        (void)snprintf(message.unlock.code, sizeof message.unlock.code, "%s", rest);
        tell(message);
    }
    note(fake, "obeyed %s", order);
}

static void read_orders(struct fake *fake)
{
    char byte;

    while (read(fake->orders, &byte, 1) == 1) {
        if (byte != '\n' && fake->len + 1 < sizeof fake->line) {
            fake->line[fake->len++] = byte;
            continue;
        }
        fake->line[fake->len] = '\0';
        fake->len = 0;
        char *rest = strchr(fake->line, ' ');
        if (rest != NULL)
            *rest++ = '\0';
        obey(fake, fake->line, rest == NULL ? "" : rest);
    }
}

static void note_memory(struct fake *fake, const struct message *message)
{
    char content[200] = "";

    (void)!pread(message->fd, content, sizeof content - 1, 0);
    (void)close(message->fd);
    note(fake, "memory %u %s %s", message->memory.kind, message->memory.session, content);
}

static void hear(struct fake *fake)
{
    struct message message;

    while (true) {
        switch (message_receive(MESSAGE_SOCKET, MESSAGE_FROM_GUARD, &message)) {
        case MESSAGE_NONE: return;
        case MESSAGE_CLOSED:
        case MESSAGE_BAD: _exit(1);
        case MESSAGE_GOT: break;
        }
        if (message.kind == MESSAGE_STOP) {
            note(fake, "stop");
            _exit(0);
        }
        if (message.kind == MESSAGE_UNCOVERED)
            note(fake, "uncovered");
        else if (message.kind == MESSAGE_COVERED)
            note(fake, "covered %u", message.covered.reason);
        else if (message.kind == MESSAGE_ANSWER)
            note(fake, "answer %u %" PRId64, message.answer.verdict, message.answer.wait_ms);
        else if (message.kind == MESSAGE_MEMORY)
            note_memory(fake, &message);
    }
}

static void wait_for_welcome(struct fake *fake, struct message_welcome *welcome)
{
    struct pollfd in = {.fd = MESSAGE_SOCKET, .events = POLLIN};
    struct message message;

    tell((struct message){.kind = MESSAGE_HELLO, .hello = {MESSAGE_VERSION}});
    if (poll(&in, 1, 5000) != 1 ||
        message_receive(MESSAGE_SOCKET, MESSAGE_FROM_GUARD, &message) != MESSAGE_GOT ||
        message.kind != MESSAGE_WELCOME)
        _exit(1);
    *welcome = message.welcome;
    note(fake,
        "welcome lock %u practice %u size %ux%u restarts %u memories %u set %u running %u exam %" PRId64
        " boot %" PRId64 " pid %d",
        welcome->lock, welcome->is_practice, welcome->width, welcome->height, welcome->restarts,
        welcome->memories, welcome->clock.is_set, welcome->clock.is_running, welcome->clock.exam_ms,
        welcome->clock.boot_ms, getpid());
}

static void open_window(struct fake *fake, const struct message_welcome *welcome)
{
    const int width = welcome->width == 0 ? 800 : (int)welcome->width;
    const int height = welcome->height == 0 ? 600 : (int)welcome->height;
    SDL_SysWMinfo info;

    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        _exit(2);
    fake->window = SDL_CreateWindow("fake", 0, 0, width, height, SDL_WINDOW_BORDERLESS);
    SDL_VERSION(&info.version);
    if (fake->window == NULL || !SDL_GetWindowWMInfo(fake->window, &info))
        _exit(2);
    SDL_StartTextInput();
    draw(fake);
    if (info.subsystem == SDL_SYSWM_X11)
        tell((struct message){.kind = MESSAGE_WINDOW, .window = {info.info.x11.window}});
    tell((struct message){.kind = MESSAGE_READY});
}

static void note_event(struct fake *fake, const SDL_Event *event)
{
    if (event->type == SDL_KEYDOWN)
        note(fake, "down %s%s mod %04x", SDL_GetKeyName(event->key.keysym.sym),
            event->key.repeat ? " repeat" : "", (unsigned)event->key.keysym.mod);
    else if (event->type == SDL_KEYUP)
        note(fake, "up %s", SDL_GetKeyName(event->key.keysym.sym));
    else if (event->type == SDL_TEXTINPUT)
        note(fake, "text %s", event->text.text);
    else if (event->type == SDL_MOUSEBUTTONDOWN || event->type == SDL_MOUSEBUTTONUP)
        note(fake, "button %d %s at %d %d", event->button.button,
            event->type == SDL_MOUSEBUTTONDOWN ? "down" : "up", event->button.x, event->button.y);
    else if (event->type == SDL_MOUSEMOTION)
        note(fake, "motion %d %d", event->motion.x, event->motion.y);
    else if (event->type == SDL_MOUSEWHEEL)
        note(fake, "wheel %d %d", event->wheel.x, event->wheel.y);
    else if (event->type == SDL_WINDOWEVENT && event->window.event == SDL_WINDOWEVENT_SIZE_CHANGED)
        note(fake, "size %d %d", event->window.data1, event->window.data2);
    else if (event->type == SDL_QUIT)
        note(fake, "quit asked for");
}

static void one_turn(struct fake *fake)
{
    SDL_Event event;

    while (SDL_WaitEventTimeout(&event, 20))
        note_event(fake, &event);
    hear(fake);
    read_orders(fake);
    if (fake->is_quiet)
        return;
    tell((struct message){.kind = MESSAGE_ALIVE});
    if (fake->is_saving)
        tell((struct message){.kind = MESSAGE_SAVED, .saved = {fake->exam_ms, now_ms()}});
    if (fake->window != NULL && SDL_GetWindowID(fake->window) != 0)
        draw(fake);
}

static FILE *open_folder(struct fake *fake)
{
    char path[1000];
    const ssize_t len = readlink("/proc/self/exe", path, sizeof path - 40);

    path[len < 0 ? 0 : len] = '\0';
    for (int i = 0; i < 3 && strrchr(path, '/') != NULL; i++) /* libexec/carrel/carrel-screen */
        *strrchr(path, '/') = '\0';
    const size_t end = strlen(path);
    (void)snprintf(path + end, sizeof path - end, "/orders");
    fake->orders = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    (void)snprintf(path + end, sizeof path - end, "/events");
    return fopen(path, "ae");
}

int main(int argc, char *argv[])
{
    struct fake fake = {0};
    struct message_welcome welcome;

    fake.events = open_folder(&fake);
    if (fake.events == NULL || fake.orders < 0)
        return 3;
    for (int i = 1; i < argc; i++)
        note(&fake, "argument %s", argv[i]);
    if (getenv("FAKE") != NULL || getenv("LD_PRELOAD") != NULL)
        note(&fake, "environment leaked");
    wait_for_welcome(&fake, &welcome);
    fake.exam_ms = welcome.clock.exam_ms;
    fake.is_running = welcome.clock.is_running == 1;
    fake.is_saving = fake.is_running;
    open_window(&fake, &welcome);
    while (true)
        one_turn(&fake);
}
