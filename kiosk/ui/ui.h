/* ui.h: a frame of the user interface, from events to a display list.
 *
 * A screen is a function that calls widgets (widget.h) in reading order with what the model says; it keeps
 * no widgets. What must live from frame to frame (focus, where the pointer is, how far something is
 * scrolled) is kept here by the widgets' ids. The loop around it:
 *
 *     window_wait(window, deadline_ms, &event);
 *     ui_event(ui, &event);
 *     do {
 *         ui_begin(ui, scope);
 *         screen_question(ui, model);           // widgets say what was activated, the model changes
 *     } while (ui_end(ui));                     // built again when something changed while building
 *     window_show(window, ui_list(ui), &err);
 *
 * An activation is reported in one build only; what was drawn before it is built again with the changed
 * model before anything is shown.
 *
 * Units: a screen speaks in units (u, screens.md) and gets pixels from ui_px(). x counts from the leading
 * edge of the window, never from the left. */
#ifndef CARREL_UI_UI_H
#define CARREL_UI_UI_H

#include "core/error.h"
#include "kiosk/ui/display.h"
#include "kiosk/ui/event.h"
#include "kiosk/ui/font.h"
#include "kiosk/ui/paragraph.h"
#include "kiosk/ui/theme.h"

#include <stdbool.h>
#include <stdint.h>

/* Names a widget within a screen; 0 names none. Where there are many of a kind: UI_ID(ID_CHOICE, index), with
 * a base up to 0x3ffe. */
typedef uint32_t ui_id;
#define UI_ID(base, index) (((ui_id)(base) << 16) + (ui_id)(index))

struct ui;

struct ui *ui_new(struct fonts *fonts, struct error *err); /* borrows fonts */
void ui_free(struct ui *ui);                               /* NULL is fine */

/* The size of the window in pixels and of a unit at zoom 1 (window_scale()); theme; the candidate's zoom,
 * 1 to 2. Each takes effect with the next ui_begin(). */
void ui_set_size(struct ui *ui, int width, int height, double scale);
void ui_set_theme(struct ui *ui, enum theme_id theme);
void ui_set_zoom(struct ui *ui, double zoom);
enum theme_id ui_theme_id(const struct ui *ui);
double ui_zoom(const struct ui *ui);

/* Takes an event in. True when it can change what is on the screen: then a frame is due. */
bool ui_event(struct ui *ui, const struct ui_event *event);

/* Begins a frame. A new scope (another screen, another question) starts with no focus and scrolled to the
 * top; within a scope both are kept. */
void ui_begin(struct ui *ui, uint32_t scope);
/* Ends it. True: build the same frame once more, with the model as it is now. */
bool ui_end(struct ui *ui);
/* The finished frame, until the next ui_begin(). */
const struct display_list *ui_list(const struct ui *ui);
/* False when memory ran out while building: what is on the list is not the whole screen. */
bool ui_is_complete(const struct ui *ui);

/* True once if this key came and no widget wanted it. Case of a letter does not matter; modifiers do. */
bool ui_key(struct ui *ui, enum ui_key key, unsigned modifiers);
bool ui_key_character(struct ui *ui, uint32_t character, unsigned modifiers);

/* Moves the focus; 0 takes it away. ui_focused() says where it is. */
void ui_focus(struct ui *ui, ui_id id);
ui_id ui_focused(const struct ui *ui);

/* Units to pixels, rounded; never 0 for more than 0. */
int ui_px(const struct ui *ui, double units);
/* The window, in units. From 1200u on there is room for two columns. */
double ui_width_u(const struct ui *ui);
double ui_height_u(const struct ui *ui);
bool ui_is_wide(const struct ui *ui);

#endif
