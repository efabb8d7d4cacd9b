#include <SDL2/SDL.h>

#include "kiosk/ui/window_private.h"

#define BAND_PIXELS 400000 /* painted and sent at once */

static struct canvas canvas_of(SDL_Surface *surface)
{
    return (struct canvas){surface->pixels, surface->w, surface->h, surface->pitch / 4};
}

/* ---- on the window's surface ------------------------------------------------------------------------ */

static bool is_plain(const SDL_Surface *surface)
{
    return surface->format->format == SDL_PIXELFORMAT_RGB888 ||
           surface->format->format == SDL_PIXELFORMAT_ARGB8888;
}

/* A display of another format gets a converted copy of each changed rectangle. */
static SDL_Surface *canvas_surface(struct window *window, SDL_Surface *surface)
{
    if (is_plain(surface))
        return surface;
    if (window->copy == NULL || window->copy->w != surface->w || window->copy->h != surface->h) {
        SDL_FreeSurface(window->copy);
        window->copy = SDL_CreateRGBSurfaceWithFormat(0, surface->w, surface->h, 32, SDL_PIXELFORMAT_RGB888);
        painter_forget(window->painter);
    }
    return window->copy;
}

/* Rectangles that are painted but not yet sent to the display. */
struct batch {
    SDL_Rect rects[PAINT_MAX_RECTS];
    int count;
    int pixels;
};

static bool send(struct window *window, struct batch *batch, struct error *err)
{
    int result =
        batch->count > 0 ? SDL_UpdateWindowSurfaceRects(window->window, batch->rects, batch->count) : 0;

    batch->count = 0;
    batch->pixels = 0;
    return result == 0 || window_fail(err, "the window can't be updated");
}

/* A large rectangle goes out in bands from the top: the first text is seen while the rest is painted. */
static bool show_part(struct window *window, const struct display_list *list, SDL_Surface *surface,
    SDL_Surface *canvas, struct rect part, struct batch *batch, struct error *err)
{
    int rows = BAND_PIXELS / part.width + 1;

    for (int y = part.y; y < part.y + part.height; y += rows) {
        struct rect band = rect_intersect(part, (struct rect){part.x, y, part.width, rows});
        SDL_Rect rect = {band.x, band.y, band.width, band.height};
        painter_paint_part(window->painter, list, canvas_of(canvas), band);
        if (canvas != surface)
            SDL_BlitSurface(canvas, &rect, surface, &(SDL_Rect){band.x, band.y, 0, 0});
        batch->rects[batch->count++] = rect;
        batch->pixels += band.width * band.height;
        if ((batch->pixels >= BAND_PIXELS || batch->count == PAINT_MAX_RECTS) && !send(window, batch, err))
            return false;
    }
    return true;
}

static bool show_on_surface(struct window *window, const struct display_list *list, struct error *err)
{
    SDL_Surface *surface = SDL_GetWindowSurface(window->window);
    SDL_Surface *canvas = surface != NULL ? canvas_surface(window, surface) : NULL;
    struct rect changed[PAINT_MAX_RECTS];
    struct batch batch = {.count = 0};
    size_t count;
    bool ok;

    if (canvas == NULL)
        return window_fail(err, "the window has no surface");
    count = painter_changes(window->painter, list, changed);
    ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = show_part(window, list, surface, canvas, changed[i], &batch, err);
    ok = ok && send(window, &batch, err);
    if (ok && window->is_exposed && SDL_UpdateWindowSurface(window->window) != 0)
        ok = window_fail(err, "the window can't be updated");
    window->is_exposed = false;
    if (!ok)
        painter_forget(window->painter); /* what is on the screen is not known */
    return ok;
}

/* ---- on a texture ----------------------------------------------------------------------------------- */

static bool create_texture(struct window *window, struct error *err)
{
    if (window->texture != NULL)
        SDL_DestroyTexture(window->texture);
    SDL_FreeSurface(window->copy);
    window->texture = SDL_CreateTexture(window->renderer, SDL_PIXELFORMAT_ARGB8888,
        SDL_TEXTUREACCESS_STREAMING, window->width, window->height);
    window->copy =
        SDL_CreateRGBSurfaceWithFormat(0, window->width, window->height, 32, SDL_PIXELFORMAT_ARGB8888);
    if (window->texture == NULL || window->copy == NULL)
        return window_fail(err, "no texture");
    SDL_SetTextureBlendMode(window->texture, SDL_BLENDMODE_NONE);
    return true;
}

