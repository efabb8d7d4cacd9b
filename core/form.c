/* Drawing is a search with look-ahead: each selection's items stand in an order of preference (shuffled,
 * those seen before at the end), and the first combination in that order that no enemies break is taken.
 * After each item drawn every selection must still have enough items that are no enemies of those drawn; that
 * makes going back rare. Only when no form exists with n seen items are n + 1 allowed. */
#include "core/form.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/random_source.h"

static_assert(FORM_SEED_BYTES == RANDOM_SEED_BYTES, "a form's seed feeds the random source");

/* One selection of the exam while the form is made. */
struct lot {
    size_t part, section;
    size_t need;   /* to be drawn in all */
    size_t *items; /* in order of preference */
    size_t item_count;
    size_t fresh, old; /* items still free that were not seen, that were */
    size_t drawn;      /* so far */
    size_t next;       /* the next place in items to try */
    size_t *places;    /* of those drawn, in items */
};

struct drawing {
    const struct exam *exam;
    struct lot *lots;
    size_t lot_count;
    size_t *age;     /* of each item: 0 not seen, else its place in seen plus one */
    size_t *lot_of;  /* of each item; lot_count: none */
    size_t *blocked; /* of each item: how many of its enemies are drawn */
    size_t seen_allowed, seen_drawn, steps;
};

/* --- setting up ----------------------------------------------------------------------------------------- */

static void note_seen(struct drawing *drawing, const char *const *seen, size_t seen_count)
{
    size_t item;

    for (size_t i = 0; i < seen_count; i++)
        if (exam_find_item(drawing->exam, seen[i], &item))
            drawing->age[item] = i + 1;
}

/* Unseen items keep their shuffled order; the seen ones follow, longest ago first. Insertion moves only
 * those. */
static void put_seen_last(const struct drawing *drawing, struct lot *lot)
{
    for (size_t i = 1; i < lot->item_count; i++) {
        const size_t item = lot->items[i];
        size_t place = i;
        while (place > 0 && drawing->age[lot->items[place - 1]] > drawing->age[item]) {
            lot->items[place] = lot->items[place - 1];
            place--;
        }
        lot->items[place] = item;
    }
}

static bool set_up_lot(struct drawing *drawing, struct lot *lot, const struct selection *selection,
    struct arena *arena, struct random_source *source)
{
    lot->need = selection->count;
    lot->item_count = selection->item_count;
    lot->items = arena_array(arena, lot->item_count, sizeof *lot->items);
    lot->places = arena_array(arena, lot->need, sizeof *lot->places);
    if (lot->items == NULL || lot->places == NULL)
        return false;
    memcpy(lot->items, selection->items, lot->item_count * sizeof *lot->items);
    random_shuffle(source, lot->items, lot->item_count);
    put_seen_last(drawing, lot);
    for (size_t i = 0; i < lot->item_count; i++)
        drawing->lot_of[lot->items[i]] = (size_t)(lot - drawing->lots);
    return true;
}

static bool set_up(struct drawing *drawing, struct arena *arena, struct random_source *source)
{
    const struct exam *exam = drawing->exam;

    for (size_t p = 0; p < exam->part_count; p++)
        for (size_t s = 0; s < exam->parts[p].section_count; s++)
            for (size_t i = 0; i < exam->parts[p].sections[s].selection_count; i++) {
                struct lot *lot = &drawing->lots[drawing->lot_count++];
                lot->part = p;
                lot->section = s;
                if (!set_up_lot(drawing, lot, &exam->parts[p].sections[s].selections[i], arena, source))
                    return false;
            }
    return true;
}

static size_t count_selections(const struct exam *exam)
{
    size_t count = 0;

    for (size_t p = 0; p < exam->part_count; p++)
        for (size_t s = 0; s < exam->parts[p].section_count; s++)
            count += exam->parts[p].sections[s].selection_count;
    return count;
}

/* --- the search ----------------------------------------------------------------------------------------- */

static void count_free(struct drawing *drawing, size_t item, bool is_free)
{
    struct lot *lot = &drawing->lots[drawing->lot_of[item]];
    size_t *number = drawing->age[item] == 0 ? &lot->fresh : &lot->old;

    *number += is_free ? 1 : (size_t)-1;
}

/* Draws the item at this place, or puts it back: it and its enemies can't be drawn meanwhile. */
static void set_drawn(struct drawing *drawing, struct lot *lot, size_t place, bool is_drawn)
{
    const struct item *item = &drawing->exam->items[lot->items[place]];

    count_free(drawing, lot->items[place], !is_drawn);
    lot->drawn += is_drawn ? 1 : (size_t)-1;
    if (drawing->age[lot->items[place]] != 0)
        drawing->seen_drawn += is_drawn ? 1 : (size_t)-1;
    for (size_t i = 0; i < item->enemy_count; i++) {
        size_t *blocked = &drawing->blocked[item->enemies[i]];
        if (drawing->lot_of[item->enemies[i]] == drawing->lot_count)
            continue; /* in no selection */
        if (is_drawn ? (*blocked)++ == 0 : --*blocked == 0)
            count_free(drawing, item->enemies[i], !is_drawn);
    }
}

/* Whether what is free could still fill every lot, with no more seen items than are allowed. */
static bool can_go_on(const struct drawing *drawing)
{
    size_t seen_needed = drawing->seen_drawn;

    for (const struct lot *lot = drawing->lots; lot < drawing->lots + drawing->lot_count; lot++) {
        const size_t missing = lot->need - lot->drawn;
        if (missing <= lot->fresh)
            continue;
        if (missing > lot->fresh + lot->old)
            return false;
        seen_needed += missing - lot->fresh;
    }
    return seen_needed <= drawing->seen_allowed;
}

