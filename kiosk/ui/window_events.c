#include <stdio.h>
#include <string.h>

#include "kiosk/ui/window_private.h"

static unsigned modifiers_of(SDL_Keymod state)
{
    unsigned modifiers = 0;

    if (state & KMOD_SHIFT)
        modifiers |= UI_SHIFT;
    if (state & KMOD_CTRL)
        modifiers |= UI_CONTROL;
    if (state & (KMOD_LALT | KMOD_LGUI | KMOD_RGUI)) /* the right Alt makes characters */
        modifiers |= UI_ALT;
    return modifiers;
}

static enum ui_key named_key(SDL_Keycode code)
{
    static const struct {
        SDL_Keycode code;
        enum ui_key key;
    } names[] = {
        {SDLK_TAB, UI_KEY_TAB},
        {SDLK_RETURN, UI_KEY_ENTER},
        {SDLK_KP_ENTER, UI_KEY_ENTER},
        {SDLK_ESCAPE, UI_KEY_ESCAPE},
        {SDLK_BACKSPACE, UI_KEY_BACKSPACE},
        {SDLK_DELETE, UI_KEY_DELETE},
        {SDLK_UP, UI_KEY_UP},
        {SDLK_DOWN, UI_KEY_DOWN},
        {SDLK_LEFT, UI_KEY_LEFT},
        {SDLK_RIGHT, UI_KEY_RIGHT},
        {SDLK_HOME, UI_KEY_HOME},
        {SDLK_END, UI_KEY_END},
        {SDLK_PAGEUP, UI_KEY_PAGE_UP},
        {SDLK_PAGEDOWN, UI_KEY_PAGE_DOWN},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == code)
            return names[i].key;
    if (code >= SDLK_F1 && code <= SDLK_F12)
        return (enum ui_key)(UI_KEY_F1 + (code - SDLK_F1));
    return UI_KEY_NONE;
}

static bool translate_key(const SDL_KeyboardEvent *from, struct ui_event *event)
{
    SDL_Keycode code = from->keysym.sym;

    event->kind = UI_EVENT_KEY;
    event->key = named_key(code);
    event->modifiers = modifiers_of((SDL_Keymod)from->keysym.mod);
    event->is_repeat = from->repeat != 0;
    if (event->key == UI_KEY_NONE && code >= ' ' && !(code & SDLK_SCANCODE_MASK)) {
        event->key = UI_KEY_CHARACTER;
        event->character = (uint32_t)code;
    }
    return event->key != UI_KEY_NONE;
}

static bool translate_window(struct window *window, const SDL_WindowEvent *from, struct ui_event *event)
{
    switch (from->event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        window->width = from->data1;
        window->height = from->data2;
        painter_forget(window->painter);
        event->kind = UI_EVENT_RESIZE;
        event->width = from->data1;
        event->height = from->data2;
        return true;
    case SDL_WINDOWEVENT_EXPOSED:
        window->is_exposed = true;
        event->kind = UI_EVENT_EXPOSE;
        return true;
    case SDL_WINDOWEVENT_LEAVE: event->kind = UI_EVENT_POINTER_LEAVE; return true;
    default: return false;
    }
}

static bool translate_button(const SDL_MouseButtonEvent *from, struct ui_event *event)
{
    event->kind = from->type == SDL_MOUSEBUTTONDOWN ? UI_EVENT_POINTER_DOWN : UI_EVENT_POINTER_UP;
    event->x = from->x;
    event->y = from->y;
    event->modifiers = modifiers_of(SDL_GetModState());
    return from->button == SDL_BUTTON_LEFT;
}

static bool translate_wheel(const SDL_MouseWheelEvent *from, struct ui_event *event)
{
    double turn = from->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;

    event->kind = UI_EVENT_WHEEL;
    event->wheel_x = turn * (double)from->preciseX;
    event->wheel_y = -turn * (double)from->preciseY;
    event->modifiers = modifiers_of(SDL_GetModState());
    SDL_GetMouseState(&event->x, &event->y);
    return true;
}

/* Only where the pointer is now matters, not the way it took. */
static bool is_followed_by_motion(void)
{
    SDL_Event next;

    return SDL_PeepEvents(&next, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) == 1 &&
           next.type == SDL_MOUSEMOTION;
}

bool window_translate(struct window *window, const SDL_Event *from, struct ui_event *event)
{
    *event = (struct ui_event){.kind = UI_EVENT_NONE};
    switch (from->type) {
    case SDL_KEYDOWN: return translate_key(&from->key, event);
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP: return translate_button(&from->button, event);
    case SDL_MOUSEWHEEL: return translate_wheel(&from->wheel, event);
    case SDL_WINDOWEVENT: return translate_window(window, &from->window, event);
    case SDL_MOUSEMOTION:
        event->kind = UI_EVENT_POINTER_MOVE;
        event->x = from->motion.x;
        event->y = from->motion.y;
        window->is_exposed |= window->pointer != NULL;
        return !is_followed_by_motion();
    case SDL_TEXTINPUT:
        event->kind = UI_EVENT_TEXT;
        snprintf(event->text, sizeof event->text, "%s", from->text.text);
        return event->text[0] != '\0';
    case SDL_QUIT: event->kind = UI_EVENT_QUIT; return true;
    default: return false;
    }
}
