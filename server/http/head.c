/* One pass over the lines cuts the text in place; a second one over the fields that decide where the request
 * ends. */
#include "server/http/head.h"

#include <strings.h>

#include "core/encoding.h"

static const char *const method_names[METHODS] = {"-", "GET", "PUT", "POST"};

const char *method_name(enum method method)
{
    return method_names[method];
}

size_t head_length(struct bytes received)
{
    if (received.len == 0)
        return 0;
    const uint8_t *end = memmem(received.data, received.len, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - received.data) + 4;
}

/* What a refusal carries besides its text. */
struct refusal {
    int *status;
    struct error *err;
};

static bool refuse(struct refusal refusal, int status, const char *text)
{
    *refusal.status = status;
    return error_set(refusal.err, ERROR_FORMAT, "%s", text);
}

/* RFC 9110, 5.6.2. */
static bool is_token(const char *text)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        bool is_letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
        bool is_digit = *text >= '0' && *text <= '9';
        if (!is_letter && !is_digit && strchr(marks, *text) == NULL)
            return false;
    }
    return true;
}

/* Cuts the next line off: *rest moves behind its CRLF. NULL where the line holds anything but text. */
static char *next_line(char **rest)
{
    char *line = *rest;
    char *end = line;
    while ((*end >= 0x20 && *end <= 0x7e) || *end == '\t')
        end++;
    if (end[0] != '\r' || end[1] != '\n')
        return NULL;
    *end = '\0';
    *rest = end + 2;
    return line;
}

static enum method method_of(const char *name)
{
    for (int method = METHOD_GET; method < METHODS; method++)
        if (strcmp(name, method_names[method]) == 0)
            return (enum method)method;
    return METHOD_OTHER;
}

static bool read_target(char *target, struct head *head, struct refusal refusal)
{
    if (*target != '/')
        return refuse(refusal, 400, "the target is no absolute path");
    if (strpbrk(target, "\t#\"<>\\^`{|}") != NULL)
        return refuse(refusal, 400, "a character in the target that must be encoded");
    head->path = target;
    head->query = "";
    char *mark = strchr(target, '?');
    if (mark != NULL) {
        *mark = '\0';
        head->query = mark + 1;
    }
    return true;
}

static bool read_request_line(char *line, struct head *head, struct refusal refusal)
{
    char *target = strchr(line, ' ');
    char *version = target == NULL ? NULL : strchr(target + 1, ' ');
    if (version == NULL || strchr(version + 1, ' ') != NULL)
        return refuse(refusal, 400, "the first line is no request line");
    *target++ = '\0';
    *version++ = '\0';
    if (!is_token(line))
        return refuse(refusal, 400, "the method is no token");
    if (strncmp(version, "HTTP/", 5) != 0)
        return refuse(refusal, 400, "the first line is no request line");
    if (strcmp(version, "HTTP/1.1") != 0)
        return refuse(refusal, 505, "only version 1.1 of HTTP is spoken here");
    head->method = method_of(line);
    return read_target(target, head, refusal);
}

static void lower_case(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

static char *trimmed(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    char *end = text + strlen(text);
    while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    return text;
}

static bool read_field(char *line, struct head *head, struct refusal refusal)
{
    if (*line == ' ' || *line == '\t')
        return refuse(refusal, 400, "a header line begins with a space: folded lines are not taken");
    char *colon = strchr(line, ':');
    if (colon == NULL)
        return refuse(refusal, 400, "a header line without a colon");
    *colon = '\0';
    if (!is_token(line)) /* a space before the colon ends here too */
        return refuse(refusal, 400, "a header name is no token");
    if (head->field_count == HEAD_FIELDS_MAX)
        return refuse(refusal, 431, "too many header fields");
    lower_case(line);
    head->fields[head->field_count++] = (struct head_field){line, trimmed(colon + 1)};
    return true;
}

static size_t count_of(const struct head *head, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < head->field_count; i++)
        count += strcmp(head->fields[i].name, name) == 0;
    return count;
}

