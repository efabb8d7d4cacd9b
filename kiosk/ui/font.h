/* font.h: the fonts of the screen, and small pictures of text made with them. SDL2_ttf enters here only.
 *
 * A piece of text (a word, a line, a number) in one face and size becomes a mask: one byte of coverage a
 * pixel, shaped by HarfBuzz, without colour. Masks are kept in a cache of bounded size, the least recently
 * used go first; so a mask is valid until the next call of fonts_mask(). All font files are mapped at once,
 * so that none is opened later, in a sandbox; they are read where a face is used: a first frame pays for its
 * own fonts only. Text is UTF-8; a sequence that is not shows as U+FFFD. Characters a face lacks come from
 * other Noto fonts where those are installed (fonts_face_for). */
#ifndef CARREL_UI_FONT_H
#define CARREL_UI_FONT_H

#include "core/error.h"

#include <stddef.h>
#include <stdint.h>

#define FONTS_FOLDER "/usr/share/fonts/truetype/noto"

enum font_face {
    FACE_TEXT,
    FACE_STRONG,
    FACE_EMPHASIS,
    FACE_CODE,
    FACE_CODE_STRONG,
    FACE_CODE_EMPHASIS, /* slanted from FACE_CODE: Noto has no italic monospace */
    FACE_FALLBACK,      /* the first of the faces for characters that the faces above lack */
    FACES = FACE_FALLBACK + 16
};

struct fonts;

/* folder is FONTS_FOLDER but in tests. Fails when Noto Sans or Noto Sans Mono is not there. */
struct fonts *fonts_new(const char *folder, struct error *err);
void fonts_free(struct fonts *fonts); /* NULL is fine */
/* How much memory the masks may take, 1 MiB at first. Less than one frame needs, and each frame makes them
 * anew. */
void fonts_keep(struct fonts *fonts, size_t max_bytes);
size_t fonts_kept(const struct fonts *fonts); /* how much they take, in bytes */

/* Where the baseline is below the top of a line of this height, so that capitals stand in its middle: text of
 * several sizes in lines of several heights then looks level. pixels is the em size, here and below; 6 to
 * 400. */
int font_baseline(int line, int pixels);

/* How far the pen moves for this text, in pixels. */
int fonts_advance(struct fonts *fonts, enum font_face face, int pixels, const char *text, size_t length);

/* The same for one character of a code face, unrounded: column c of a listing begins at c × this. */
double fonts_cell(struct fonts *fonts, enum font_face face, int pixels);

/* The face that can show the text's first character, `face` itself where it can, and in *length how many
 * bytes of the text it can go on for. */
enum font_face fonts_face_for(struct fonts *fonts, enum font_face face, const char *text, size_t *length);

struct mask {
    uint8_t *coverage; /* to be read only; NULL when there is nothing to see: a space */
    int width, height, pitch;
    int offset_x, offset_y; /* from the pen on the baseline to the upper leading corner */
};

struct mask fonts_mask(struct fonts *fonts, enum font_face face, int pixels, const char *text, size_t length);

#endif
