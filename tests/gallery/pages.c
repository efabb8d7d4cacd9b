/* pages.c: the screens of the design mocks, and some that are harder on the layout. */
#include "tests/gallery/pages.h"

#include <stdio.h>
#include <string.h>

enum {
    ID_PREVIOUS = 1,
    ID_NEXT,
    ID_FLAG,
    ID_REVIEW,
    ID_TOOLS,
    ID_LISTING,
    ID_CANCEL,
    ID_START,
    ID_CODE,
    ID_INITIALS,
    ID_DANGER,
    ID_DISABLED,
    ID_CHOICE,
    ID_CELL,
    ID_FILTER
};

static void footer(struct ui *ui, struct model *model, int question)
{
    bool *flagged = &model->flagged[question - 1];

    ui_footer_begin(ui);
    ui_row_group(ui, ALIGN_LEADING);
    ui_button(ui, ID_PREVIOUS, &(struct button){.label = "Previous", .icon = ICON_BACK});
    ui_row_group(ui, ALIGN_MIDDLE);
    if (ui_button(ui, ID_FLAG,
            &(struct button){.label = *flagged ? "Flagged" : "Flag",
                .icon = *flagged ? ICON_FLAG_FULL : ICON_FLAG,
                .role = *flagged ? ROLE_CAUTION : ROLE_INHERIT}))
        *flagged = !*flagged;
    ui_button(ui, ID_REVIEW, &(struct button){.label = "Review all"});
    ui_button(ui, ID_TOOLS, &(struct button){.label = "Tools", .look = BUTTON_GHOST});
    ui_row_group(ui, ALIGN_TRAILING);
    ui_button(ui, ID_NEXT, &(struct button){.label = "Next", .icon = ICON_FORWARD, .look = BUTTON_PRIMARY});
    ui_footer_end(ui);
}

static void choice(
    struct ui *ui, int index, enum choice_mark mark, bool *is_chosen, enum run_style style, const char *text)
{
    const char letter[2] = {(char)('A' + index), '\0'};
    struct response response = {.letter = letter, .mark = mark, .is_chosen = *is_chosen};

    ui_response_begin(ui, UI_ID(ID_CHOICE, index), &response);
    ui_runs(ui, SIZE_TEXT, ROLE_INK, &(struct run){.text = text, .style = style}, 1);
    if (ui_response_end(ui))
        *is_chosen = !*is_chosen;
}

static const char program[] = "def pick(values, step=2):\n"
                              "    result = []\n"
                              "    for i in range(len(values)):\n"
                              "        if i % step:\n"
                              "            result.append(values[i])  # keep it\n"
                              "    return result\n"
                              "\n"
                              "print(pick(\"carrel\"), pick([4, 8, 15], 3))\n";

static const struct {
    const char *word;
    enum color_role role;
} words[] = {{"def", ROLE_CODE_KEYWORD}, {"pick", ROLE_CODE_NAME}, {"2", ROLE_CODE_NUMBER},
    {"for", ROLE_CODE_KEYWORD}, {"in", ROLE_CODE_KEYWORD}, {"if", ROLE_CODE_KEYWORD},
    {"# keep it", ROLE_CODE_COMMENT}, {"return", ROLE_CODE_KEYWORD}, {"\"carrel\"", ROLE_CODE_STRING},
    {"4", ROLE_CODE_NUMBER}, {"8", ROLE_CODE_NUMBER}, {"15", ROLE_CODE_NUMBER}, {"3", ROLE_CODE_NUMBER}};
#define WORDS (sizeof words / sizeof words[0])

static size_t find_spans(const char *text, struct code_span spans[WORDS])
{
    size_t at = 0, count = 0;

    for (size_t i = 0; i < WORDS; i++) {
        const char *found = strstr(text + at, words[i].word);
        if (found == NULL)
            continue;
        at = (size_t)(found - text);
        spans[count++] = (struct code_span){(uint32_t)at, (uint32_t)strlen(words[i].word), words[i].role};
        at += strlen(words[i].word);
    }
    return count;
}

static void single(struct ui *ui, struct model *model)
{
    static const char *const texts[] = {"['c', 'r', 'e'] [8, 15]", "['a', 'r', 'l'] [8, 15]",
        "['a', 'r', 'l'] [15]", "Nothing: a TypeError is raised in line 5."};

    for (int i = 0; i < 4; i++) {
        bool is_chosen = model->chosen == i, was = is_chosen;
        choice(ui, i, MARK_RING, &is_chosen, i < 3 ? RUN_CODE : RUN_TEXT, texts[i]);
        if (is_chosen != was)
            model->chosen = i;
    }
}

