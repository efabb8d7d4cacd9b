/* font.c: SDL2_ttf behind font.h.
 *
 * Font files are mapped, not read: pages nobody looks at cost nothing, and no file is opened later, when the
 * process may not. SDL2_ttf and HarfBuzz keep 200 KB for each face that is open; so only a few are at a time,
 * each in the size that was asked for last, and the finished pictures are kept instead (mask_cache.h). */
#include "kiosk/ui/font.h"

#include "kiosk/ui/mask_cache.h"
#include "kiosk/ui/utf8.h"

#include <SDL2/SDL_ttf.h>
#include <assert.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_MAX 6
#define CELLS 8u
#define CACHE_FIRST_BYTES (1u << 20)
#define FILE_MAX_BYTES (64u << 20) /* the CJK collection has 20 MB */
#define PIECE_MAX_BYTES 4096

static const char *const files[FACES] = {
    [FACE_TEXT] = "NotoSans-Regular.ttf",
    [FACE_STRONG] = "NotoSans-Bold.ttf",
    [FACE_EMPHASIS] = "NotoSans-Italic.ttf",
    [FACE_CODE] = "NotoSansMono-Regular.ttf",
    [FACE_CODE_STRONG] = "NotoSansMono-Bold.ttf",
    [FACE_CODE_EMPHASIS] = "NotoSansMono-Regular.ttf",
    [FACE_FALLBACK] = "NotoSansMath-Regular.ttf",
    [FACE_FALLBACK + 1] = "NotoSansSymbols2-Regular.ttf",
    [FACE_FALLBACK + 2] = "NotoSansSymbols-Regular.ttf",
    [FACE_FALLBACK + 3] = "NotoSansArabic-Regular.ttf",
    [FACE_FALLBACK + 4] = "NotoSansHebrew-Regular.ttf",
    [FACE_FALLBACK + 5] = "NotoSansDevanagari-Regular.ttf",
    [FACE_FALLBACK + 6] = "NotoSansBengali-Regular.ttf",
    [FACE_FALLBACK + 7] = "NotoSansTamil-Regular.ttf",
    [FACE_FALLBACK + 8] = "NotoSansThai-Regular.ttf",
    [FACE_FALLBACK + 9] = "NotoSansGeorgian-Regular.ttf",
    [FACE_FALLBACK + 10] = "NotoSansArmenian-Regular.ttf",
    [FACE_FALLBACK + 11] = "NotoSansEthiopic-Regular.ttf",
    [FACE_FALLBACK + 12] = "../../opentype/noto/NotoSansCJK-Regular.ttc",
};

struct file {
    void *data; /* MAP_FAILED: not there */
    size_t length;
    bool was_open;
};

/* What fonts_cell has said: a listing asks for the cells of its text and of its numbers in each frame. */
struct cell {
    enum font_face face;
    int pixels; /* 0: free */
    double width;
};

struct open_font {
    TTF_Font *font;
    enum font_face face;
    int pixels;
    uint64_t last_use;
    double space; /* its advance, unrounded */
};

struct fonts {
    struct file file[FACES];
    struct open_font open[OPEN_MAX];
    uint64_t uses;
    struct cell cells[CELLS];
    size_t cells_told;
    struct mask_cache *cache;
    bool is_started;
};

static bool map_file(int descriptor, struct file *file)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0 || status.st_size <= 0 || status.st_size > FILE_MAX_BYTES)
        return false;
    file->length = (size_t)status.st_size;
    file->data = mmap(NULL, file->length, PROT_READ, MAP_SHARED, descriptor, 0);
    return file->data != MAP_FAILED;
}

static void open_file(struct fonts *fonts, const char *folder, enum font_face face)
{
    struct file *file = &fonts->file[face];
    char path[512];
    int descriptor;

    file->data = MAP_FAILED;
    if (files[face] == NULL)
        return;
    snprintf(path, sizeof path, "%s/%s", folder, files[face]);
    descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    if (!map_file(descriptor, file))
        file->data = MAP_FAILED;
    close(descriptor);
}

/* The file of a face, or of the upright regular one it is made of where it is not installed; NULL for a
 * fallback that is not there. */
