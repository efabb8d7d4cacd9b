#include "provisioning/commands.h"
#include "provisioning/exam_folder.h"
#include "provisioning/report.h"
#include "provisioning/table.h"

/* --- counting ------------------------------------------------------------------------------------------- */

struct counts {
    size_t drawn, live, pilot, run;
    size_t difficulties[DIFFICULTIES], tasks[TASKS]; /* of live items */
};

/* Of one objective, or of all (objective NULL). */
static struct counts count(const struct bank *bank, const struct source_objective *objective)
{
    struct counts counts = {.drawn = 0};

    for (size_t i = 0; i < bank->item_count; i++) {
        const struct source_item *item = &bank->items[i];
        if (objective != NULL && &bank->objectives[item->objective_index] != objective)
            continue;
        counts.run += item->is_run;
        if (item->use == ITEM_PILOT) {
            counts.pilot++;
            continue;
        }
        counts.live++;
        counts.difficulties[item->difficulty]++;
        counts.tasks[item->task]++;
    }
    for (size_t i = 0; i < bank->objective_count; i++)
        for (size_t k = 0; k < bank->objectives[i].draw_count; k++)
            if (objective == NULL || objective == &bank->objectives[i])
                counts.drawn += bank->objectives[i].draws[k].count;
    return counts;
}

/* --- for people ----------------------------------------------------------------------------------------- */

static void add_row(struct table *table, const char *name, const struct counts *counts)
{
    const char *cells[DIFFICULTIES + TASKS];

    for (size_t i = 0; i < DIFFICULTIES; i++)
        cells[i] = table_cell(table, "%zu", counts->difficulties[i]);
    for (size_t i = 0; i < TASKS; i++)
        cells[DIFFICULTIES + i] = table_cell(table, "%zu", counts->tasks[i]);
    table_row(table, name, table_cell(table, "%zu", counts->drawn), table_cell(table, "%zu", counts->live),
        table_cell(table, "%zu", counts->pilot), cells[0], cells[1], cells[2], cells[3], cells[4], cells[5],
        cells[6], cells[7], table_cell(table, "%zu", counts->run), NULL);
}

static bool print_summary(const struct exam_folder *folder, struct error *err)
{
    const struct bank *bank = &folder->bank;
    struct table *table = table_new("objective", ">drawn", ">live", ">pilot", ">easy", ">medium", ">hard",
        ">output", ">error", ">concept", ">complete", ">trace", ">run", NULL);
    struct counts all = count(bank, NULL);
    bool ok;

    for (size_t i = 0; i < bank->objective_count; i++) {
        const struct counts counts = count(bank, &bank->objectives[i]);
        add_row(table, bank->objectives[i].identifier, &counts);
    }
    add_row(table, "all", &all);
    ok = table_print(table, stdout, err);
    table_free(table);
    if (!ok)
        return false;
    (void)printf("\nA blind choice finds the key of %.1f%% of the items", 100 * folder->guesses.chance);
    for (enum guesser guesser = GUESS_LONGEST; guesser < GUESSERS; guesser++)
        (void)printf("%s the %s %.1f%%", guesser == GUESS_LONGEST ? ";" : ",", guesser_names[guesser],
            100 * folder->guesses.found[guesser]);
    (void)printf(".\nOf %d forms %s is in %.1f%%, more than any other item; the mean is %.1f%%.\n",
        EXPOSURE_FORMS, folder->exposure.item, 100 * folder->exposure.highest, 100 * folder->exposure.mean);
    (void)printf("%zu listings were run.\n", folder->listings_run);
    return true; /* main looks at what stdout says */
}

/* --- for programs --------------------------------------------------------------------------------------- */

static struct json *counts_json(const char *name, const struct counts *counts)
{
    struct json *object = json_new_object(), *difficulties = json_new_object(), *tasks = json_new_object();

    for (size_t i = 0; i < DIFFICULTIES; i++)
        json_set(difficulties, difficulty_names[i], json_int((int64_t)counts->difficulties[i]));
    for (size_t i = 0; i < TASKS; i++)
        json_set(tasks, task_names[i], json_int((int64_t)counts->tasks[i]));
    json_set(object, "id", json_text(name));
    json_set(object, "drawn", json_int((int64_t)counts->drawn));
    json_set(object, "live", json_int((int64_t)counts->live));
    json_set(object, "pilot", json_int((int64_t)counts->pilot));
    json_set(object, "run", json_int((int64_t)counts->run));
    json_set(object, "difficulty", difficulties);
    json_set(object, "task", tasks);
    return object;
}

static int64_t per_mille(double part)
{
    return (int64_t)(1000 * part + 0.5);
}

static struct json *guesses_json(const struct guesses *guesses)
{
    struct json *object = json_new_object();

    json_set(object, "items", json_int((int64_t)guesses->items));
    json_set(object, "chance", json_int(per_mille(guesses->chance)));
    for (enum guesser guesser = GUESS_LONGEST; guesser < GUESSERS; guesser++)
        json_set(object, guesser_names[guesser], json_int(per_mille(guesses->found[guesser])));
    return object;
}

static struct json *exposure_json(const struct exposure *exposure)
{
    struct json *object = json_new_object();

    json_set(object, "forms", json_int(EXPOSURE_FORMS));
    json_set(object, "item", json_text(exposure->item));
    json_set(object, "highest", json_int(per_mille(exposure->highest)));
    json_set(object, "mean", json_int(per_mille(exposure->mean)));
    return object;
}

static bool print_json(const struct exam_folder *folder, struct error *err)
{
    const struct bank *bank = &folder->bank;
    struct json *object = json_new_object(), *objectives = json_new_array();
    const struct counts all = count(bank, NULL);
    bool ok;

    for (size_t i = 0; i < bank->objective_count; i++) {
        const struct counts counts = count(bank, &bank->objectives[i]);
        json_add(objectives, counts_json(bank->objectives[i].identifier, &counts));
    }
    json_set(object, "exam", json_text(bank->identifier));
    json_set(object, "version", json_text(bank->version));
    json_set(object, "mistakes", mistakes_json(&folder->mistakes));
    json_set(object, "objectives", objectives);
    json_set(object, "all", counts_json("all", &all));
    json_set(object, "guessers_per_mille", guesses_json(&folder->guesses));
    if (folder->exposure.item != NULL)
        json_set(object, "exposure_per_mille", exposure_json(&folder->exposure));
    json_set(object, "listings_run", json_int((int64_t)folder->listings_run));
    ok = report_json(object, err);
    json_free(object);
    return ok;
}

/* --- the command ---------------------------------------------------------------------------------------- */

static bool run(const struct call *call, struct error *err)
{
    struct exam_folder folder;
    bool ok = exam_folder_check(&folder, call->arguments->operands[0], err);

    if (ok && call->as_json) {
        ok = print_json(&folder, err);
    } else if (ok) {
        mistakes_print(&folder.mistakes, stdout);
        ok = folder.mistakes.count > 0 || print_summary(&folder, err);
    }
    ok = ok && exam_folder_is_sound(&folder, err);
    exam_folder_release(&folder);
    return ok;
}

const struct command command_exam_check = {
    .name = "exam check",
    .operands = "DIR",
    .summary = "Say everything that is wrong with an exam folder, and run its listings",
    .min_operands = 1,
    .max_operands = 1,
    .has_json = true,
    .run = run,
};