const char *head_field(const struct head *head, const char *name)
{
    for (size_t i = 0; i < head->field_count; i++)
        if (strcmp(head->fields[i].name, name) == 0)
            return head->fields[i].value;
    return NULL;
}

/* A name or address with an optional port: nothing that could be taken for another part of a URL. */
static bool is_host(const char *host)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]";
    return *host != '\0' && strspn(host, allowed) == strlen(host);
}

static bool check_host(const struct head *head, struct refusal refusal)
{
    size_t count = count_of(head, "host");
    if (count != 1)
        return refuse(refusal, 400, count == 0 ? "no Host" : "more than one Host");
    return is_host(head_field(head, "host")) || refuse(refusal, 400, "Host is no host");
}

static bool check_length(struct head *head, struct refusal refusal)
{
    bool takes_body = head->method == METHOD_PUT || head->method == METHOD_POST;
    if (count_of(head, "transfer-encoding") != 0)
        return refuse(refusal, 400, "Transfer-Encoding is not taken: send Content-Length");
    size_t count = count_of(head, "content-length");
    if (count > 1)
        return refuse(refusal, 400, "more than one Content-Length");
    if (count == 0)
        return !takes_body || refuse(refusal, 411, "Content-Length is missing");
    if (!number_parse(head_field(head, "content-length"), 0, INT64_MAX, &head->body_bytes))
        return refuse(refusal, 400, "Content-Length is no number");
    if (head->body_bytes != 0 && !takes_body)
        return refuse(refusal, 400, "a body where none belongs");
    return true;
}

/* Is the word one of the comma-separated ones of any Connection field? */
static bool connection_has(const struct head *head, const char *word)
{
    for (size_t i = 0; i < head->field_count; i++) {
        if (strcmp(head->fields[i].name, "connection") != 0)
            continue;
        const char *at = head->fields[i].value;
        while (*at != '\0') {
            size_t len = strcspn(at, ", \t");
            if (len == strlen(word) && strncasecmp(at, word, len) == 0)
                return true;
            at += len + strspn(at + len, ", \t");
        }
    }
    return false;
}

static bool check_rest(struct head *head, struct refusal refusal)
{
    const char *expect = head_field(head, "expect");
    if (expect != NULL && (strcasecmp(expect, "100-continue") != 0 || count_of(head, "expect") > 1))
        return refuse(refusal, 417, "only 100-continue can be expected");
    head->expects_continue = expect != NULL;
    head->wants_close = connection_has(head, "close");
    return true;
}

/* The text still has its last empty line, so a field's line is never the end. */
static bool read_lines(char *rest, const char *end, struct head *head, struct refusal refusal)
{
    char *line = next_line(&rest);
    if (line == NULL)
        return refuse(refusal, 400, "a line with a control character, or not ended by CRLF");
    if (!read_request_line(line, head, refusal))
        return false;
    while ((line = next_line(&rest)) != NULL && *line != '\0')
        if (!read_field(line, head, refusal))
            return false;
    if (line == NULL || rest != end)
        return refuse(refusal, 400, "a line with a control character, or not ended by CRLF");
    return true;
}

bool head_parse(struct bytes block, struct head *head, int *status, struct error *err)
{
    struct refusal refusal = {status, err};
    if (block.len > HEAD_MAX_BYTES)
        return refuse(refusal, 431, "the header is too large");
    struct head read = {.text = malloc(block.len + 1)};
    if (read.text == NULL)
        return refuse(refusal, 503, "out of memory");
    if (block.len != 0)
        memcpy(read.text, block.data, block.len);
    read.text[block.len] = '\0'; /* so no line can be read past the end: a NUL is no text */
    bool ok = read_lines(read.text, read.text + block.len, &read, refusal) && check_host(&read, refusal) &&
              check_length(&read, refusal) && check_rest(&read, refusal);
    if (ok)
        *head = read;
    else
        head_release(&read);
    return ok;
}

void head_release(struct head *head)
{
    free(head->text);
    *head = (struct head){0};
}
