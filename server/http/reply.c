#include "server/http/reply.h"

#include <stdarg.h>
#include <unistd.h>

#include "core/error.h"

void reply_init(struct reply *reply)
{
    *reply = (struct reply){.file = -1, .body = {.max = REPLY_MAX_BYTES}};
}

void reply_release(struct reply *reply)
{
    if (reply->file >= 0)
        close(reply->file);
    buffer_release(&reply->body);
    reply_init(reply);
}

void reply_empty(struct reply *reply, int status)
{
    reply_release(reply);
    reply->status = status;
}

void reply_bytes(struct reply *reply, int status, const char *type, struct bytes body)
{
    reply_empty(reply, status);
    reply->type = type;
    if (!buffer_add_bytes(&reply->body, body))
        reply_empty(reply, 500);
}

void reply_json(struct reply *reply, int status, struct json *value_take)
{
    reply_empty(reply, status);
    reply->type = "application/json";
    if (!json_write(value_take, &reply->body, NULL))
        reply_empty(reply, 500);
    json_free(value_take);
}

void reply_file_take(struct reply *reply, int file, int64_t bytes, const char *range, const char *type)
{
    static const int statuses[] = {[RANGE_WHOLE] = 200, [RANGE_PART] = 206, [RANGE_NONE] = 416};
    struct range part;
    enum range_answer answer = range_of(range, bytes, &part);
    reply_empty(reply, statuses[answer]);
    reply->type = type;
    reply->file = file;
    reply->file_bytes = bytes;
    reply->part = answer == RANGE_NONE ? (struct range){0, 0} : part;
    reply->takes_ranges = true;
}

static void error_body(struct reply *reply, int status, const char *code, const char *message)
{
    struct json *inner = json_new_object();
    struct json *outer = json_new_object();
    json_set(inner, "code", json_text(code));
    json_set(inner, "message", json_text(message));
    json_set(outer, "error", inner);
    reply_json(reply, status, outer);
}

void reply_error(struct reply *reply, int status, const char *code, const char *format, ...)
{
    char message[sizeof((struct error *)0)->text];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    error_body(reply, status, code, message);
}

void reply_retry(struct reply *reply, int status, int seconds, const char *message)
{
    error_body(reply, status, "busy", message);
    reply->retry_after_s = seconds;
}

void reply_failure(struct reply *reply, const struct error *err)
{
    switch (err->code) {
    case ERROR_FORMAT:
    case ERROR_USAGE: reply_error(reply, 400, "format", "%s", err->text); return;
    case ERROR_UNTRUSTED: reply_error(reply, 400, "untrusted", "%s", err->text); return;
    case ERROR_LIMIT: reply_error(reply, 413, "limit", "%s", err->text); return;
    case ERROR_NOT_FOUND: reply_error(reply, 404, "not-found", "%s", err->text); return;
    case ERROR_REFUSED: reply_error(reply, 409, "refused", "%s", err->text); return;
    case ERROR_BUSY: reply_retry(reply, 503, 2, err->text); return;
    case ERROR_FULL: reply_retry(reply, 503, 60, "the server has no room left"); return;
    case ERROR_NONE:
    case ERROR_NOMEM:
    case ERROR_IO: break;
    }
    reply_retry(reply, 503, 10, "the server can't do this now");
}

const char *reply_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Status";
}

/* RFC 9110, 5.6.7, without the locale. */
static void add_date(struct buffer *head, int64_t now_ms)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm day;
    if (gmtime_r(&seconds, &day) == NULL)
        return;
    buffer_addf(head, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[day.tm_wday], day.tm_mday,
        months[day.tm_mon], day.tm_year + 1900, day.tm_hour, day.tm_min, day.tm_sec);
}

static void add_range(struct buffer *head, const struct reply *reply)
{
    if (reply->takes_ranges)
        buffer_add_text(head, "Accept-Ranges: bytes\r\n");
    if (reply->status == 206)
        buffer_addf(head, "Content-Range: bytes %lld-%lld/%lld\r\n", (long long)reply->part.first,
            (long long)(reply->part.first + reply->part.length - 1), (long long)reply->file_bytes);
    if (reply->status == 416)
        buffer_addf(head, "Content-Range: bytes */%lld\r\n", (long long)reply->file_bytes);
}

bool reply_head(const struct reply *reply, int64_t now_ms, struct buffer *head)
{
    buffer_addf(head, "HTTP/1.1 %d %s\r\n", reply->status, reply_reason(reply->status));
    add_date(head, now_ms);
    buffer_add_text(head, "Server: carrel\r\nCache-Control: no-store\r\n");
    if (reply->status != 204 && reply->status != 304)
        buffer_addf(head, "Content-Length: %lld\r\n",
            (long long)(reply->file >= 0 ? reply->part.length : (int64_t)reply->body.len));
    if (reply->type != NULL)
        buffer_addf(head, "Content-Type: %s\r\nX-Content-Type-Options: nosniff\r\n", reply->type);
    add_range(head, reply);
    if (reply->etag[0] != '\0')
        buffer_addf(head, "ETag: %s\r\n", reply->etag);
    if (reply->allow != NULL)
        buffer_addf(head, "Allow: %s\r\n", reply->allow);
    if (reply->retry_after_s != 0)
        buffer_addf(head, "Retry-After: %d\r\n", reply->retry_after_s);
    if (reply->closes)
        buffer_add_text(head, "Connection: close\r\n");
    buffer_add_text(head, "\r\n");
    return !head->failed;
}
