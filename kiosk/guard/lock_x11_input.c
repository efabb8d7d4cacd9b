#include <X11/XF86keysym.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>

#include "kiosk/guard/lock_x11.h"

#define BUTTONS_MAX 7 /* left, middle, right, and the wheel in four directions */

/* ---- which keys pass ---- */

/* A letter, digit, sign of any writing; not a function. */
static bool is_character(KeySym key)
{
    return (key >= 0x20 && key < 0xfd00) || (key & 0xff000000) == 0x01000000;
}

static bool is_one_of(KeySym key, const KeySym *list)
{
    for (; *list != NoSymbol; list++)
        if (*list == key)
            return true;
    return false;
}

static bool is_move(KeySym key)
{
    static const KeySym moves[] = {XK_Left, XK_Right, XK_Up, XK_Down, XK_Home, XK_End, XK_Page_Up,
        XK_Page_Down, XK_KP_Left, XK_KP_Right, XK_KP_Up, XK_KP_Down, XK_KP_Home, XK_KP_End, XK_KP_Page_Up,
        XK_KP_Page_Down, NoSymbol};

    return is_one_of(key, moves);
}

static bool is_edit(KeySym key)
{
    static const KeySym edits[] = {XK_Return, XK_KP_Enter, XK_Tab, XK_ISO_Left_Tab, XK_BackSpace, XK_Delete,
        XK_Insert, XK_KP_Delete, XK_KP_Insert, XK_KP_Add, XK_KP_Subtract, XK_KP_Multiply, XK_KP_Divide,
        NoSymbol};

    return is_one_of(key, edits) || (key >= XK_KP_0 && key <= XK_KP_9);
}

/* Keys that some program or the X server itself could take as a command. */
static bool is_command(KeySym key)
{
    static const KeySym commands[] = {XK_Super_L, XK_Super_R, XK_Hyper_L, XK_Hyper_R, XK_Print, XK_Sys_Req,
        XK_Pause, XK_Break, XK_Execute, XK_Select, XK_Find, XK_Cancel, XK_Terminate_Server, NoSymbol};

    /* 0x1008xxxx are the vendor's: XF86 keys (sleep, mail, switching terminals, ungrabbing). */
    return is_one_of(key, commands) || (key & 0xffff0000) == 0x10080000;
}

static bool is_modifier(KeySym key)
{
    return IsModifierKey(key) || key == XK_ISO_Level3_Shift || key == XK_ISO_Level5_Shift ||
           key == XK_Mode_switch;
}

bool x11_input_may_pass(KeySym symbol, KeySym plain, unsigned modifiers)
{
    const bool has_control = (modifiers & ControlMask) != 0;
    const bool has_alt = (modifiers & Mod1Mask) != 0;

    if (is_command(symbol) || is_command(plain) || (modifiers & Mod4Mask) != 0)
        return false;
    if (is_modifier(plain))
        return true;
    if (has_control && has_alt)
        return false;
    if (has_control)
        return is_character(plain) || is_move(plain) || is_edit(plain);
    if (has_alt)
        return (is_character(plain) && plain != XK_space) || is_move(plain);
    return true;
}

/* ---- keys ---- */

static bool is_pressed(const struct x11 *x11, unsigned keycode)
{
    return (x11->pressed[keycode / 8 % 32] >> keycode % 8 & 1) != 0;
}

static void note_pressed(struct x11 *x11, unsigned keycode, bool is_down)
{
    const unsigned char bit = (unsigned char)(1u << keycode % 8);

    if (is_down)
        x11->pressed[keycode / 8 % 32] |= bit;
    else
        x11->pressed[keycode / 8 % 32] &= (unsigned char)~bit;
}

static void send_key(struct x11 *x11, XKeyEvent *key)
{
    const bool is_down = key->type == KeyPress;

    note_pressed(x11, key->keycode, is_down);
    if (x11->screen == None)
        return;
    key->window = x11->screen;
    key->subwindow = None;
    (void)XSendEvent(
        x11->display, x11->screen, False, is_down ? KeyPressMask : KeyReleaseMask, (XEvent *)key);
}

static void queue_typed(struct x11 *x11, char key)
{
    if (x11->typed_count < X11_TYPED_MAX)
        x11->typed[x11->typed_count++] = key;
}

/* On the staff screen: printable ASCII and three keys. */
static void take_typed(struct x11 *x11, KeySym symbol, char character)
{
    if (symbol == XK_Return || symbol == XK_KP_Enter)
        queue_typed(x11, LOCK_ENTER);
    else if (symbol == XK_BackSpace)
        queue_typed(x11, LOCK_BACKSPACE);
    else if (symbol == XK_Escape)
        queue_typed(x11, LOCK_ESCAPE);
    else if (character >= ' ' && character <= '~')
        queue_typed(x11, character);
}

static void press(struct x11 *x11, XKeyEvent *key)
{
    char text[8] = "";
    KeySym symbol = NoSymbol;
    const int len = XLookupString(key, text, sizeof text, &symbol, NULL);

    if (x11->is_covered) {
        if (x11->notice.is_staff)
            take_typed(x11, symbol, len == 1 ? text[0] : '\0');
    } else if (x11_input_may_pass(symbol, XLookupKeysym(key, 0), key->state))
        send_key(x11, key);
    explicit_bzero(text, sizeof text); /* may be part of a code */
}

/* A release passes if its press did, covered or not: no key stays down. */
static void release(struct x11 *x11, XKeyEvent *key)
{
    if (is_pressed(x11, key->keycode))
        send_key(x11, key);
}

/* ---- pointer ---- */

static void send_pointer(struct x11 *x11, XEvent *event, long mask)
{
    const struct x11_area *area = x11_primary(x11);

    if (x11->screen == None)
        return;
    /* Button and motion events have these fields at the same places. */
    event->xbutton.window = x11->screen;
    event->xbutton.subwindow = None;
    event->xbutton.x = event->xbutton.x_root - area->x;
    event->xbutton.y = event->xbutton.y_root - area->y;
    (void)XSendEvent(x11->display, x11->screen, False, mask, event);
}

static void click(struct x11 *x11, XEvent *event)
{
    const unsigned bit = event->xbutton.button <= BUTTONS_MAX ? 1u << event->xbutton.button : 0;
    const bool is_down = event->type == ButtonPress;

    if (is_down ? x11->is_covered || bit == 0 : (x11->buttons & bit) == 0)
        return;
    x11->buttons = is_down ? x11->buttons | bit : x11->buttons & ~bit;
    send_pointer(x11, event, is_down ? ButtonPressMask : ButtonReleaseMask);
}

/* Only the newest of a run of movements is worth sending: a fast mouse makes a thousand a second. */
static void move(struct x11 *x11, XEvent *event)
{
    XEvent newer;

    while (XEventsQueued(x11->display, QueuedAlready) > 0) {
        XPeekEvent(x11->display, &newer);
        if (newer.type != MotionNotify)
            break;
        XNextEvent(x11->display, event);
    }
    if (!x11->is_covered)
        send_pointer(x11, event, PointerMotionMask);
}

void x11_input_event(struct x11 *x11, XEvent *event)
{
    switch (event->type) {
    case KeyPress: press(x11, &event->xkey); break;
    case KeyRelease: release(x11, &event->xkey); break;
    case ButtonPress:
    case ButtonRelease: click(x11, event); break;
    case MotionNotify: move(x11, event); break;
    default: break;
    }
}
