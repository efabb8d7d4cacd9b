/* package_names.h: what package.c and package_build.c call things. */
#ifndef CARREL_PACKAGE_NAMES_H
#define CARREL_PACKAGE_NAMES_H

#define PACKAGE_EXAM_FILE "exam.json" /* in the zip */
#define PACKAGE_KEY_FILE "key.json"   /* in the zip of a practice package, nowhere else */
#define PACKAGE_MEDIA "media/"
#define EXAM_FACTS_FORMAT 1 /* "format" in NAME.open */

enum { PACKAGE_ID_BYTES = 16 };

#endif
