/* What only the whole bank shows. */
#include <stdio.h>
#include <string.h>

#include "provisioning/authoring/bank.h"

static bool find_objective(const struct bank *bank, const char *identifier, size_t *index)
{
    for (*index = 0; *index < bank->objective_count; (*index)++)
        if (strcmp(bank->objectives[*index].identifier, identifier) == 0)
            return true;
    return false;
}

static void check_enemies(const struct bank *bank, const struct source_item *item, struct mistakes *mistakes)
{
    size_t index;

    for (size_t i = 0; i < item->enemy_count; i++) {
        if (!bank_find(bank, item->enemies[i], &index))
            mistakes_add(mistakes, item->file, item->enemies_line, "there is no item %s", item->enemies[i]);
        else if (&bank->items[index] == item)
            mistakes_add(mistakes, item->file, item->enemies_line, "an item is not its own enemy");
    }
}

/* --- selections ----------------------------------------------------------------------------------------- */

static bool draws_from(const struct source_draw *draw, const struct source_item *item)
{
    return (!draw->has_difficulty || draw->difficulty == item->difficulty) &&
           (!draw->has_task || draw->task == item->task);
}

/* The first selection whose every named property the item has. */
static void place_item(struct bank *bank, size_t index, struct mistakes *mistakes)
{
    const struct source_item *item = &bank->items[index];
    struct source_objective *objective = &bank->objectives[item->objective_index];

    for (size_t i = 0; i < objective->draw_count; i++) {
        struct source_draw *draw = &objective->draws[i];
        if (!draws_from(draw, item))
            continue;
        if (draw->items == NULL)
            draw->items = arena_array(&bank->arena, bank->item_count, sizeof *draw->items);
        if (draw->items != NULL)
            draw->items[draw->item_count++] = index;
        return;
    }
    mistakes_add(mistakes, item->file, item->objective_line, "no draw of %s takes an item that is %s and %s",
        objective->identifier, difficulty_names[item->difficulty], task_names[item->task]);
}

/* What a draw is called: "the draw of flow (easy, output)". */
static void name_draw(const struct source_draw *draw, char text[60])
{
    if (draw->has_difficulty || draw->has_task)
        (void)snprintf(text, 60, " (%s%s%s)", draw->has_difficulty ? difficulty_names[draw->difficulty] : "",
            draw->has_difficulty && draw->has_task ? ", " : "", draw->has_task ? task_names[draw->task] : "");
    else
        text[0] = '\0';
}

static void check_draw(const struct bank *bank, const struct source_objective *objective,
    const struct source_draw *draw, struct mistakes *mistakes)
{
    char properties[60];

    name_draw(draw, properties);
    if (draw->item_count < draw->count)
        mistakes_add(mistakes, bank->file, draw->line,
            "the draw of %s%s takes %u items, and there are %zu live ones", objective->identifier, properties,
            draw->count, draw->item_count);
    for (size_t i = 1; i < draw->item_count; i++) {
        const struct source_item *first = &bank->items[draw->items[0]], *item = &bank->items[draw->items[i]];
        if (item->points != first->points)
            mistakes_add(mistakes, item->file, item->points_line,
                "points should be %u, as those of %s, which the same draw takes", first->points,
                first->identifier);
    }
}

void bank_check(struct bank *bank, struct mistakes *mistakes)
{
    for (size_t i = 0; i < bank->item_count; i++) {
        struct source_item *item = &bank->items[i];
        check_enemies(bank, item, mistakes);
        if (item->objective[0] == '\0' || bank->objective_count == 0)
            continue; /* noted when it was read */
        if (!find_objective(bank, item->objective, &item->objective_index))
            mistakes_add(mistakes, item->file, item->objective_line, "there is no objective %s in exam.yaml",
                item->objective);
        else if (item->use == ITEM_LIVE)
            place_item(bank, i, mistakes);
    }
    for (size_t i = 0; i < bank->objective_count; i++)
        for (size_t k = 0; k < bank->objectives[i].draw_count; k++)
            check_draw(bank, &bank->objectives[i], &bank->objectives[i].draws[k], mistakes);
}