static void question(struct ui *ui, struct model *model)
{
    struct code_span spans[WORDS];
    struct listing listing = {.text = program,
        .length = sizeof program - 1,
        .spans = spans,
        .span_count = find_spans(program, spans),
        .has_numbers = true,
        .height_u = LISTING_FIT};

    ui_header(ui, &(struct header){.title = "PCEP",
                      .section = "Question 12 of 30",
                      .middle = "Seat 12",
                      .state = "Saved",
                      .state_icon = ICON_CHECK,
                      .state_role = ROLE_SAVED,
                      .time = "0:27:41"});
    ui_body_begin(ui, &(struct body){.width_u = ui_is_wide(ui) ? UI_SPLIT_U : UI_READING_U});
    ui_split_begin(ui, 560);
    ui_listing(ui, ID_LISTING, &listing);
    ui_split_next(ui);
    ui_heading(ui, "What does this program print?");
    ui_space(ui, 14);
    ui_label(ui, "Choose one answer.");
    ui_space(ui, 14);
    single(ui, model);
    ui_split_end(ui);
    ui_body_end(ui);
    footer(ui, model, 12);
}

static void multiple(struct ui *ui, struct model *model)
{
    static const char *const texts[] = {"0.1 + 0.2 != 0.3", "7 // -2 == -3", "\"abc\" < \"abd\" < \"b\"",
        "bool(\"False\") == False", "not 0 or 1 / 0"};
    static const struct run heading[] = {
        {.text = "Which of these expressions are "}, {.text = "True", .style = RUN_CODE}, {.text = "?"}};
    char chosen[32];
    int count = 0;

    for (int i = 0; i < 5; i++)
        count += model->boxes[i];
    snprintf(chosen, sizeof chosen, "%d of 2 chosen", count);
    ui_header(ui, &(struct header){.title = "PCEP",
                      .section = "Question 21 of 30",
                      .middle = "Seat 12",
                      .state = "Saved",
                      .state_icon = ICON_CHECK,
                      .state_role = ROLE_SAVED,
                      .time = "0:04:58"});
    ui_notice(ui, NOTICE_CAUTION, "5 minutes left. 4 questions are not answered yet.", NULL);
    ui_body_begin(ui, &(struct body){.width_u = UI_READING_U});
    ui_runs(ui, SIZE_HEADING, ROLE_INK, heading, 3);
    ui_space(ui, 14);
    ui_label_pair(ui, "Choose two answers.", chosen);
    ui_space(ui, 14);
    for (int i = 0; i < 5; i++)
        choice(ui, i, MARK_BOX, &model->boxes[i], RUN_CODE, texts[i]);
    ui_body_end(ui);
    footer(ui, model, 21);
}

static void review(struct ui *ui, struct model *model)
{
    static const char *const filters[] = {"All 30", "Not answered 4", "Flagged 3"};

    ui_header(ui, &(struct header){.title = "PCEP",
                      .section = "Review",
                      .middle = "Seat 12",
                      .state = "Saved",
                      .state_icon = ICON_CHECK,
                      .state_role = ROLE_SAVED,
                      .time = "0:06:12"});
    ui_body_begin(ui, &(struct body){.width_u = UI_GRID_U});
    ui_heading(ui, "26 of 30 answered, 3 flagged");
    ui_space(ui, 12);
    ui_row_begin(ui);
    for (int i = 0; i < 3; i++)
        if (ui_button(ui, UI_ID(ID_FILTER, i),
                &(struct button){.label = filters[i], .is_chosen = model->filter == i}))
            model->filter = i;
    ui_row_end(ui);
    ui_space(ui, 20);
    ui_grid_begin(ui);
    for (int i = 0; i < 30; i++) {
        char number[4];
        snprintf(number, sizeof number, "%d", i + 1);
        if (ui_cell(ui, UI_ID(ID_CELL, i),
                &(struct cell){.label = number,
                    .is_answered = model->answered[i],
                    .is_flagged = model->flagged[i],
                    .is_current = i == 11}))
            model->answered[i] = !model->answered[i];
    }
    ui_grid_end(ui);
    ui_space(ui, 18);
    ui_label(ui, "Underlined: answered \u00b7 corner: flagged \u00b7 plain: not answered. Choose a number to "
                 "go there.");
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_button(ui, ID_PREVIOUS, &(struct button){.label = "Back to question 30", .icon = ICON_BACK});
    ui_row_group(ui, ALIGN_TRAILING);
    ui_button(ui, ID_NEXT, &(struct button){.label = "End the exam\u2026", .look = BUTTON_PRIMARY});
    ui_footer_end(ui);
}

