/* commands.h: every command there is. To add one: its file in provisioning/commands/, a line here, a line in
 * commands.c, one in CMakeLists.txt and its man page. */
#ifndef CARREL_PROVISIONING_COMMANDS_H
#define CARREL_PROVISIONING_COMMANDS_H

#include "provisioning/command.h"

extern const struct command command_candidate_show;
extern const struct command command_center_add;
extern const struct command command_exam_build;
extern const struct command command_exam_check;
extern const struct command command_exam_show;
extern const struct command command_help;
extern const struct command command_init;
extern const struct command command_programme_check;
extern const struct command command_programme_publish;
extern const struct command command_publish;
extern const struct command command_result_export;
extern const struct command command_result_import;
extern const struct command command_result_show;
extern const struct command command_result_verify;
extern const struct command command_score;
extern const struct command command_seat_enrol;
extern const struct command command_seat_invite;
extern const struct command command_seat_list;
extern const struct command command_seat_load;
extern const struct command command_seat_pack;
extern const struct command command_seat_revoke;
extern const struct command command_sitting_admit;
extern const struct command command_sitting_codes;
extern const struct command command_sitting_create;
extern const struct command command_sitting_list;
extern const struct command command_sitting_readmit;
extern const struct command command_staff_add;
extern const struct command command_title_restore;
extern const struct command command_title_review;
extern const struct command command_title_revoke;

#endif
