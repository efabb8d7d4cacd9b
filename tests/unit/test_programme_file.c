/* A programme as its author writes it: the one in assets, and every mistake with its line. */
#include "provisioning/programme_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "example.h"

#define PATH "programme.yaml"

static const char good[] = "format: 1\n"                                                   /* 1 */
                           "id: python\n"                                                  /* 2 */
                           "title: Python\n"                                               /* 3 */
                           "in_force: 2026-01-01T01:00:00+01:00\n"                         /* 4 */
                           "currency: USD\n"                                               /* 5 */
                           "retake_after_days: 7\n"                                        /* 6 */
                           "titles:\n"                                                     /* 7 */
                           "  - id: pcap\n"                                                /* 8 */
                           "    name: PCAP\n"                                              /* 9 */
                           "    title: Associate\n"                                        /* 10 */
                           "    exam: {items: 40, minutes: 65, pass_mark: 70, fee: 295}\n" /* 11 */
                           "    valid_months: 36\n"                                        /* 12 */
                           "  - {id: cepp, name: CEPP, title: Expert, needs: [pcap]}\n";   /* 13 */

static void read_text(const char *text, struct programme *programme, struct mistakes *mistakes)
{
    struct error err = {0};
    FILE *file = fopen(PATH, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    if (!programme_file_read(PATH, programme, mistakes, &err))
        fail_msg("%s", err.text);
}

static void programme_file_of_assets_is_the_example(void **state)
{
    struct buffer example = example_object("programme.json"), text = {.max = PROGRAMME_MAX_BYTES};
    struct programme *programme = malloc(sizeof *programme);
    struct mistakes mistakes = {0};
    struct error err = {0};
    struct json *json;

    (void)state;
    assert_true(
        programme_file_read(CARREL_SOURCE_DIR "/assets/programmes/python.yaml", programme, &mistakes, &err));
    mistakes_print(&mistakes, stderr);
    assert_int_equal(mistakes.count, 0);
    json = programme_json(programme);
    assert_true(json_write(json, &text, &err));
    assert_string_equal(buffer_text(&text), buffer_text(&example));
    json_free(json);
    free(programme);
    mistakes_release(&mistakes);
    buffer_release(&text);
    buffer_release(&example);
}

static void programme_file_is_read_as_written(void **state)
{
    struct programme *programme = malloc(sizeof *programme);
    struct mistakes mistakes = {0};

    (void)state;
    read_text(good, programme, &mistakes);
    mistakes_print(&mistakes, stderr);
    assert_int_equal(mistakes.count, 0);
    assert_int_equal(programme->in_force_ms, 1767225600000); /* 2026-01-01T00:00:00Z */
    assert_int_equal(programme->titles[0].valid_months, 36);
    assert_int_equal(programme->titles[0].exam.fee, 295);
    assert_int_equal(programme->titles[1].needs[0], 0);
    free(programme);
    mistakes_release(&mistakes);
}

static void programme_file_names_mistakes_with_their_line(void **state)
{
    static const struct {
        const char *from, *to;
        unsigned line;
        const char *reason;
    } cases[] = {
        {"format: 1", "format: 2", 1, "format"},
        {"id: python", "id: Py thon", 2, "id should be"},
        {"title: Python", "title: \"\"", 3, "title should be"},
        {"2026-01-01T01:00:00+01:00", "2026-01-01", 4, "in_force"},
        {"currency: USD", "currency: dollars", 5, "three capitals"},
        {"retake_after_days: 7", "retake_after_days: soon", 6, "retake_after_days"},
        {"retake_after_days: 7\n", "retake: 7\n", 6, "not a name known here"},
        {"name: PCAP", "nam: PCAP", 9, "not a name known here"},
        {"items: 40", "items: 0", 11, "items"},
        {"fee: 295", "price: 295", 11, "fee is missing"},
        {"valid_months: 36", "valid_months: 0", 12, "valid_months"},
        {"needs: [pcap]", "needs: [pcep]", 13, "pcep is no title above"},
        {"needs: [pcap]", "needs: [cepp]", 13, "cepp is no title above"},
        {"needs: [pcap]", "needs: [pcap, pcap]", 13, "twice"},
        {", needs: [pcap]", "", 13, "neither an exam"},
        {"needs: [pcap]", "needs: [pcap], valid_months: 12", 13, "valid_months"},
        {"id: cepp", "id: pcap", 13, "twice"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *at = strstr(good, cases[i].from);
        struct programme *programme = malloc(sizeof *programme);
        struct mistakes mistakes = {0};
        char text[2000];
        bool is_named = false;
        assert_non_null(at);
        (void)snprintf(
            text, sizeof text, "%.*s%s%s", (int)(at - good), good, cases[i].to, at + strlen(cases[i].from));
        read_text(text, programme, &mistakes);
        for (size_t k = 0; k < mistakes.count; k++)
            is_named = is_named || (mistakes.items[k].line == cases[i].line &&
                                       strstr(mistakes.items[k].reason, cases[i].reason) != NULL);
        if (!is_named) {
            mistakes_print(&mistakes, stderr);
            fail_msg("\"%s\": line %u should say %s", cases[i].to, cases[i].line, cases[i].reason);
        }
        free(programme);
        mistakes_release(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programme_file_of_assets_is_the_example),
        cmocka_unit_test(programme_file_is_read_as_written),
        cmocka_unit_test(programme_file_names_mistakes_with_their_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