static void staff(struct ui *ui, struct model *model)
{
    ui_header(ui, &(struct header){.title = "Staff",
                      .middle = "Start exam for Example, Alex",
                      .trailing = "Seat 12",
                      .is_staff = true});
    ui_body_begin(ui, &(struct body){.width_u = 560, .is_centered = true});
    ui_card_begin(ui);
    ui_heading(ui, "Identity checked?");
    ui_space(ui, 12);
    ui_label(
        ui, "Type the start code of this sitting and your initials. The candidate must not see the code.");
    ui_space(ui, 18);
    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_CODE);
    ui_field(ui, ID_CODE,
        &(struct field){.label = "Start code",
            .is_masked = true,
            .is_upper = true,
            .allowed = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789",
            .max_characters = 9,
            .group = 3},
        &model->code);
    ui_field(ui, ID_INITIALS,
        &(struct field){.label = "Your initials", .is_upper = true, .max_characters = 4}, &model->initials);
    ui_row_begin(ui);
    ui_button(ui, ID_CANCEL, &(struct button){.label = "Cancel"});
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_START,
            &(struct button){.label = "Start the exam", .look = BUTTON_PRIMARY, .takes_enter = true}))
        model->last = "started";
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, "2 of 5 tries left before a pause of one minute");
    ui_row_group(ui, ALIGN_TRAILING);
    ui_label(ui, "seat 12 \u00b7 Carrel 1.0");
    ui_footer_end(ui);
}

static void check_in(struct ui *ui, struct model *model)
{
    (void)model;
    ui_header(ui, &(struct header){.title = "Testing Center Example Hall", .trailing = "Seat 12"});
    ui_body_begin(ui, &(struct body){.width_u = 640, .is_centered = true});
    ui_card_begin(ui);
    ui_heading(ui, "Is this you?");
    ui_space(ui, 14);
    ui_definition(ui, "Name", ICON_NONE, ROLE_INHERIT, "Example, Alex");
    ui_definition(ui, "Admission", ICON_NONE, ROLE_INHERIT, "A-4471-0932");
    ui_definition(ui, "Exam", ICON_NONE, ROLE_INHERIT, "PCEP: Entry-Level Python Programmer");
    ui_definition(ui, "Time", ICON_NONE, ROLE_INHERIT, "40 minutes, 30 questions");
    ui_definition(ui, "Adjustments", ICON_NONE, ROLE_INHERIT, "25% more time on every clock, large text");
    ui_space(ui, 16);
    ui_row_begin(ui);
    ui_button(ui, ID_CANCEL, &(struct button){.label = "No, this is not me"});
    ui_row_group(ui, ALIGN_TRAILING);
    ui_button(ui, ID_START, &(struct button){.label = "Yes, call staff", .look = BUTTON_PRIMARY});
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, "F2 contrast \u00b7 F3 text size \u00b7 F4 read aloud");
    ui_row_group(ui, ALIGN_TRAILING);
    ui_label(ui, "No network is needed during the exam");
    ui_footer_end(ui);
}

static void stored(struct ui *ui, struct model *model)
{
    (void)model;
    ui_header(ui, &(struct header){.title = "PCEP", .section = "Finished", .trailing = "Seat 12"});
    ui_body_begin(ui, &(struct body){.width_u = 680, .is_centered = true});
    ui_card_begin(ui);
    ui_heading(ui, "Your exam is stored safely.");
    ui_space(ui, 12);
    ui_text(ui,
        "30 of 30 answers are signed and kept on this computer. They are sent to the scoring server as "
        "soon as the network is there; you don't have to wait for it.");
    ui_space(ui, 16);
    ui_definition(ui, "Ended", ICON_NONE, ROLE_INHERIT, "10:42, by you, 3 min 12 s left");
    ui_definition(ui, "Receipt", ICON_CHECK, ROLE_SAVED, "received, code 7KQ4-M2XT");
    ui_space(ui, 12);
    ui_text(ui, "Please raise your hand. Staff will come to you.");
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_row_group(ui, ALIGN_TRAILING);
    ui_label(ui, "seat 12 \u00b7 session 5f2a\u202691");
    ui_footer_end(ui);
}