static bool present_texture(struct window *window, struct error *err)
{
    SDL_Rect at = {.w = 0};

    if (SDL_RenderCopy(window->renderer, window->texture, NULL, NULL) != 0)
        return window_fail(err, "the texture can't be drawn");
    if (window->pointer != NULL) {
        (void)SDL_QueryTexture(window->pointer, NULL, NULL, &at.w, &at.h); /* ours: can't fail */
        SDL_GetMouseState(&at.x, &at.y);
        (void)SDL_RenderCopy(window->renderer, window->pointer, NULL, &at); /* the exam goes on without */
    }
    SDL_RenderPresent(window->renderer);
    return true;
}

/* SDL puts its cursor into a plane of the display. Some drivers have none, and SDL tells only when it is
 * shown again. */
static bool has_cursor_plane(void)
{
    SDL_ClearError();
    SDL_SetCursor(NULL);
    return SDL_GetError()[0] == '\0';
}

/* An arrow of 12 by 17 points: black edges, white inside. */
static uint32_t pointer_point(int x, int y)
{
    const int lowest = 16 - x * 5 / 11;

    if (x > y || y > lowest)
        return 0;
    return x == 0 || x == y || y >= lowest - 1 ? 0xff000000 : 0xffffffff;
}

static void create_pointer(struct window *window)
{
    const int point = 1 + (int)window_scale(window->width, window->height) / 2;
    SDL_Surface *arrow =
        SDL_CreateRGBSurfaceWithFormat(0, 12 * point, 17 * point, 32, SDL_PIXELFORMAT_ARGB8888);

    if (arrow == NULL)
        return;
    for (int y = 0; y < arrow->h; y++)
        for (int x = 0; x < arrow->w; x++)
            ((uint32_t *)arrow->pixels)[y * arrow->pitch / 4 + x] = pointer_point(x / point, y / point);
    window->pointer = SDL_CreateTextureFromSurface(window->renderer, arrow);
    SDL_FreeSurface(arrow);
}

bool window_make_texture(struct window *window, bool is_console, struct error *err)
{
    SDL_SetHint(SDL_HINT_RENDER_DRIVER, is_console ? "opengles2" : "software");
    window->renderer = SDL_CreateRenderer(window->window, -1, 0);
    if (window->renderer == NULL)
        return window_fail(err, "no renderer");
    if (!create_texture(window, err))
        return false;
    if (is_console && !has_cursor_plane())
        create_pointer(window);
    if (SDL_UpdateTexture(window->texture, NULL, window->copy->pixels, window->copy->pitch) != 0)
        return window_fail(err, "the texture can't be updated");
    return present_texture(window, err);
}

void window_free_texture(struct window *window)
{
    SDL_FreeSurface(window->copy);
    if (window->pointer != NULL)
        SDL_DestroyTexture(window->pointer);
    if (window->texture != NULL)
        SDL_DestroyTexture(window->texture);
    if (window->renderer != NULL)
        SDL_DestroyRenderer(window->renderer);
}

static bool show_on_texture(struct window *window, const struct display_list *list, struct error *err)
{
    struct rect changed[PAINT_MAX_RECTS];
    size_t count;

    if ((window->copy->w != window->width || window->copy->h != window->height) &&
        !create_texture(window, err))
        return false;
    count = painter_paint(window->painter, list, canvas_of(window->copy), changed);
    for (size_t i = 0; i < count; i++) {
        SDL_Rect rect = {changed[i].x, changed[i].y, changed[i].width, changed[i].height};
        const uint8_t *pixels = (const uint8_t *)window->copy->pixels +
                                (ptrdiff_t)rect.y * window->copy->pitch + (ptrdiff_t)rect.x * 4;
        if (SDL_UpdateTexture(window->texture, &rect, pixels, window->copy->pitch) != 0)
            return window_fail(err, "the texture can't be updated");
    }
    if (count == 0 && !window->is_exposed)
        return true;
    window->is_exposed = false;
    return present_texture(window, err);
}

bool window_show(struct window *window, const struct display_list *list, struct error *err)
{
    return window->is_textured ? show_on_texture(window, list, err) : show_on_surface(window, list, err);
}
