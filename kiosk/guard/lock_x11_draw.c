#include <X11/Xutil.h>
#include <math.h>

#include "kiosk/guard/glyphs.h"
#include "kiosk/guard/lock_x11.h"

/* The dark theme of the screens, and the stripes of a staff screen. */
#define GROUND 0x14171bu
#define INK 0xe8eaedu
#define MUTED 0xa5afbau
#define LINE 0x39414bu
#define STRIPE_DARK 0x2b333du
#define STRIPE_LIGHT 0x353f4bu

#define UNITS_HIGH 800.0 /* a display's height in logical units */
#define COLUMN_UNITS 620.0
#define HEADER_UNITS 56.0
#define STRIPE_UNITS 20.0

unsigned long x11_draw_ground(void)
{
    return GROUND;
}

/* Where the next line goes, on one output. */
struct sheet {
    struct x11 *x11;
    double unit; /* pixels of a logical unit */
    double x, y;
};

/* ---- a line of text ---- */

static const struct glyph *glyph_of(char character)
{
    const unsigned char code = (unsigned char)character;

    return &glyphs[code >= GLYPHS_FIRST && code <= GLYPHS_DOT ? code - GLYPHS_FIRST : '?' - GLYPHS_FIRST];
}

static double text_width(const char *text, double size)
{
    double width = 0;

    for (; *text != '\0'; text++)
        width += glyph_of(*text)->advance * size / GLYPHS_EM;
    return width;
}

/* How much of [from, to) lies in the mask's pixel at place. */
static double overlap(int place, double from, double to)
{
    return fmax(0, fmin(place + 1, to) - fmax(place, from));
}

/* The mean coverage of the mask within a rectangle in its own pixels: scaling without steps. */
static double coverage(const struct glyph *glyph, double left, double top, double width, double height)
{
    const uint8_t *mask = glyphs_masks + glyph->offset;
    double sum = 0;

    for (int y = (int)fmax(0, floor(top)); y < fmin(glyph->height, top + height); y++)
        for (int x = (int)fmax(0, floor(left)); x < fmin(glyph->width, left + width); x++)
            sum +=
                mask[y * glyph->width + x] * overlap(x, left, left + width) * overlap(y, top, top + height);
    return sum / (width * height * 255);
}

static uint32_t mix(uint32_t below, uint32_t above, double part)
{
    uint32_t mixed = 0;

    for (int shift = 0; shift <= 16; shift += 8) {
        const double from = below >> shift & 0xff, to = above >> shift & 0xff;
        mixed |= (uint32_t)lround(from + (to - from) * part) << shift;
    }
    return mixed;
}

struct canvas {
    uint32_t *pixels;
    int width, height;
};

static bool canvas_make(struct canvas *canvas, double width, double height, uint32_t ground)
{
    *canvas = (struct canvas){.width = (int)ceil(width), .height = (int)ceil(height)};
    canvas->pixels = calloc((size_t)canvas->width * (size_t)canvas->height, sizeof *canvas->pixels);
    for (int i = 0; canvas->pixels != NULL && i < canvas->width * canvas->height; i++)
        canvas->pixels[i] = ground;
    return canvas->pixels != NULL;
}

static void blend_glyph(
    struct canvas *canvas, const struct glyph *glyph, double pen, double base, double size, uint32_t ink)
{
    const double scale = GLYPHS_EM / size; /* mask pixels in one of ours */
    const double left = pen + glyph->left / scale, top = base - glyph->top / scale;
    const int right = (int)ceil(left + glyph->width / scale), bottom = (int)ceil(top + glyph->height / scale);

    for (int y = (int)fmax(0, floor(top)); y < bottom && y < canvas->height; y++)
        for (int x = (int)fmax(0, floor(left)); x < right && x < canvas->width; x++) {
            uint32_t *pixel = &canvas->pixels[y * canvas->width + x];
            const double part = coverage(glyph, (x - left) * scale, (y - top) * scale, scale, scale);

            *pixel = mix(*pixel, ink, fmin(part, 1));
        }
}

static void blend_text(
    struct canvas *canvas, const char *text, double pen, double top, double size, uint32_t ink)
{
    for (; *text != '\0'; text++) {
        blend_glyph(canvas, glyph_of(*text), pen, top + size * 1.07, size, ink);
        pen += glyph_of(*text)->advance * size / GLYPHS_EM;
    }
}