static void trouble(struct ui *ui, struct model *model)
{
    static const char *const texts[] = {"math", "numbers", "operator", "statistics"};
    static const struct run heading[] = {
        {.text = "Which module holds "}, {.text = "sqrt", .style = RUN_CODE}, {.text = "?"}};

    ui_header(ui, &(struct header){.title = "PCEP",
                      .section = "Question 12 of 30",
                      .middle = "Seat 12",
                      .state = "Not saved",
                      .state_icon = ICON_CROSS,
                      .state_role = ROLE_DANGER,
                      .time = "0:00:41",
                      .time_role = ROLE_DANGER});
    ui_notice(ui, NOTICE_DANGER,
        "This answer could not be saved. Everything before it is safe. Please raise your hand; your time "
        "stops when staff confirm it.",
        "seat 12 \u00b7 E-DISK-28");
    ui_body_begin(ui, &(struct body){.width_u = UI_READING_U});
    ui_runs(ui, SIZE_HEADING, ROLE_INK, heading, 3);
    ui_space(ui, 14);
    ui_label(ui, "Choose one answer.");
    ui_space(ui, 14);
    for (int i = 0; i < 4; i++) {
        bool is_chosen = model->chosen == i, was = is_chosen;
        choice(ui, i, MARK_RING, &is_chosen, RUN_CODE, texts[i]);
        if (is_chosen != was)
            model->chosen = i;
    }
    ui_body_end(ui);
    footer(ui, model, 12);
}

/* A listing that is too long and too wide, and choices that are listings and long texts. */
static void long_item(struct ui *ui, struct model *model)
{
    static char text[6000];
    static const char wide[] = "    table = {name: [score for score in scores if score > limit] for name, "
                               "scores in results.items()}\n";
    static const char handler[] = "try:\n    pick(None)\nexcept TypeError as error:\n    print(error)";
    size_t length = 0;

    for (int i = 0; i < 5; i++) {
        memcpy(text + length, program, sizeof program - 1);
        length += sizeof program - 1;
    }
    memcpy(text + length, wide, sizeof wide - 1);
    length += sizeof wide - 1;
    ui_header(ui, &(struct header){.title = "PCPP1",
                      .section = "Question 3 of 45, Advanced perspective of classes",
                      .middle = "Seat 12",
                      .state = "Saved",
                      .state_icon = ICON_CHECK,
                      .state_role = ROLE_SAVED,
                      .time = "1:04:59"});
    ui_body_begin(ui, &(struct body){.width_u = ui_is_wide(ui) ? UI_SPLIT_U : UI_READING_U});
    ui_split_begin(ui, 560);
    ui_listing(ui, ID_LISTING,
        &(struct listing){.text = text, .length = length, .has_numbers = true, .height_u = LISTING_FIT});
    ui_split_next(ui);
    ui_heading(
        ui, "Which of the following statements about this program is correct, whatever is passed to it?");
    ui_space(ui, 14);
    ui_label_pair(ui, "Choose one answer.", "0 of 1 chosen");
    ui_space(ui, 14);
    for (int i = 0; i < 4; i++) {
        const char letter[2] = {(char)('A' + i), '\0'};
        struct response response = {.letter = letter, .mark = MARK_RING, .is_chosen = model->chosen == i};
        ui_response_begin(ui, UI_ID(ID_CHOICE, i), &response);
        if (i % 2 == 0)
            ui_text(ui, "It raises a TypeError as soon as the second argument is neither an int nor "
                        "something that has an __index__ method, and nothing is printed before that.");
        else
            ui_listing(ui, UI_ID(ID_LISTING, i),
                &(struct listing){.text = handler, .length = sizeof handler - 1, .is_bare = true});
        if (ui_response_end(ui))
            model->chosen = i;
    }
    ui_split_end(ui);
    ui_body_end(ui);
    footer(ui, model, 3);
}

