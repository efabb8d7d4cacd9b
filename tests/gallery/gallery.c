/* carrel-gallery: shows the widgets of kiosk/ui in a window, or writes one page as a picture.
 *
 *   carrel-gallery [-p PAGE] [-t THEME] [-z ZOOM] [-s WIDTHxHEIGHT] [-w FILE.ppm] [-k KEYS] [-f]
 *
 * In the window F5 and F6 turn the pages, F2 changes the theme, F3 the zoom. -k presses keys before the
 * picture is taken: t Tab, d Down, s Space, e End, p PageDown. -f takes the whole display, as the kiosk does.
 * Not installed. */
#include "kiosk/ui/paint.h"
#include "kiosk/ui/window.h"
#include "tests/gallery/pages.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
    size_t page;
    enum theme_id theme;
    double zoom;
    int width, height;
    bool is_full;
    const char *file;
    const char *keys;
};

static size_t page_named(const char *name)
{
    for (size_t i = 0; i < page_count; i++)
        if (strcmp(pages[i].name, name) == 0)
            return i;
    fprintf(stderr, "gallery: no page %s\n", name);
    exit(EXIT_FAILURE);
}

static enum theme_id theme_named(const char *name)
{
    for (int i = 0; i < THEMES; i++)
        if (strcmp(theme_get((enum theme_id)i)->name, name) == 0)
            return (enum theme_id)i;
    fprintf(stderr, "gallery: no theme %s\n", name);
    exit(EXIT_FAILURE);
}

static struct options parse(int argc, char **argv)
{
    struct options options = {.zoom = 1, .width = 1280, .height = 800, .keys = ""};
    int option;

    while ((option = getopt(argc, argv, "p:t:z:s:w:k:f")) != -1)
        switch (option) {
        case 'p': options.page = page_named(optarg); break;
        case 't': options.theme = theme_named(optarg); break;
        case 'z': options.zoom = strtod(optarg, NULL); break;
        case 's': (void)sscanf(optarg, "%dx%d", &options.width, &options.height); break;
        case 'w': options.file = optarg; break;
        case 'k': options.keys = optarg; break;
        case 'f': options.is_full = true; break;
        default: exit(EXIT_FAILURE);
        }
    return options;
}

static void build(struct ui *ui, struct model *model, size_t page)
{
    do {
        ui_begin(ui, (uint32_t)page + 1);
        pages[page].build(ui, model);
    } while (ui_end(ui));
}

static void press(struct ui *ui, char letter)
{
    struct ui_event event = {.kind = UI_EVENT_KEY};

    switch (letter) {
    case 't': event.key = UI_KEY_TAB; break;
    case 'd': event.key = UI_KEY_DOWN; break;
    case 'e': event.key = UI_KEY_END; break;
    case 'p': event.key = UI_KEY_PAGE_DOWN; break;
    default:
        event.key = UI_KEY_CHARACTER;
        event.character = ' ';
        break;
    }
    ui_event(ui, &event);
}

static bool write_picture(const char *path, struct canvas canvas)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL)
        return false;
    fprintf(file, "P6 %d %d 255\n", canvas.width, canvas.height);
    for (int i = 0; i < canvas.width * canvas.height; i++) {
        uint32_t pixel = canvas.pixels[i];
        fputc((int)(pixel >> 16 & 0xff), file);
        fputc((int)(pixel >> 8 & 0xff), file);
        fputc((int)(pixel & 0xff), file);
    }
    return fclose(file) == 0;
}

static int picture(struct ui *ui, struct fonts *fonts, struct model *model, const struct options *options)
{
    struct rect changed[PAINT_MAX_RECTS];
    struct canvas canvas = {calloc((size_t)options->width * (size_t)options->height, 4), options->width,
        options->height, options->width};
    struct painter *painter = painter_new(fonts);
    bool ok;

    ui_set_size(ui, options->width, options->height, window_scale(options->width, options->height));
    build(ui, model, options->page);
    for (const char *key = options->keys; *key != '\0'; key++) {
        press(ui, *key);
        build(ui, model, options->page);
    }
    painter_paint(painter, ui_list(ui), canvas, changed);
    ok = ui_is_complete(ui) && write_picture(options->file, canvas);
    painter_free(painter);
    free(canvas.pixels);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* False when the window was closed. */
static bool step(struct window *window, struct ui *ui, struct options *options)
{
    struct ui_event event;
    int width, height;

    window_wait(window, WINDOW_NO_DEADLINE, &event);
    if (event.kind == UI_EVENT_QUIT)
        return false;
    window_size(window, &width, &height);
    ui_set_size(ui, width, height, window_scale(width, height));
    ui_event(ui, &event);
    if (ui_key(ui, UI_KEY_F2, 0))
        ui_set_theme(ui, (enum theme_id)((ui_theme_id(ui) + 1) % THEMES));
    if (ui_key(ui, UI_KEY_F3, 0))
        ui_set_zoom(ui, ui_zoom(ui) >= 2 ? 1 : ui_zoom(ui) + 0.25);
    if (ui_key(ui, UI_KEY_F6, 0))
        options->page = (options->page + 1) % page_count;
    if (ui_key(ui, UI_KEY_F5, 0))
        options->page = (options->page + page_count - 1) % page_count;
    return true;
}

static int show(struct ui *ui, struct fonts *fonts, struct model *model, struct options *options)
{
    struct error err = {0};
    struct window_options wanted = {.title = "Gallery",
        .is_windowed = !options->is_full,
        .width = options->width,
        .height = options->height};
    struct window *window = window_open(&wanted, fonts, &err);
    int width, height;

    if (window == NULL) {
        fprintf(stderr, "gallery: %s\n", err.text);
        return EXIT_FAILURE;
    }
    window_size(window, &width, &height);
    ui_set_size(ui, width, height, window_scale(width, height));
    do {
        build(ui, model, options->page);
        if (!window_show(window, ui_list(ui), &err))
            fprintf(stderr, "gallery: %s\n", err.text);
    } while (step(window, ui, options));
    window_free(window);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct options options = parse(argc, argv);
    struct error err = {0};
    struct fonts *fonts = fonts_new(FONTS_FOLDER, &err);
    struct ui *ui = fonts != NULL ? ui_new(fonts, &err) : NULL;
    struct model model;
    int result = EXIT_FAILURE;

    model_init(&model);
    if (ui == NULL) {
        fprintf(stderr, "gallery: %s\n", err.text);
        goto done;
    }
    ui_set_theme(ui, options.theme);
    ui_set_zoom(ui, options.zoom);
    result = options.file != NULL ? picture(ui, fonts, &model, &options) : show(ui, fonts, &model, &options);
done:
    ui_free(ui);
    fonts_free(fonts);
    return result;
}