static struct file *face_file(struct fonts *fonts, enum font_face face)
{
    if (fonts->file[face].data != MAP_FAILED)
        return &fonts->file[face];
    switch ((int)face) {
    case FACE_EMPHASIS: return &fonts->file[FACE_TEXT];
    case FACE_CODE_STRONG: return &fonts->file[FACE_CODE];
    default: return NULL;
    }
}

static double measure_width(TTF_Font *font, const char *text)
{
    int width = 0;

    return TTF_SizeUTF8(font, text, &width, NULL) == 0 ? width : 0;
}

/* Its glyphs go when the size changes. */
static bool set_size(struct open_font *slot, int pixels)
{
    static const char spaces[] = "                                                                ";

    if (slot->pixels == pixels)
        return true;
    slot->pixels = 0; /* where it fails the next use tries again */
    if (TTF_SetFontSize(slot->font, pixels) != 0)
        return false;
    slot->pixels = pixels;
    slot->space = measure_width(slot->font, spaces) / (double)(sizeof spaces - 1);
    return true;
}

static TTF_Font *open_face(struct fonts *fonts, enum font_face face, int pixels)
{
    const struct file *file = face_file(fonts, face);
    TTF_Font *font;

    if (file == NULL)
        return NULL;
    font = TTF_OpenFontRW(SDL_RWFromConstMem(file->data, (int)file->length), 1, pixels);
    if (font == NULL)
        return NULL;
    TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL);
    if (face == FACE_CODE_EMPHASIS || (face == FACE_EMPHASIS && file == &fonts->file[FACE_TEXT]))
        TTF_SetFontStyle(font, TTF_STYLE_ITALIC);
    return font;
}

/* The tables have been copied by now. What is looked at again, the shapes of a few letters, is mapped again.
 */
static void forget_pages(struct file *file)
{
    if (!file->was_open)
        (void)madvise(file->data, file->length, MADV_DONTNEED); /* only more memory if it fails */
    file->was_open = true;
}

static struct open_font *least_used(struct fonts *fonts)
{
    struct open_font *slot = &fonts->open[0];

    for (int i = 1; i < OPEN_MAX; i++)
        if (fonts->open[i].last_use < slot->last_use)
            slot = &fonts->open[i];
    return slot;
}

static struct open_font *find_open(struct fonts *fonts, enum font_face face)
{
    for (int i = 0; i < OPEN_MAX; i++) {
        struct open_font *slot = &fonts->open[i];
        if (slot->font != NULL && slot->face == face) {
            slot->last_use = ++fonts->uses;
            return slot;
        }
    }
    return NULL;
}

/* NULL when the face is not installed. A slot is valid until the next call. */
static struct open_font *use(struct fonts *fonts, enum font_face face, int pixels)
{
    struct open_font *slot = find_open(fonts, face);
    TTF_Font *font;

    assert(pixels >= 6 && pixels <= 400);
    if (slot != NULL)
        return set_size(slot, pixels) ? slot : NULL;
    font = open_face(fonts, face, pixels);
    if (font == NULL)
        return NULL;
    slot = least_used(fonts);
    if (slot->font != NULL)
        TTF_CloseFont(slot->font);
    *slot = (struct open_font){.font = font, .face = face, .last_use = ++fonts->uses};
    if (!set_size(slot, pixels))
        return NULL;
    forget_pages(face_file(fonts, face));
    return slot;
}

struct fonts *fonts_new(const char *folder, struct error *err)
{
    struct fonts *fonts = calloc(1, sizeof *fonts);
    static const enum font_face needed[] = {FACE_TEXT, FACE_STRONG, FACE_CODE};

    if (fonts == NULL || (fonts->cache = mask_cache_new(CACHE_FIRST_BYTES)) == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for fonts");
        goto failed;
    }
    fonts->is_started = TTF_Init() == 0;
    if (!fonts->is_started) {
        error_set(err, ERROR_IO, "the font library does not start: %s", TTF_GetError());
        goto failed;
    }
    for (int face = 0; face < FACES; face++)
        open_file(fonts, folder, (enum font_face)face);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (face_file(fonts, needed[i]) == NULL) {
            error_set(err, ERROR_NOT_FOUND, "the font %s/%s is not there", folder, files[needed[i]]);
            goto failed;
        }
    return fonts;
failed:
    fonts_free(fonts);
    return NULL;
}