static void controls(struct ui *ui, struct model *model)
{
    static const struct run mixed[] = {{.text = "A paragraph with "}, {.text = "strong", .style = RUN_STRONG},
        {.text = " and "}, {.text = "emphasised", .style = RUN_EMPHASIS}, {.text = " words, with "},
        {.text = "code_in(\"it\")", .style = RUN_CODE},
        {.text = ", names as people write them (\u0141ukasz, Nguy\u1ec5n, \u039d\u03af\u03ba\u03bf\u03c2, "
                 "\u0418\u0432\u0430\u043d, \u738b\u5c0f\u660e), and signs: \u2264 \u2260 \u2192 \u221e "
                 "\u00bd."}};
    static const struct run item[] = {
        {.text = "An item of a list that is long enough to need a second line, so that one sees where it "
                 "begins again under the first one."}};

    (void)model;
    ui_header(ui, &(struct header){.title = "Gallery", .section = "Controls", .trailing = "Seat 12"});
    ui_notice(ui, NOTICE_PLAIN, "A plain notice.", NULL);
    ui_body_begin(ui, &(struct body){.width_u = UI_READING_U});
    ui_heading(ui, "Controls and text");
    ui_space(ui, 8);
    ui_runs(ui, SIZE_TEXT, ROLE_INK, mixed, sizeof mixed / sizeof mixed[0]);
    ui_space(ui, 8);
    ui_list_item(ui, "\u2022", item, 1);
    ui_list_item(ui, "2.", item, 1);
    ui_space(ui, 16);
    ui_row_begin(ui);
    ui_button(ui, ID_START, &(struct button){.label = "Primary", .look = BUTTON_PRIMARY});
    ui_button(ui, ID_CANCEL, &(struct button){.label = "Plain"});
    ui_button(ui, ID_TOOLS, &(struct button){.label = "Ghost", .look = BUTTON_GHOST});
    ui_button(ui, ID_DANGER, &(struct button){.label = "Danger", .look = BUTTON_DANGER});
    ui_button(ui, ID_DISABLED, &(struct button){.label = "Disabled", .is_disabled = true});
    ui_row_end(ui);
    ui_space(ui, 16);
    ui_row_begin(ui);
    for (int icon = ICON_NONE + 1; icon < ICONS; icon++)
        ui_button(ui, UI_ID(ID_FILTER, icon), &(struct button){.label = "", .icon = (enum icon)icon});
    ui_row_end(ui);
    ui_space(ui, 20);
    ui_progress(ui, "12 of 40 MB", 12, 40);
    ui_space(ui, 20);
    ui_field(ui, ID_INITIALS,
        &(struct field){.label = "Admission number",
            .has_error = true,
            .hint = "This number is not admitted today. Please check it, or call staff."},
        &model->initials);
    ui_response_begin(ui, UI_ID(ID_CHOICE, 0),
        &(struct response){.letter = "A",
            .mark = MARK_RING,
            .is_chosen = true,
            .is_disabled = true,
            .verdict = ICON_CHECK,
            .verdict_role = ROLE_SAVED});
    ui_text(ui, "Practice: this was right.");
    ui_response_end(ui);
    ui_response_begin(ui, UI_ID(ID_CHOICE, 1),
        &(struct response){.letter = "B",
            .mark = MARK_BOX,
            .is_chosen = true,
            .is_disabled = true,
            .verdict = ICON_CROSS,
            .verdict_role = ROLE_DANGER});
    ui_text(ui, "Practice: this was wrong.");
    ui_response_end(ui);
    ui_body_end(ui);
}

const struct page pages[] = {
    {"question", question},
    {"multiple", multiple},
    {"review", review},
    {"staff", staff},
    {"checkin", check_in},
    {"stored", stored},
    {"trouble", trouble},
    {"long", long_item},
    {"controls", controls},
};
const size_t page_count = sizeof pages / sizeof pages[0];

void model_init(struct model *model)
{
    static const int open[] = {7, 19, 23, 30}, flagged[] = {7, 12, 21};

    *model = (struct model){.chosen = 1, .boxes = {true}};
    memset(model->answered, true, sizeof model->answered);
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        model->answered[open[i] - 1] = false;
    for (size_t i = 0; i < sizeof flagged / sizeof flagged[0]; i++)
        model->flagged[flagged[i] - 1] = true;
    model->code = (struct field_text){.bytes = model->code_bytes, .capacity = sizeof model->code_bytes};
    model->initials =
        (struct field_text){.bytes = model->initials_bytes, .capacity = sizeof model->initials_bytes};
    memcpy(model->initials_bytes, "KM", 3);
    model->initials.length = model->initials.caret = 2;
}