/* Hands the pixels to the server and frees them. */
static void canvas_put(struct canvas *canvas, struct x11 *x11, double x, double y)
{
    const int screen = DefaultScreen(x11->display);
    const unsigned width = (unsigned)canvas->width, height = (unsigned)canvas->height;
    XImage *image = XCreateImage(x11->display, DefaultVisual(x11->display, screen),
        (unsigned)DefaultDepth(x11->display, screen), ZPixmap, 0, (char *)canvas->pixels, width, height, 32,
        0);

    if (image != NULL && image->bits_per_pixel == 32) /* every display of this century */
        XPutImage(x11->display, x11->curtain, x11->context, image, 0, 0, (int)x, (int)y, width, height);
    if (image != NULL) {
        image->data = NULL; /* ours */
        XDestroyImage(image);
    }
    free(canvas->pixels);
}

static void draw_text(struct sheet *sheet, const char *text, double units, uint32_t ink)
{
    const double size = units * sheet->unit;
    struct canvas canvas;

    if (!canvas_make(&canvas, text_width(text, size) + 2, size * 1.4, GROUND))
        return; /* covered without words */
    blend_text(&canvas, text, 1, 0, size, ink);
    canvas_put(&canvas, sheet->x11, sheet->x, sheet->y);
}

/* ---- the sheet ---- */

static void line(struct sheet *sheet, const char *text, double units, uint32_t ink)
{
    draw_text(sheet, text, units, ink);
    sheet->y += units * 1.6 * sheet->unit;
}

static void fill(struct x11 *x11, uint32_t colour, int x, int y, int width, int height)
{
    XSetForeground(x11->display, x11->context, colour);
    XFillRectangle(x11->display, x11->curtain, x11->context, x, y, (unsigned)width, (unsigned)height);
}

/* Stripes at 45 degrees, with smooth edges. */
static void blend_stripes(struct canvas *canvas, double step)
{
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            const double at = fmod(x + y, 2 * step);
            const double part = fmin(fmin(at, 1), fmax(0, step - at));

            canvas->pixels[y * canvas->width + x] = mix(STRIPE_DARK, STRIPE_LIGHT, fmin(part, 1));
        }
}

/* The header that no candidate's screen has. */
static void draw_header(struct sheet *sheet, const struct x11_area *area)
{
    struct canvas canvas;

    if (!canvas_make(&canvas, area->width, HEADER_UNITS * sheet->unit, STRIPE_DARK))
        return;
    blend_stripes(&canvas, STRIPE_UNITS * sheet->unit);
    blend_text(&canvas, "Staff", 24 * sheet->unit, 16 * sheet->unit, 18 * sheet->unit, INK);
    canvas_put(&canvas, sheet->x11, area->x, area->y);
}

/* A field with a dot for each character of a code. */
static void draw_field(struct sheet *sheet, unsigned typed)
{
    const int edge = (int)fmax(1, sheet->unit);
    const int width = (int)(360 * sheet->unit), height = (int)(48 * sheet->unit);
    char dots[33];
    struct sheet inner = *sheet;

    fill(sheet->x11, MUTED, (int)sheet->x, (int)sheet->y, width, height);
    fill(sheet->x11, GROUND, (int)sheet->x + edge, (int)sheet->y + edge, width - 2 * edge, height - 2 * edge);
    memset(dots, GLYPHS_DOT, sizeof dots);
    dots[typed < sizeof dots ? typed : sizeof dots - 1] = '\0';
    inner.x += 12 * sheet->unit;
    inner.y += 7 * sheet->unit;
    draw_text(&inner, dots, 24, INK);
    sheet->y += 64 * sheet->unit;
}

static void draw_output(struct x11 *x11, const struct x11_area *area)
{
    const struct lock_notice *notice = &x11->notice;
    struct sheet sheet = {.x11 = x11, .unit = area->height / UNITS_HIGH};

    sheet.unit = fmin(sheet.unit, area->width / (COLUMN_UNITS + 48));
    sheet.x = area->x + (area->width - COLUMN_UNITS * sheet.unit) / 2;
    sheet.y = area->y + area->height * 0.34;
    if (notice->is_staff)
        draw_header(&sheet, area);
    line(&sheet, notice->title == NULL ? "" : notice->title, 28, INK);
    sheet.y += 8 * sheet.unit;
    for (int i = 0; i < LOCK_LINES && notice->lines[i] != NULL; i++)
        line(&sheet, notice->lines[i], 18, INK);
    sheet.y += 16 * sheet.unit;
    if (notice->is_staff)
        draw_field(&sheet, notice->typed);
    if (notice->code != NULL)
        line(&sheet, notice->code, 15, MUTED);
}

void x11_draw(struct x11 *x11)
{
    x11->must_draw = false;
    XClearWindow(x11->display, x11->curtain);
    for (unsigned i = 0; i < x11->output_count; i++)
        draw_output(x11, &x11->outputs[i]);
}
