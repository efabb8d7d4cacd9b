#include "provisioning/authoring/stage.h"

#include <assert.h>
#include <stdarg.h>
#include <unistd.h>

const char *const need_words[NEED_WORDS] = {
    [NEED_DISPLAY] = "display",
    [NEED_MYSQL] = "mysql",
};

const char *stage_lacks(enum need need)
{
    static const struct {
        enum need need;
        const char *program, *package;
    } programs[] = {
        {NEED_DISPLAY, DISPLAY_PROGRAM, DISPLAY_PACKAGE},
        {NEED_MYSQL, DATABASE_PROGRAM, DATABASE_PACKAGE},
        {NEED_MYSQL, DATABASE_CLIENT, DATABASE_CLIENT_PACKAGE},
    };

    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
        if (programs[i].need == need && access(programs[i].program, X_OK) != 0)
            return programs[i].package;
    return NULL;
}

/* --- the environment ------------------------------------------------------------------------------------ */

static void __attribute__((format(printf, 3, 4)))
set(struct environment *environment, size_t *count, const char *format, ...)
{
    va_list args;

    assert(*count < STAGE_VARIABLES);
    va_start(args, format);
    (void)vsnprintf(environment->texts[*count], sizeof environment->texts[0], format, args);
    va_end(args);
    environment->variables[*count] = environment->texts[*count];
    environment->variables[++*count] = NULL;
}

void stage_environment(
    const struct stage *stage, unsigned needs, const char *home, struct environment *environment)
{
    size_t count = 0;

    set(environment, &count, "PATH=/usr/bin:/bin");
    set(environment, &count, "LANG=C.UTF-8");
    set(environment, &count, "HOME=%s", home);
    set(environment, &count, "TMPDIR=%s/tmp", stage->scratch.path);
    set(environment, &count, "MPLBACKEND=Agg");
    set(environment, &count, "MPLCONFIGDIR=%s/fonts", stage->scratch.path);
    /* Threads of the C library and of BLAS reserve more room than the limit of memory leaves. */
    set(environment, &count, "MALLOC_ARENA_MAX=2");
    set(environment, &count, "OPENBLAS_NUM_THREADS=1");
    if (needs & NEED(NEED_DISPLAY)) {
        set(environment, &count, "DISPLAY=%s", stage->display.name);
        set(environment, &count, "XAUTHORITY=%s", stage->display.authority);
    }
    if (needs & NEED(NEED_MYSQL))
        set(environment, &count, "PYTHONPATH=%s", stage->database.python);
}

/* --- bringing ------------------------------------------------------------------------------------------- */

/* Matplotlib looks at every font of the machine once. Where it is not installed a listing says so. */
static bool bring_fonts(
    const char *folder, char *const *environment, const struct patience *patience, struct error *err)
{
    static const char *const argv[] = {
        "/usr/bin/python3", "-I", "-c", "import matplotlib.font_manager", NULL};
    const struct program_call call = {argv, environment, folder, -1};
    struct error why = {0};

    return program_call(&call, patience, &why) || why.code != ERROR_BUSY ||
           error_set(err, why.code, "%s", why.text);
}

static bool bring(struct stage *stage, enum need need, const struct patience *patience, struct error *err)
{
    static const char *const folders[NEEDS] = {
        [NEED_DISPLAY] = "display", [NEED_MYSQL] = "database", [NEED_FONTS] = "fonts"};
    struct environment environment;
    char *const *variables = environment.variables;
    char folder[FILE_PATH_SIZE];

    if (!path_join(folder, stage->scratch.path, folders[need], err) || !folder_make(folder, 0700, err))
        return false;
    stage_environment(stage, 0, folder, &environment);
    switch (need) {
    case NEED_DISPLAY: return display_start(&stage->display, folder, variables, patience, err);
    case NEED_MYSQL: return database_start(&stage->database, folder, variables, patience, err);
    case NEED_FONTS: return bring_fonts(folder, variables, patience, err);
    case NEEDS: break;
    }
    return true;
}

bool stage_bring(struct stage *stage, unsigned needs, const struct patience *patience, struct error *err)
{
    for (enum need need = 0; need < NEEDS; need++) {
        if (!(needs & ~stage->there & NEED(need)))
            continue;
        if (!bring(stage, need, patience, err))
            return false;
        stage->there |= NEED(need);
    }
    return true;
}

bool stage_renew(struct stage *stage, unsigned needs, const struct patience *patience, struct error *err)
{
    struct environment environment;

    if (!(needs & NEED(NEED_MYSQL)))
        return true;
    stage_environment(stage, 0, stage->database.folder, &environment);
    return database_renew(&stage->database, environment.variables, patience, err);
}

/* --- the folder ----------------------------------------------------------------------------------------- */

bool stage_folder(const struct stage *stage, struct scratch *folder, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return path_join(path, stage->scratch.path, "listing", err) && scratch_make(folder, path, err);
}

bool stage_open(struct stage *stage, struct error *err)
{
    char path[FILE_PATH_SIZE];

    *stage = (struct stage){.there = 0};
    return scratch_make(&stage->scratch, NULL, err) &&
           keeper_start(&stage->keeper, stage->scratch.path, err) &&
           path_join(path, stage->scratch.path, "tmp", err) && folder_make(path, 0700, err);
}

void stage_close(struct stage *stage)
{
    display_end(&stage->display);
    database_end(&stage->database);
    keeper_release(&stage->keeper);  /* removes the folder */
    scratch_remove(&stage->scratch); /* where there was no keeper */
}
