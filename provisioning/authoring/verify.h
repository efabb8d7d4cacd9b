/* verify.h: runs the listings of a bank and compares what they print with the choices. */
#ifndef CARREL_PROVISIONING_AUTHORING_VERIFY_H
#define CARREL_PROVISIONING_AUTHORING_VERIFY_H

#include "provisioning/authoring/bank.h"

struct verify_progress {
    /* Told how many of total are done; false: stop. */
    bool (*tell)(void *context, size_t done, size_t total);
    void *context;
};

/* Notes every key that is not what its listing prints. *ran: how many ran. False only where listings could
 * not be run at all, or were stopped. */
bool verify_bank(const struct bank *bank, const struct verify_progress *progress, struct mistakes *mistakes,
    size_t *ran, struct error *err);

/* A printed text as it is compared: without blanks at the ends of lines and empty lines at the end. In place.
 */
void verify_trim(char *text);

#endif