void fonts_free(struct fonts *fonts)
{
    if (fonts == NULL)
        return;
    mask_cache_free(fonts->cache);
    for (int i = 0; i < OPEN_MAX; i++)
        if (fonts->open[i].font != NULL)
            TTF_CloseFont(fonts->open[i].font);
    for (int i = 0; i < FACES; i++)
        if (fonts->file[i].data != NULL && fonts->file[i].data != MAP_FAILED)
            munmap(fonts->file[i].data, fonts->file[i].length);
    if (fonts->is_started)
        TTF_Quit();
    free(fonts);
}

void fonts_keep(struct fonts *fonts, size_t max_bytes)
{
    mask_cache_keep(fonts->cache, max_bytes);
}

size_t fonts_kept(const struct fonts *fonts)
{
    return mask_cache_bytes(fonts->cache);
}

int font_baseline(int line, int pixels)
{
    static const double cap_height = 0.714; /* of the em, in all of Noto Sans */

    return (int)lround((line + cap_height * pixels) / 2);
}

/* SDL_ttf wants a NUL behind the text; a piece is never longer than PIECE_MAX_BYTES. */
static const char *terminated(
    char room[PIECE_MAX_BYTES + 2], const char *text, size_t length, const char *tail)
{
    if (length > PIECE_MAX_BYTES)
        length = PIECE_MAX_BYTES;
    memcpy(room, text, length);
    memcpy(room + length, tail, strlen(tail) + 1);
    return room;
}

/* SDL_ttf moves the whole line when its first glyph begins before the pen; by how much it does not say. */
static int overhang(TTF_Font *font, const char *text, size_t length)
{
    uint32_t character = 0;
    int least = 0;

    utf8_next(text, length, &character);
    if (TTF_GlyphMetrics32(font, character, &least, NULL, NULL, NULL, NULL) != 0 || least > 0)
        return 0;
    return -least;
}

/* The width SDL_ttf gives is that of the ink where it passes the pen. A space behind the text has none and
 * makes it tell the pen. */
int fonts_advance(struct fonts *fonts, enum font_face face, int pixels, const char *text, size_t length)
{
    const struct open_font *slot = length > 0 ? use(fonts, face, pixels) : NULL;
    char room[PIECE_MAX_BYTES + 2];
    double width;

    if (slot == NULL)
        return 0;
    width = measure_width(slot->font, terminated(room, text, length, " "));
    return (int)floor(width - slot->space - overhang(slot->font, text, length) + 1.0);
}

double fonts_cell(struct fonts *fonts, enum font_face face, int pixels)
{
    const struct open_font *slot;
    struct cell *cell;

    for (size_t i = 0; i < CELLS; i++)
        if (fonts->cells[i].face == face && fonts->cells[i].pixels == pixels)
            return fonts->cells[i].width;
    slot = use(fonts, face, pixels);
    cell = &fonts->cells[fonts->cells_told++ % CELLS];
    *cell = (struct cell){face, pixels, slot != NULL ? slot->space : pixels * 0.6};
    return cell->width;
}

/* ---- characters a face lacks ------------------------------------------------------------------------ */

static bool provides(struct fonts *fonts, enum font_face face, uint32_t character)
{
    const struct open_font *slot = find_open(fonts, face);

    if (slot == NULL)
        slot = use(fonts, face, 16);
    return slot != NULL && TTF_GlyphIsProvided32(slot->font, character) != 0;
}

/* Never looked for in other faces: spaces, joiners and marks go with the letters before them. */
static bool goes_along(uint32_t character)
{
    return character <= ' ' || (character >= 0x300 && character < 0x370) ||
           (character >= 0x2000 && character <= 0x200f) || (character >= 0xfe00 && character <= 0xfe0f) ||
           character == 0xa0 || character == 0xfeff;
}

