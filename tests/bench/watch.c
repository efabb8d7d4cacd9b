/* bench-watch: measures a program from outside: what it shows and how soon, by pixels and false mouse events.
 *
 *     bench-watch X Y WIDTH HEIGHT [PROGRAM ARGUMENT…]
 *
 * Starts the program (in a process group of its own, its output to standard error), prints "pid N", and when
 * the area X Y WIDTH HEIGHT has been quiet for a second with text in it, "text MS": from before the fork to
 * the first picture that shows the text (sight.h). Without a program it looks at what is there. Then one
 * command a line from standard input, one answer each:
 *
 *     probe X Y       clicks there; "probe N": how many pixels of the row changed in the end
 *     click X Y       clicks there; "click MS" until the first pixel of the row differs, or "click none"
 *     ticks SECONDS   "ticks N": how many times the screen was drawn on; within 5 ms counts once
 *
 * A row is as wide as the area and ROW_HEIGHT high, around Y. At the end of the input the program's group is
 * ended. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/encoding.h"
#include "tests/bench/sight.h"

enum {
    ROW_HEIGHT = 24,
    EMPTY_MS = 300,
    QUIET_MS = 1000,
    START_LIMIT_MS = 30000,
    CLICK_LIMIT_MS = 3000,
    END_LIMIT_MS = 5000
};

struct watch {
    struct screen *screen;
    struct area area;
    uint32_t *before, *after; /* pictures of a row */
    pid_t program;            /* 0: none */
};

static double ms_since(int64_t begin_us)
{
    return (double)(screen_now_us() - begin_us) / 1000;
}

/* --- the program
 * -------------------------------------------------------------------------------------------------- */

static pid_t start_program(char **arguments, struct error *err)
{
    const pid_t pid = fork();
    if (pid < 0)
        error_set_errno(err, "fork");
    if (pid != 0)
        return pid;
    (void)setpgid(0, 0); /* can't fail in a fresh child */
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    execvp(arguments[0], arguments);
    perror(arguments[0]);
    _exit(127);
}

/* Politely, then not. Chromium's children are gone when their group is. */
static void end_program(pid_t program)
{
    const int64_t begin_us = screen_now_us();
    if (program <= 0)
        return;
    (void)kill(-program, SIGTERM);
    while (ms_since(begin_us) < END_LIMIT_MS && kill(-program, 0) == 0) {
        (void)waitpid(program, NULL, WNOHANG);
        (void)usleep(5000);
    }
    (void)kill(-program, SIGKILL);
    (void)waitpid(program, NULL, 0); /* ECHILD: it was waited for above */
}

/* Pictures as long as something is drawn; over when it is quiet with text in sight. */
static bool film_start(struct watch *watch, struct sight *sight, int64_t begin_us, struct error *err)
{
    while (ms_since(begin_us) < START_LIMIT_MS) {
        if (screen_wait(watch->screen, watch->area, QUIET_MS)) {
            if (!sight_take(sight, watch->screen, err))
                return false;
        } else if (sight_has_text(sight)) {
            return true;
        }
    }
    return error_set(err, ERROR_BUSY, "no text was seen within %d s in %zu pictures", START_LIMIT_MS / 1000,
        sight_count(sight));
}

/* What ran before is gone when its windows are: the X server hears of its end a little later than we do. */
static bool wait_for_nothing(struct watch *watch, struct sight *sight, struct error *err)
{
    return (screen_wait_quiet(watch->screen, watch->area, EMPTY_MS, END_LIMIT_MS) &&
               sight_take(sight, watch->screen, err) && !sight_has_text(sight)) ||
           error_set(err, ERROR_BUSY, "there is something on the screen already");
}

static bool measure_start(struct watch *watch, char **arguments, struct error *err)
{
    struct sight *sight = sight_new(watch->area, err);
    bool ok = sight != NULL && wait_for_nothing(watch, sight, err);
    if (ok) {
        const int64_t begin_us = screen_now_us();
        watch->program = start_program(arguments, err);
        ok = watch->program > 0 && film_start(watch, sight, begin_us, err);
        if (ok)
            (void)printf(
                "pid %d\ntext %.2f\n", (int)watch->program, (double)(sight_text_us(sight) - begin_us) / 1000);
    }
    sight_free(sight);
    return ok;
}

/* --- commands
 * ----------------------------------------------------------------------------------------------------- */

static bool row_around(const struct watch *watch, int y, struct area *row)
{
    *row = (struct area){watch->area.x, y - ROW_HEIGHT / 2, watch->area.width, ROW_HEIGHT};
    return row->y >= 0 && row->y + ROW_HEIGHT <= screen_area(watch->screen).height;
}

static size_t count_changes(const struct watch *watch, struct area row)
{
    const size_t count = (size_t)row.width * (size_t)row.height;
    size_t changed = 0;
    for (size_t i = 0; i < count; i++)
        changed += (watch->before[i] & 0xffffff) != (watch->after[i] & 0xffffff);
    return changed;
}

