#include "provisioning/commands.h"

#include <string.h>

/* The groups keep the order in which a board and a center come to need them. */
const struct command *const commands[] = {
    &command_help,
    &command_init,
    &command_center_add,
    &command_staff_add,
    &command_exam_check,
    &command_exam_build,
    &command_exam_show,
    &command_publish,
    &command_programme_check,
    &command_programme_publish,
    &command_seat_invite,
    &command_seat_enrol,
    &command_seat_list,
    &command_seat_pack,
    &command_seat_load,
    &command_seat_revoke,
    &command_sitting_create,
    &command_sitting_admit,
    &command_sitting_codes,
    &command_sitting_readmit,
    &command_sitting_list,
    &command_candidate_show,
    &command_title_review,
    &command_title_revoke,
    &command_title_restore,
    &command_score,
    &command_result_show,
    &command_result_verify,
    &command_result_export,
    &command_result_import,
    NULL,
};

/* How many of the words name the command; 0 if they don't. */
static size_t words_of(const struct command *command, const char *const *words, size_t count)
{
    const char *name = command->name;

    for (size_t taken = 0; taken < count; taken++) {
        const size_t len = strcspn(name, " ");
        if (strlen(words[taken]) != len || memcmp(words[taken], name, len) != 0)
            return 0;
        if (name[len] == '\0')
            return taken + 1;
        name += len + 1;
    }
    return 0;
}

const struct command *command_find(const char *const *words, size_t count, size_t *taken)
{
    for (const struct command *const *command = commands; *command != NULL; command++) {
        *taken = words_of(*command, words, count);
        if (*taken > 0)
            return *command;
    }
    return NULL;
}
