/* event.h: what happens at the window, in our own words. Nothing behind window.c knows SDL's. */
#ifndef CARREL_UI_EVENT_H
#define CARREL_UI_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum ui_event_kind {
    UI_EVENT_NONE, /* the deadline came */
    UI_EVENT_KEY,  /* a key went down */
    UI_EVENT_TEXT, /* what was typed, after layout, dead keys and input method */
    UI_EVENT_POINTER_MOVE,
    UI_EVENT_POINTER_DOWN,
    UI_EVENT_POINTER_UP,
    UI_EVENT_POINTER_LEAVE,
    UI_EVENT_WHEEL,
    UI_EVENT_RESIZE,
    UI_EVENT_EXPOSE,   /* the window's content was lost */
    UI_EVENT_READABLE, /* a watched file descriptor has something, or is at its end */
    UI_EVENT_QUIT,     /* the window system asks the program to end */
};

enum ui_key {
    UI_KEY_NONE,
    UI_KEY_CHARACTER, /* `character` says which: the key's own, without Shift */
    UI_KEY_TAB,
    UI_KEY_ENTER,
    UI_KEY_ESCAPE,
    UI_KEY_BACKSPACE,
    UI_KEY_DELETE,
    UI_KEY_UP,
    UI_KEY_DOWN,
    UI_KEY_LEFT,
    UI_KEY_RIGHT,
    UI_KEY_HOME,
    UI_KEY_END,
    UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN,
    UI_KEY_F1, /* F2 to F12 follow */
    UI_KEY_F2,
    UI_KEY_F3,
    UI_KEY_F4,
    UI_KEY_F5,
    UI_KEY_F6,
    UI_KEY_F7,
    UI_KEY_F8,
    UI_KEY_F9,
    UI_KEY_F10,
    UI_KEY_F11,
    UI_KEY_F12,
};

enum { UI_SHIFT = 1, UI_CONTROL = 2, UI_ALT = 4 };

struct ui_event {
    enum ui_event_kind kind;
    enum ui_key key;
    uint32_t character; /* key: Unicode; the space bar is ' ' */
    unsigned modifiers; /* key, pointer, wheel: UI_SHIFT… */
    bool is_repeat;     /* key: held down */
    char text[32];      /* text: UTF-8, NUL-terminated */
    int x, y;           /* pointer, wheel: pixels */
    double wheel_x;     /* notches, positive towards the end of the content */
    double wheel_y;
    int width, height; /* resize: pixels */
    int descriptor;    /* readable */
};

#endif
