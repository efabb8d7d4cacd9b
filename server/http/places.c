#include "server/http/places.h"

struct holder {
    char name[PLACES_HOLDER_SIZE];
    unsigned taken; /* 0: the slot is free */
};

struct places {
    unsigned max, share, taken;
    size_t slots; /* one more than max: while a place moves, both its holders have one */
    struct holder holders[];
};

struct places *places_new(unsigned max, unsigned share, struct error *err)
{
    size_t slots = (size_t)max + 1;
    struct places *places = calloc(1, sizeof *places + slots * sizeof places->holders[0]);
    if (places == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    places->max = max;
    places->share = share;
    places->slots = slots;
    return places;
}

void places_free(struct places *places)
{
    free(places);
}

/* The holder's slot, or a free one to become it. */
static struct holder *holder_of(struct places *places, const char *name)
{
    struct holder *free_slot = NULL;
    for (size_t i = 0; i < places->slots; i++) {
        struct holder *holder = &places->holders[i];
        if (holder->taken == 0)
            free_slot = free_slot == NULL ? holder : free_slot;
        else if (strcmp(holder->name, name) == 0)
            return holder;
    }
    if (free_slot != NULL)
        snprintf(free_slot->name, sizeof free_slot->name, "%s", name);
    return free_slot;
}

static bool take_share(struct places *places, const char *name)
{
    struct holder *holder = holder_of(places, name);
    if (holder == NULL || holder->taken >= places->share)
        return false;
    holder->taken++;
    return true;
}

bool places_take(struct places *places, const char *holder)
{
    if (places->taken >= places->max || !take_share(places, holder))
        return false;
    places->taken++;
    return true;
}

void places_give(struct places *places, const char *name)
{
    holder_of(places, name)->taken--;
    places->taken--;
}

bool places_move(struct places *places, const char *from, const char *to)
{
    if (!take_share(places, to))
        return false;
    holder_of(places, from)->taken--;
    return true;
}

unsigned places_taken(const struct places *places)
{
    return places->taken;
}