/* The pointer is there before it counts: a row that lights up under it is not the answer to a click. */
static void get_ready(struct watch *watch, int x, int y, struct area row)
{
    screen_point(watch->screen, x, y);
    (void)screen_wait_quiet(
        watch->screen, row, 100, CLICK_LIMIT_MS); /* if it never is: a shorter, wrong time */
    screen_look(watch->screen, row, watch->before);
}

static void probe(struct watch *watch, int x, int y, struct area row)
{
    get_ready(watch, x, y, row);
    screen_click(watch->screen);
    (void)screen_wait_quiet(watch->screen, row, 150, CLICK_LIMIT_MS);
    screen_look(watch->screen, row, watch->after);
    (void)printf("probe %zu\n", count_changes(watch, row));
}

static void click(struct watch *watch, int x, int y, struct area row)
{
    get_ready(watch, x, y, row);
    const int64_t begin_us = screen_now_us();
    screen_click(watch->screen);
    while (ms_since(begin_us) < CLICK_LIMIT_MS) {
        (void)screen_wait(watch->screen, row, 20); /* drawn or not: the pixels decide */
        screen_look(watch->screen, row, watch->after);
        if (count_changes(watch, row) > 0) {
            (void)printf("click %.3f\n", ms_since(begin_us));
            return;
        }
    }
    (void)printf("click none\n");
}

static void count_ticks(struct watch *watch, int64_t seconds)
{
    const int64_t end_us = screen_now_us() + seconds * 1000000;
    unsigned count = 0;
    while (screen_now_us() < end_us)
        if (screen_wait(
                watch->screen, screen_area(watch->screen), (int)((end_us - screen_now_us()) / 1000 + 1))) {
            count++;
            (void)screen_wait_quiet(watch->screen, screen_area(watch->screen), 5, CLICK_LIMIT_MS);
        }
    (void)printf("ticks %u\n", count);
}

static bool obey(struct watch *watch, char *line, struct error *err)
{
    char *rest = NULL;
    const char *word = strtok_r(line, " \n", &rest), *first = strtok_r(NULL, " \n", &rest),
               *second = strtok_r(NULL, " \n", &rest);
    int64_t x = 0, y = 0;
    struct area row;
    if (word != NULL && strcmp(word, "ticks") == 0 && first != NULL && number_parse(first, 1, 3600, &x))
        count_ticks(watch, x);
    else if (word == NULL || first == NULL || second == NULL || !number_parse(first, 0, 100000, &x) ||
             !number_parse(second, 0, 100000, &y) || !row_around(watch, (int)y, &row))
        return error_set(err, ERROR_USAGE, "not a command, or a row outside the area");
    else if (strcmp(word, "probe") == 0)
        probe(watch, (int)x, (int)y, row);
    else if (strcmp(word, "click") == 0)
        click(watch, (int)x, (int)y, row);
    else
        return error_set(err, ERROR_USAGE, "no command %s", word);
    return true;
}

static bool obey_all(struct watch *watch, struct error *err)
{
    char line[100];
    while (fflush(stdout) == 0 && fgets(line, sizeof line, stdin) != NULL)
        if (!obey(watch, line, err))
            return false;
    return true;
}

/* --- main
 * ---------------------------------------------------------------------------------------------------------
 */

static bool parse_area(char **words, struct screen *screen, struct area *area)
{
    const struct area all = screen_area(screen);
    int64_t x, y, width, height;
    if (!number_parse(words[0], 0, all.width, &x) || !number_parse(words[1], 0, all.height, &y) ||
        !number_parse(words[2], 1, all.width - x, &width) ||
        !number_parse(words[3], 1, all.height - y, &height))
        return false;
    *area = (struct area){(int)x, (int)y, (int)width, (int)height};
    return true;
}

static bool make_rows(struct watch *watch, struct error *err)
{
    watch->before = calloc((size_t)watch->area.width * ROW_HEIGHT, sizeof *watch->before);
    watch->after = calloc((size_t)watch->area.width * ROW_HEIGHT, sizeof *watch->after);
    return (watch->before != NULL && watch->after != NULL) || error_set(err, ERROR_NOMEM, "out of memory");
}

int main(int argc, char **argv)
{
    struct watch watch = {.screen = NULL};
    struct error err = {ERROR_NONE, ""};
    bool ok = (argc >= 5 || error_set(&err, ERROR_USAGE, "usage: bench-watch X Y WIDTH HEIGHT [PROGRAM…]")) &&
              (watch.screen = screen_open(&err)) != NULL &&
              (parse_area(argv + 1, watch.screen, &watch.area) ||
                  error_set(&err, ERROR_USAGE, "the area is not on the screen")) &&
              make_rows(&watch, &err) && (argc == 5 || measure_start(&watch, argv + 5, &err)) &&
              obey_all(&watch, &err);
    end_program(watch.program);
    screen_close(watch.screen);
    free(watch.before);
    free(watch.after);
    if (!ok)
        (void)fprintf(stderr, "bench-watch: %s\n", err.text);
    return ok ? 0 : error_exit_code(err.code);
}