/* Draws the lot's next item that can be. False: from here on there is none. */
static bool draw_next(struct drawing *drawing, struct lot *lot)
{
    while (lot->next < lot->item_count && drawing->steps < FORM_SEARCH_STEPS) {
        const size_t place = lot->next++;
        drawing->steps++;
        if (drawing->blocked[lot->items[place]] > 0)
            continue;
        lot->places[lot->drawn] = place;
        set_drawn(drawing, lot, place, true);
        if (can_go_on(drawing))
            return true;
        set_drawn(drawing, lot, place, false);
    }
    return false;
}

/* Takes the last item drawn back; the search goes on behind it. False: nothing is drawn. */
static bool take_back(struct drawing *drawing, struct lot **at)
{
    while ((*at)->drawn == 0) {
        if (*at == drawing->lots)
            return false;
        (*at)--;
    }
    (*at)->next = (*at)->places[(*at)->drawn - 1] + 1;
    set_drawn(drawing, *at, (*at)->places[(*at)->drawn - 1], false);
    return true;
}

/* The first form in the order of preference with at most seen_allowed seen items; else everything is put
 * back. */
static bool search(struct drawing *drawing)
{
    struct lot *lot = drawing->lots;
    struct lot *const end = drawing->lots + drawing->lot_count;

    drawing->steps = 0;
    lot->next = 0;
    if (!can_go_on(drawing))
        return false;
    while (lot < end) {
        if (lot->drawn == lot->need) {
            if (++lot < end)
                lot->next = 0;
        } else if (!draw_next(drawing, lot) && !take_back(drawing, &lot)) {
            return false;
        }
    }
    return true;
}

static bool draw(struct drawing *drawing, struct error *err)
{
    size_t seen_at_most = 0;

    for (size_t i = 0; i < drawing->exam->item_count; i++)
        if (drawing->lot_of[i] != drawing->lot_count)
            count_free(drawing, i, true);
    for (struct lot *lot = drawing->lots; lot < drawing->lots + drawing->lot_count; lot++)
        seen_at_most += lot->need < lot->old ? lot->need : lot->old;
    for (drawing->seen_allowed = 0; drawing->seen_allowed <= seen_at_most; drawing->seen_allowed++)
        if (search(drawing))
            return true;
    return error_set(err, ERROR_LIMIT, "enemies leave too few items for a form");
}

/* --- the form ------------------------------------------------------------------------------------------- */

/* The drawn items of one part in the order of the lots, then shuffled. */
static void add_part(
    const struct drawing *drawing, size_t part, struct random_source *source, struct form *form)
{
    const size_t first = form->count;
    struct form_item drawn[FORM_ITEMS_MAX];
    size_t order[FORM_ITEMS_MAX];
    size_t count = 0;

    for (const struct lot *lot = drawing->lots; lot < drawing->lots + drawing->lot_count; lot++)
        for (size_t i = 0; lot->part == part && i < lot->drawn; i++) {
            order[count] = count;
            drawn[count++] =
                (struct form_item){.item = lot->items[lot->places[i]], .part = part, .section = lot->section};
        }
    random_shuffle(source, order, count);
    for (size_t i = 0; i < count; i++)
        form->items[first + i] = drawn[order[i]];
    form->count += count;
}

/* Choices that are fixed keep their places; the others are shuffled over the rest. */
static void order_choices(
    const struct interaction *interaction, struct random_source *source, struct form_item *item)
{
    size_t movable[CHOICES_MAX];
    size_t count = 0, next = 0;

    for (size_t i = 0; i < interaction->choice_count; i++)
        if (interaction->shuffle && !interaction->choices[i].is_fixed)
            movable[count++] = i;
    random_shuffle(source, movable, count);
    for (size_t i = 0; i < interaction->choice_count; i++)
        item->choices[i] =
            (unsigned char)(interaction->shuffle && !interaction->choices[i].is_fixed ? movable[next++] : i);
    item->choice_count = interaction->choice_count;
}

bool form_assemble(const struct exam *exam, const uint8_t seed[FORM_SEED_BYTES], const char *const *seen,
    size_t seen_count, struct form *form, struct error *err)
{
    struct random_source source = random_source(seed);
    struct arena arena = {0};
    struct drawing drawing = {.exam = exam};
    const size_t selections = count_selections(exam);
    bool ok = false;

    drawing.lots = arena_array(&arena, selections, sizeof *drawing.lots);
    drawing.age = arena_array(&arena, exam->item_count, sizeof *drawing.age);
    drawing.lot_of = arena_array(&arena, exam->item_count, sizeof *drawing.lot_of);
    drawing.blocked = arena_array(&arena, exam->item_count, sizeof *drawing.blocked);
    if (arena.failed)
        goto done;
    for (size_t i = 0; i < exam->item_count; i++)
        drawing.lot_of[i] = selections;
    note_seen(&drawing, seen, seen_count);
    if (!set_up(&drawing, &arena, &source) || !draw(&drawing, err))
        goto done;
    form->count = 0;
    for (size_t i = 0; i < exam->part_count; i++)
        add_part(&drawing, i, &source, form);
    for (size_t i = 0; i < form->count; i++)
        order_choices(&exam->items[form->items[i].item].interactions[0], &source, &form->items[i]);
    ok = true;
done:
    if (arena.failed)
        error_set(err, ERROR_NOMEM, "out of memory");
    arena_release(&arena);
    return ok;
}
