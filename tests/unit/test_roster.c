/* Behaviour of provisioning/roster.h and csv.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provisioning/roster.h"

static void reads_what_spreadsheets_write(void **state)
{
    static const struct {
        const char *path, *text;
    } cases[] = {
        {"r.csv", "name,candidate_id,time_factor,theme,zoom,admission\n"
                  "\"Åse \"\"Bo\"\" Dahl, MSc\",C-1,1.25,dark,150%,A-17\nKim Li,C-2,,,,\n"},
        {"r.csv", "\xef\xbb\xbf"
                  "name;candidate_id;time_factor;theme;zoom;admission\r\n"
                  "\"Åse \"\"Bo\"\" Dahl, MSc\";C-1;1250;dark;150;A-17\r\n\r\n Kim Li ;C-2\r\n"},
        {"r.csv", "zoom\tadmission\ttheme\ttime_factor\tcandidate_id\tname\n"
                  "150\tA-17\tdark\t1.250\tC-1\t\"Åse \"\"Bo\"\" Dahl, MSc\"\n\t\t\t\tC-2\tKim Li"},
        {"r.json", "[{\"name\":\"Åse \\\"Bo\\\" Dahl, MSc\",\"candidate_id\":\"C-1\",\"time_factor\":1250,"
                   "\"theme\":\"dark\",\"zoom\":150,\"admission\":\"A-17\"},"
                   "{\"name\":\"Kim Li\",\"candidate_id\":\"C-2\"}]"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct roster roster = {NULL, 0};
        struct buffer mistakes = {.max = 4096};
        struct error err = {0};
        bool ok = roster_parse(&roster, cases[i].path, bytes_of_text(cases[i].text), &mistakes, &err);
        if (!ok)
            fail_msg("case %zu: %s: %s", i, err.text, buffer_text(&mistakes));
        assert_int_equal(roster.count, 2);
        assert_string_equal(roster.entries[0].name, "Åse \"Bo\" Dahl, MSc");
        assert_string_equal(roster.entries[0].candidate_id, "C-1");
        assert_string_equal(roster.entries[0].admission, "A-17");
        assert_string_equal(roster.entries[0].theme, "dark");
        assert_int_equal(roster.entries[0].time_factor, 1250);
        assert_int_equal(roster.entries[0].zoom, 150);
        assert_string_equal(roster.entries[1].name, "Kim Li");
        assert_string_equal(roster.entries[1].admission, "");
        assert_int_equal(roster.entries[1].time_factor, 0);
        roster_release(&roster);
        buffer_release(&mistakes);
    }
}

static void names_the_place_of_every_mistake(void **state)
{
    static const struct {
        const char *path, *text, *mistakes;
    } cases[] = {
        {"r.csv", "name\nKim\n", "r.csv:1: a needed column is missing: “candidate_id”\n"},
        {"r.csv", "name,candidate_id,tijd\nKim,1,2\n", "r.csv:1: there is no such column: “tijd”\n"},
        {"r.csv", "name,candidate_id,name\n", "r.csv:1: this column is there twice: “name”\n"},
        {"r.csv", "name,candidate_id\n,\nKim,1,2\n\nBo,a b\n",
            "r.csv:2: the name is missing\nr.csv:2: the candidate_id is missing\n"
            "r.csv:3: there are more fields than columns\n"
            "r.csv:5: the candidate_id has a space, a quote or a letter outside ASCII, or is too long: “a "
            "b”\n"
            "r.csv:5: the candidate_id is missing\n"},
        {"r.csv", "name,candidate_id\n\"a\nb\",1\n\"x\"y,2\nKim,1\n\"open,4\n",
            "r.csv:2: the name is too long or has characters that can't be shown in a line: “a\nb”\n"
            "r.csv:2: the name is missing\n"
            "r.csv:4: there is something behind a closing quote\n"
            "r.csv:5: this candidate_id stands above already: “1”\n"
            "r.csv:6: a quote is not closed\n"},
        {"r.csv",
            "name,candidate_id,time_factor\na,1,0.9\nb,2,4.5\nc,3,1.2345\nd,4,999\ne,5,2x\nf,6,4\ng,7,1.\n",
            "r.csv:2: the time_factor goes from 1 to 4, like 1.25: “0.9”\n"
            "r.csv:3: the time_factor goes from 1 to 4, like 1.25: “4.5”\n"
            "r.csv:4: the time_factor goes from 1 to 4, like 1.25: “1.2345”\n"
            "r.csv:5: the time_factor goes from 1 to 4, like 1.25: “999”\n"
            "r.csv:6: the time_factor goes from 1 to 4, like 1.25: “2x”\n"
            "r.csv:8: the time_factor goes from 1 to 4, like 1.25: “1.”\n"},
        {"r.csv", "name,candidate_id,admission,theme,zoom\na,1,a,red,99\nb,2,A-1,,301\nc,3,A-1,,\n",
            "r.csv:2: the admission number may have A-Z, 0-9 and hyphens only, at most 32: “a”\n"
            "r.csv:2: the theme is light, dark or contrast: “red”\n"
            "r.csv:2: the zoom goes from 100 to 300 percent: “99”\n"
            "r.csv:3: the zoom goes from 100 to 300 percent: “301”\n"
            "r.csv:4: this admission number stands above already: “A-1”\n"},
        {"r.json",
            "[{\"name\":\"Kim\",\"candidate_id\":\"1\",\"time_factor\":500},7,{\"candidate_id\":\"2\"}]",
            "r.json:1: the time_factor goes from 1 to 4, like 1.25: “500”\n"
            "r.json:2: a candidate: is not an object\nr.json:2: the name is missing\nr.json:2: the "
            "candidate_id is missing\nr.json:3: the name is "
            "missing\n"},
        {"r.json",
            "[{\"name\":\"Kim\",\"candidate_id\":\"1\",\"age\":30},{\"name\":true,\"candidate_id\":\"1\"}]",
            "r.json:1: a candidate: has members that are not known\n"
            "r.json:2: the name is too long or has characters that can't be shown in a line\n"
            "r.json:2: the name is missing\nr.json:2: this candidate_id stands above already: “1”\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct roster roster = {NULL, 0};
        struct buffer mistakes = {.max = 4096};
        struct error err = {0};
        assert_false(roster_parse(&roster, cases[i].path, bytes_of_text(cases[i].text), &mistakes, &err));
        assert_int_equal(err.code, ERROR_FORMAT);
        assert_null(roster.entries);
        assert_string_equal(buffer_text(&mistakes), cases[i].mistakes);
        buffer_release(&mistakes);
    }
}

static void refuses_what_is_no_roster(void **state)
{
    static const struct {
        const char *path, *text;
    } cases[] = {
        {"r.csv", ""}, {"r.csv", "name,candidate_id\n"}, {"r.json", "[]"}, {"r.json", "{}"}, {"r.json", "["}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct roster roster = {NULL, 0};
        struct buffer mistakes = {.max = 4096};
        struct error err = {0};
        assert_false(roster_parse(&roster, cases[i].path, bytes_of_text(cases[i].text), &mistakes, &err));
        assert_int_equal(err.code, ERROR_FORMAT);
        buffer_release(&mistakes);
    }
}

/* Every prefix is read to its end without harm; which ones are good is not the point. */
static void survives_every_prefix(void **state)
{
    static const char text[] = "name,candidate_id,zoom\n\"Kim \"\"K\"\" Li\",C-2,150\r\nBo,C-3,\"1\n50\"\n";

    (void)state;
    for (size_t len = 0; len < sizeof text; len++) {
        char *copy = malloc(len + 1);
        struct roster roster = {NULL, 0};
        struct buffer mistakes = {.max = 4096};
        assert_non_null(copy);
        memcpy(copy, text, len);
        (void)roster_parse(&roster, "r.csv", bytes_of(copy, len), &mistakes, NULL);
        roster_release(&roster);
        buffer_release(&mistakes);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_spreadsheets_write),
        cmocka_unit_test(names_the_place_of_every_mistake),
        cmocka_unit_test(refuses_what_is_no_roster),
        cmocka_unit_test(survives_every_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
