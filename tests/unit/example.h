/* example.h: the worked examples of docs/formats/examples/, as the unit tests read them. */
#ifndef CARREL_TESTS_EXAMPLE_H
#define CARREL_TESTS_EXAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/file.h"

/* The file's content, without the newline at its end where it is a line of JSON. Release the buffer. */
static inline struct buffer example_read(const char *name)
{
    struct buffer content = {.max = 4u << 20};
    char path[FILE_PATH_SIZE];
    struct error err = {ERROR_NONE, ""};

    if (!path_join(path, CARREL_SOURCE_DIR "/docs/formats/examples", name, &err) ||
        !file_read(path, &content, &err))
        fail_msg("%s", err.text);
    return content;
}

/* One line of JSON: the newline that ends the file is not part of the object. */
static inline struct buffer example_object(const char *name)
{
    struct buffer content = example_read(name);

    assert_true(content.len > 0 && content.data[content.len - 1] == '\n');
    buffer_cut(&content, content.len - 1);
    return content;
}

#endif
