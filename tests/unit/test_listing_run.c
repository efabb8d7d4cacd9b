#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/clock.h"
#include "provisioning/authoring/listing_run.h"

static bool go_on(void *context, size_t done)
{
    *(size_t *)context = done;
    return true;
}

static bool stop_after_one(void *context, size_t done)
{
    (void)context;
    return done == 0;
}

/* On a stage of their own. */
static bool run_all(struct listing_run *runs, size_t count, unsigned limit_s,
    bool (*tell)(void *context, size_t ended), void *context, struct error *err)
{
    const struct listing_watch watch = {tell, context};
    struct stage stage;
    const bool ok = stage_open(&stage, err) && listing_run_all(&stage, runs, count, limit_s, &watch, err);

    stage_close(&stage);
    return ok;
}

static void release(struct listing_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_release(&runs[i].out);
        buffer_release(&runs[i].errors);
        free(runs[i].program);
    }
}

static void listing_runs_say_how_they_ended(void **state)
{
    static const struct {
        const char *program, *out;
        enum listing_end end;
        int exit_code;
    } cases[] = {
        {"print('a')", "a\n", LISTING_EXITED, 0},
        {"import sys; sys.exit(3)", "", LISTING_EXITED, 3},
        {"print('ä', end='')", "ä", LISTING_EXITED, 0},
        {"", "", LISTING_EXITED, 0},
        {"print('x' * 100000)", NULL, LISTING_TOO_MUCH, -1},
        {"import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "", LISTING_KILLED, -1},
        {"while True: pass", "", LISTING_TOO_LONG, -1},
        {"import time; time.sleep(30)", "", LISTING_TOO_LONG, -1},
        {"open('x', 'w').write('y' * 20000000)", "", LISTING_EXITED, 1},
        {"import resource; print(resource.getrlimit(resource.RLIMIT_CPU))", "(1, 2)\n", LISTING_EXITED, 0},
        {"import sys; print(sys.stdin.read() == '', sys.flags.isolated)", "True 1\n", LISTING_EXITED, 0},
    };
    enum { COUNT = sizeof cases / sizeof cases[0] };
    struct listing_run runs[COUNT] = {{.program = NULL}};
    const int64_t begun_ms = clock_awake_ms(clock_system());
    struct error err = {0};
    size_t done = 0;

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        runs[i].program = strdup(cases[i].program);
    assert_true(run_all(runs, COUNT, 1, go_on, &done, &err));
    assert_int_equal(done, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        if (runs[i].end != cases[i].end)
            fail_msg("%s ends in %d", cases[i].program, runs[i].end);
        if (cases[i].end == LISTING_EXITED)
            assert_int_equal(runs[i].exit_code, cases[i].exit_code);
        if (cases[i].out != NULL)
            assert_string_equal(buffer_text(&runs[i].out), cases[i].out);
    }
    assert_true(clock_awake_ms(clock_system()) - begun_ms < 25000);
    release(runs, COUNT);
}

/* Gone, or dead and not yet collected by whoever inherited it. */
static bool has_ended(pid_t process)
{
    char path[40], state = 'Z';
    FILE *stat;

    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    stat = fopen(path, "r");
    if (stat == NULL)
        return true;
    assert_int_equal(fscanf(stat, "%*d (%*[^)]) %c", &state), 1);
    (void)fclose(stat);
    return state == 'Z' || state == 'X';
}

/* What a listing starts neither holds up its end nor stays behind. */
static void what_a_listing_started_ends_with_it(void **state)
{
    struct listing_run run = {
        .program = strdup("import subprocess; print(subprocess.Popen(['sleep', '30']).pid)")};
    struct error err = {0};
    size_t done;
    pid_t left;

    (void)state;
    assert_true(run_all(&run, 1, 5, go_on, &done, &err));
    assert_int_equal(run.end, LISTING_EXITED);
    left = (pid_t)strtol(buffer_text(&run.out), NULL, 10);
    assert_true(left > 1);
    for (int tries = 0; tries < 200 && !has_ended(left); tries++)
        (void)poll(NULL, 0, 10);
    assert_true(has_ended(left));
    release(&run, 1);
}

static void interrupted_runs_end_at_once(void **state)
{
    struct listing_run runs[3] = {{.program = strdup("print(1)")},
        {.program = strdup("import time; time.sleep(9)")}, {.program = strdup("")}};
    const int64_t begun_ms = clock_awake_ms(clock_system());
    struct error err = {0};

    (void)state;
    assert_false(run_all(runs, 3, LISTING_RUN_S, stop_after_one, NULL, &err));
    assert_int_equal(err.code, ERROR_BUSY);
    assert_true(clock_awake_ms(clock_system()) - begun_ms < 8000);
    release(runs, 3);
}

/* --- beyond bare Python --------------------------------------------------------------------------------- */

/* One listing and all that it should print. */
struct sample {
    const char *program, *out;
    unsigned needs;
};

enum { SAMPLES_MAX = 16 };

static void check_samples(const struct sample *samples, size_t count)
{
    struct listing_run runs[SAMPLES_MAX] = {{.program = NULL}};
    struct error err = {0};
    size_t done = 0;

    assert_true(count <= SAMPLES_MAX);
    for (size_t i = 0; i < count; i++) {
        runs[i].program = strdup(samples[i].program);
        runs[i].needs = samples[i].needs;
    }
    if (!run_all(runs, count, LISTING_RUN_S, go_on, &done, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < count; i++)
        if (runs[i].end != LISTING_EXITED || runs[i].exit_code != 0 ||
            strcmp(buffer_text(&runs[i].out), samples[i].out) != 0)
            fail_msg("end %d, code %d\n--- program\n%s\n--- printed\n%s\n--- errors\n%s", runs[i].end,
                runs[i].exit_code, samples[i].program, buffer_text(&runs[i].out),
                buffer_text(&runs[i].errors));
    release(runs, count);
}

#define CHECK_SAMPLES(samples) check_samples(samples, sizeof(samples) / sizeof(samples)[0])

static void libraries_of_the_ladder_fit_the_limits(void **state)
{
    static const struct sample samples[] = {
        {"import numpy as np\nprint(np.linalg.solve(np.eye(200) * 2, np.ones(200)).sum())", "100.0\n", 0},
        {"import matplotlib.pyplot as plt\n"
         "import os\n"
         "plt.plot([1, 2])\n"
         "plt.savefig('plot.png')\n"
         "print(os.path.getsize('plot.png') > 1000, plt.get_backend())",
            "True agg\n", NEED(NEED_FONTS)},
        {"import threading\n"
         "barrier = threading.Barrier(65)\n"
         "def work():\n"
         "    bytearray(100000)\n"
         "    barrier.wait()\n"
         "threads = [threading.Thread(target=work) for _ in range(64)]\n"
         "for thread in threads: thread.start()\n"
         "barrier.wait()\n"
         "for thread in threads: thread.join()\n"
         "print('all')",
            "all\n", 0},
        {"import multiprocessing as mp\n"
         "if __name__ == '__main__':\n"
         "    for method in 'fork', 'spawn', 'forkserver':\n"
         "        with mp.get_context(method).Pool(4) as pool:\n"
         "            print(pool.map(abs, [-1, -2]))\n"
         "    with mp.Manager() as manager:\n"
         "        print(len(manager.list([1, 2, 3])))",
            "[1, 2]\n[1, 2]\n[1, 2]\n3\n", 0},
        {"import socket, threading\n"
         "server = socket.create_server(('127.0.0.1', 0))\n"
         "def echo():\n"
         "    for _ in range(100):\n"
         "        with server.accept()[0] as connection:\n"
         "            connection.sendall(connection.recv(9))\n"
         "threading.Thread(target=echo).start()\n"
         "clients = [socket.create_connection(server.getsockname()) for _ in range(100)]\n"
         "for client in clients: client.sendall(b'x')\n"
         "print(sum(len(client.recv(9)) for client in clients))",
            "100\n", 0},
        {"import subprocess, venv\n"
         "venv.create('place', with_pip=True)\n"
         "for words in ['python', '-c', 'import sys; print(sys.prefix == sys.base_prefix)'], ['pip', "
         "'list']:\n"
         "    done = subprocess.run(['place/bin/' + words[0], *words[1:]], capture_output=True, text=True)\n"
         "    print(done.stdout.split()[0])",
            "False\nPackage\n", 0},
        {"import os, subprocess, sys\n"
         "with open('setup.py', 'w') as file:\n"
         "    file.write(\"from setuptools import setup\\nsetup(name='a', version='1', py_modules=['m'])\")\n"
         "open('m.py', 'w').close()\n"
         "subprocess.run([sys.executable, 'setup.py', '-q', 'sdist'], stderr=subprocess.DEVNULL)\n"
         "print(os.listdir('dist'))",
            "['a-1.tar.gz']\n", 0},
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

/* The list is there before a listing asks for it, and is the same for the next. */
static void fonts_are_looked_for_once_and_before_the_listings(void **state)
{
    static const char program[] = "import glob, os\n"
                                  "name = os.environ['MPLCONFIGDIR'] + '/fontlist*'\n"
                                  "before = {os.stat(path).st_ino for path in glob.glob(name)}\n"
                                  "import matplotlib.font_manager\n"
                                  "after = {os.stat(path).st_ino for path in glob.glob(name)}\n"
                                  "print(len(before), before == after)";
    static const struct sample samples[] = {
        {program, "1 True\n", NEED(NEED_FONTS)},
        {program, "1 True\n", NEED(NEED_FONTS)},
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

static void only_who_needs_a_display_has_one(void **state)
{
    static const struct sample samples[] = {
        {"import tkinter\n"
         "root = tkinter.Tk()\n"
         "root.geometry('300x200+10+20')\n"
         "label = tkinter.Label(root, text='x')\n"
         "label.pack()\n"
         "label.wait_visibility()\n"
         "print(root.winfo_width(), root.winfo_rootx(), label.winfo_viewable(), root.winfo_screenwidth())",
            "300 10 1 1280\n", NEED(NEED_DISPLAY)},
        {"import os, tkinter\n"
         "os.environ['XAUTHORITY'] = '/dev/null'\n" /* a stranger's process */
         "try:\n"
         "    tkinter.Tk()\n"
         "except tkinter.TclError as error:\n"
         "    print('connect to display' in str(error))",
            "True\n", NEED(NEED_DISPLAY)},
        {"import os, tkinter\n"
         "try:\n"
         "    tkinter.Tk()\n"
         "except tkinter.TclError as error:\n"
         "    print(error, [name for name in os.environ if name in ('DISPLAY', 'PYTHONPATH')])",
            "no display name and no $DISPLAY environment variable []\n", 0},
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

#define CONNECT                                                                                              \
    "import pymysql\n"                                                                                       \
    "def connect(host='db.example', user='app', password='secret', database='shop'):\n"                      \
    "    return pymysql.connect(host=host, user=user, password=password, database=database)\n"

static void each_listing_finds_its_database_empty(void **state)
{
    static const char program[] = CONNECT "with connect() as connection, connection.cursor() as cursor:\n"
                                          "    print(cursor.execute('SHOW TABLES'))\n"
                                          "    cursor.execute('CREATE TABLE t (word VARCHAR(9))')\n"
                                          "    cursor.execute(\"INSERT INTO t VALUES ('é😀')\")\n"
                                          "    connection.commit()\n"
                                          "    cursor.execute('SELECT word, USER(), DATABASE() FROM t')\n"
                                          "    print(cursor.fetchall())";
    static const char out[] = "0\n(('é😀', 'app@localhost', 'shop'),)\n";
    static const struct sample samples[] = {
        {program, out, NEED(NEED_MYSQL)},
        {program, out, NEED(NEED_MYSQL)},
        {program, out, NEED(NEED_MYSQL)},
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

static void database_is_a_real_server_that_asks_who_comes(void **state)
{
    static const struct sample samples[] = {
        {CONNECT "for user, password in ('app', ''), ('app', 'wrong'), ('root', ''), ('', ''), ('x', ''):\n"
                 "    try:\n"
                 "        connect(user=user, password=password, database=None)\n"
                 "    except pymysql.err.OperationalError as error:\n"
                 "        print(error.args[0])\n"
                 "try:\n"
                 "    connect(database='mysql')\n"
                 "except pymysql.err.OperationalError as error:\n"
                 "    print(error.args[0])",
            "1045\n1045\n1045\n1045\n1045\n1044\n", NEED(NEED_MYSQL)},
        {CONNECT "first, second = connect(), connect()\n"
                 "with first.cursor() as a, second.cursor() as b:\n"
                 "    a.execute('CREATE TABLE t (n INT) ENGINE=InnoDB')\n"
                 "    a.execute('INSERT INTO t VALUES (1)')\n"
                 "    print(b.execute('SELECT * FROM t'))\n"
                 "    second.rollback()\n"
                 "    first.commit()\n"
                 "    print(b.execute('SELECT * FROM t'))",
            "0\n1\n", NEED(NEED_MYSQL)},
        /* Only the one host is the server, and a traceback shows nothing of how it comes to be. */
        {CONNECT
            "import socket, traceback\n"
            "print(connect().host_info)\n"
            "with socket.create_server(('127.0.0.1', 0)) as server:\n"
            "    print(socket.create_connection(server.getsockname()).family.name)\n"
            "try:\n"
            "    connect(password='wrong')\n"
            "except pymysql.err.OperationalError:\n"
            "    print({line.split('\"')[1].split('/')[-2] for line in traceback.format_exc().split('\\n')\n"
            "           if line.startswith('  File') and 'listing' not in line.split('/')[-1]})",
            "socket db.example:3306\nAF_INET\n{'pymysql'}\n", NEED(NEED_MYSQL)},
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

/* Two that print when they began and ended. */
static bool run_beside_each_other(unsigned needs)
{
    struct listing_run runs[2] = {{.needs = needs}, {.needs = needs}};
    double begun[2], ended[2];
    struct error err = {0};
    size_t done;

    for (int i = 0; i < 2; i++)
        runs[i].program = strdup("import time\n"
                                 "print(time.monotonic())\n"
                                 "time.sleep(3)\n"
                                 "print(time.monotonic())");
    if (!run_all(runs, 2, LISTING_RUN_S, go_on, &done, &err))
        fail_msg("%s", err.text);
    for (int i = 0; i < 2; i++)
        assert_int_equal(sscanf(buffer_text(&runs[i].out), "%lf %lf", &begun[i], &ended[i]), 2);
    release(runs, 2);
    return begun[0] < ended[1] && begun[1] < ended[0];
}

static void listings_with_one_word_run_one_after_another(void **state)
{
    (void)state;
    assert_true(run_beside_each_other(0));
    assert_false(run_beside_each_other(NEED(NEED_DISPLAY)));
}

/* --- what stays behind ---------------------------------------------------------------------------------- */

enum { EVERYTHING = NEED(NEED_DISPLAY) | NEED(NEED_MYSQL) };

struct left {
    char folder[FILE_PATH_SIZE];
    pid_t display, database;
};

static bool is_patient(void *context)
{
    (void)context;
    return true;
}

static struct left bring_everything(struct stage *stage)
{
    const struct patience patience = {is_patient, NULL};
    struct error err = {0};
    struct left left;

    if (!stage_open(stage, &err) || !stage_bring(stage, EVERYTHING, &patience, &err))
        fail_msg("%s", err.text);
    memcpy(left.folder, stage->scratch.path, sizeof left.folder);
    left.display = stage->display.server.pid;
    left.database = stage->database.server.pid;
    return left;
}

static void assert_nothing_is_left(const struct left *left)
{
    for (int tries = 0; tries < 1000; tries++) {
        if (access(left->folder, F_OK) != 0 && has_ended(left->display) && has_ended(left->database))
            return;
        (void)poll(NULL, 0, 10);
    }
    fail_msg("left: folder %d, display %d, database %d", access(left->folder, F_OK) == 0,
        !has_ended(left->display), !has_ended(left->database));
}

static void servers_and_folder_go_with_the_stage(void **state)
{
    struct stage stage;
    const struct left left = bring_everything(&stage);

    (void)state;
    assert_int_equal(access(left.folder, F_OK), 0);
    assert_false(has_ended(left.display));
    assert_false(has_ended(left.database));
    stage_close(&stage);
    assert_int_not_equal(access(left.folder, F_OK), 0);
    assert_true(has_ended(left.display));
    assert_true(has_ended(left.database));
}

/* Another process brings them, says so, and waits for the kill. */
static _Noreturn void be_killed(int to)
{
    struct stage stage;
    const struct left left = bring_everything(&stage);

    if (write(to, &left, sizeof left) == (ssize_t)sizeof left)
        (void)pause();
    _exit(1);
}

static void servers_and_folder_go_with_a_process_that_is_killed(void **state)
{
    struct left left;
    pid_t victim;
    int line[2];

    (void)state;
    assert_int_equal(pipe(line), 0);
    victim = fork();
    if (victim == 0)
        be_killed(line[1]);
    assert_true(victim > 0);
    (void)close(line[1]);
    assert_int_equal(read(line[0], &left, sizeof left), sizeof left);
    assert_false(has_ended(left.display));
    assert_false(has_ended(left.database));
    assert_int_equal(kill(victim, SIGKILL), 0);
    assert_int_equal(waitpid(victim, NULL, 0), victim);
    assert_nothing_is_left(&left);
    (void)close(line[0]);
}

/* How often it is asked before it ends; every stage of starting is met. */
static bool lasts_for_a_while(void *context)
{
    return (*(int *)context)-- > 0;
}

static void servers_that_start_end_when_patience_does(void **state)
{
    (void)state;
    for (int asked = 0; asked < 20000; asked = asked * 4 + 3) {
        int left = asked;
        const struct patience patience = {lasts_for_a_while, &left};
        char folder[FILE_PATH_SIZE];
        struct error err = {0};
        struct stage stage;
        bool ok;

        assert_true(stage_open(&stage, &err));
        memcpy(folder, stage.scratch.path, sizeof folder);
        ok = stage_bring(&stage, EVERYTHING, &patience, &err);
        stage_close(&stage);
        assert_int_not_equal(access(folder, F_OK), 0);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
        if (ok)
            return;
        assert_int_equal(err.code, ERROR_BUSY);
    }
    fail_msg("it never started");
}

static void server_that_cannot_start_says_why(void **state)
{
    static const struct patience patience = {is_patient, NULL};
    static const char *const argv[] = {DISPLAY_PROGRAM, "-nonsense", NULL};
    static char path[] = "PATH=/usr/bin:/bin";
    static char *const environment[] = {path, NULL};
    const struct program_call call = {argv, environment, ".", -1};
    struct database database = {.folder = ""};
    char here[FILE_PATH_SIZE], place[FILE_PATH_SIZE];
    struct error err = {0};
    struct scratch scratch;

    (void)state;
    (void)unlink("log");
    assert_false(program_call(&call, &patience, &err));
    assert_non_null(strstr(err.text, "Xvfb failed: "));
    assert_non_null(strstr(err.text, "Unrecognized option: -nonsense"));
    /* A socket's path has at most 107 bytes. */
    assert_non_null(getcwd(here, sizeof here));
    assert_true(path_join(place, here,
        "a-folder-whose-name-leaves-no-room-for-the-name-of-a-socket-in-it-as-it-"
        "has-more-than-a-hundred-characters",
        &err));
    assert_true(scratch_make(&scratch, place, &err));
    assert_false(database_start(&database, scratch.path, environment, &patience, &err));
    database_end(&database);
    scratch_remove(&scratch);
    if (strstr(err.text, "mariadbd ended: ERROR") == NULL || strstr(err.text, "too long") == NULL)
        fail_msg("%s", err.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listing_runs_say_how_they_ended),
        cmocka_unit_test(what_a_listing_started_ends_with_it),
        cmocka_unit_test(interrupted_runs_end_at_once),
        cmocka_unit_test(libraries_of_the_ladder_fit_the_limits),
        cmocka_unit_test(fonts_are_looked_for_once_and_before_the_listings),
        cmocka_unit_test(only_who_needs_a_display_has_one),
        cmocka_unit_test(each_listing_finds_its_database_empty),
        cmocka_unit_test(database_is_a_real_server_that_asks_who_comes),
        cmocka_unit_test(listings_with_one_word_run_one_after_another),
        cmocka_unit_test(servers_and_folder_go_with_the_stage),
        cmocka_unit_test(servers_and_folder_go_with_a_process_that_is_killed),
        cmocka_unit_test(servers_that_start_end_when_patience_does),
        cmocka_unit_test(server_that_cannot_start_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
