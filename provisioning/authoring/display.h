/* display.h: a virtual X display of our own, for listings that open windows.
 *
 * Xvfb, reached by its abstract socket alone (it leaves no file), and only with the cookie in a file that
 * nobody else can read. */
#ifndef CARREL_PROVISIONING_AUTHORING_DISPLAY_H
#define CARREL_PROVISIONING_AUTHORING_DISPLAY_H

#include "core/file.h"
#include "provisioning/authoring/service.h"

#define DISPLAY_PROGRAM "/usr/bin/Xvfb"
#define DISPLAY_PACKAGE "xvfb"

struct display {
    struct service server;
    char name[16];                  /* for DISPLAY: ":1" */
    char authority[FILE_PATH_SIZE]; /* for XAUTHORITY */
};

/* In a folder that is there and ours alone. Returns when it can be used. End it in any case. */
bool display_start(struct display *display, const char *folder, char *const *environment,
    const struct patience *patience, struct error *err);
void display_end(struct display *display);

#endif
