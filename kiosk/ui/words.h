/* words.h: every string a person sees goes through the catalogue of translations (assets/translations).
 * Sentences are whole; numbers and names enter through format arguments, never glued. */
#ifndef CARREL_UI_WORDS_H
#define CARREL_UI_WORDS_H

#include <libintl.h>

#define _(text) gettext(text)
#define PLURAL(one, many, count) ngettext(one, many, (unsigned long)(count))

#endif