static enum font_face best_face(struct fonts *fonts, enum font_face face, uint32_t character)
{
    if (character < 0x250 || provides(fonts, face, character)) /* Noto has all of Latin */
        return face;
    for (int other = FACE_FALLBACK; other < FACES && files[other] != NULL; other++)
        if (provides(fonts, (enum font_face)other, character))
            return (enum font_face)other;
    return face;
}

enum font_face fonts_face_for(struct fonts *fonts, enum font_face face, const char *text, size_t *length)
{
    enum font_face found = face;
    size_t at = 0;

    while (at < *length) {
        uint32_t character;
        size_t step = utf8_next(text + at, *length - at, &character);
        if (!goes_along(character)) {
            enum font_face best = best_face(fonts, face, character);
            if (at > 0 && best != found)
                break;
            found = best;
        }
        at += step;
    }
    *length = at;
    return found;
}

/* ---- masks ------------------------------------------------------------------------------------------ */

/* How far glyphs reach above the ascent: SDL_ttf moves the line down by as much. */
static int overshoot(TTF_Font *font, const char *text, size_t length)
{
    int ascent = TTF_FontAscent(font), most = ascent;

    for (size_t at = 0; at < length;) {
        uint32_t character;
        int top = 0;
        at += utf8_next(text + at, length - at, &character);
        if (TTF_GlyphMetrics32(font, character, NULL, NULL, NULL, &top, NULL) == 0 && top > most)
            most = top;
    }
    return most - ascent;
}

static bool row_is_empty(const SDL_Surface *surface, int y)
{
    const uint8_t *row = (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;

    for (int x = 0; x < surface->w; x++)
        if (row[x] != 0)
            return false;
    return true;
}

/* Copies the rows that have ink; the mask keeps where they were. */
static struct mask trimmed(const SDL_Surface *surface, int offset_x, int offset_y)
{
    int first = 0, end = surface->h;
    struct mask mask = {0};

    while (first < end && row_is_empty(surface, first))
        first++;
    while (end > first && row_is_empty(surface, end - 1))
        end--;
    if (first == end)
        return mask;
    mask = (struct mask){.width = surface->w,
        .pitch = surface->w,
        .height = end - first,
        .offset_x = offset_x,
        .offset_y = offset_y + first};
    mask.coverage = malloc((size_t)mask.pitch * (size_t)mask.height);
    if (mask.coverage == NULL)
        return (struct mask){0};
    for (int y = 0; y < mask.height; y++)
        memcpy(mask.coverage + (ptrdiff_t)y * mask.pitch,
            (const uint8_t *)surface->pixels + (ptrdiff_t)(y + first) * surface->pitch, (size_t)mask.width);
    return mask;
}

static struct mask render(struct fonts *fonts, const struct mask_key *key)
{
    static const SDL_Color white = {255, 255, 255, 255}, black = {0, 0, 0, 255};
    const struct open_font *slot = use(fonts, key->face, key->pixels);
    char room[PIECE_MAX_BYTES + 2];
    SDL_Surface *surface;
    struct mask mask;
    int above = 0;

    if (slot == NULL)
        return (struct mask){0};
    surface = TTF_RenderUTF8_Shaded(slot->font, terminated(room, key->text, key->length, ""), white, black);
    if (surface == NULL)
        return (struct mask){0};
    if (surface->h > TTF_FontHeight(slot->font))
        above = overshoot(slot->font, key->text, key->length);
    mask =
        trimmed(surface, -overhang(slot->font, key->text, key->length), -TTF_FontAscent(slot->font) - above);
    SDL_FreeSurface(surface);
    return mask;
}

struct mask fonts_mask(struct fonts *fonts, enum font_face face, int pixels, const char *text, size_t length)
{
    struct mask_key key = {.face = face, .pixels = pixels, .text = text, .length = length};
    const struct mask *found = mask_cache_find(fonts->cache, &key);
    struct mask made;

    if (found != NULL)
        return *found;
    made = render(fonts, &key);
    found = mask_cache_put_take(fonts->cache, &key, &made);
    return found != NULL ? *found : (struct mask){0};
}
