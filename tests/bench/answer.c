/* bench-answer: what a saved answer costs: journal_append against the plain append and fdatasync of as many
 * bytes.
 *
 *     bench-answer FOLDER COUNT     prints "journal plain grown": medians in µs
 *
 * One after the other, so that all see the same disk: an answer in the journal; the bytes it wrote, appended
 * to a file that was written full of zeros as the journal's are ("plain", what the budget is measured by);
 * the same bytes at the end of a file that grows ("grown"). */
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "core/attempt.h"
#include "core/clock.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/journal.h"
#include "core/record.h"

#define ID "00112233445566778899aabbccddeeff-1"
#define ROOM (2u << 20)
enum { COUNT_MAX = 5000, WARM_UP = 20, JOURNAL_EXTRA_BYTES = 4 + GCM_TAG_BYTES };

struct bench {
    struct journal *journal;
    int plain, grown;
    off_t plain_at;
    int64_t times[3][COUNT_MAX]; /* ns */
};

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* can't fail */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* --- what is written
 * ---------------------------------------------------------------------------------------------- */

/* An answer as the kiosk writes it, with the numbers of a session that goes on. */
static bool encode_answer(int64_t number, struct buffer *line, struct error *err)
{
    const char *values[] = {(const char *[]){"A", "B", "C", "D"}[number % 4]};
    struct record record = {.kind = RECORD_RESPONSE,
        .exam_ms = number * 1500,
        .boot_ms = 600000 + number * 1500,
        .wall_ms = INT64_C(1795332890000) + number * 1500};
    record.u.response.position = (size_t)(number % 30);
    record.u.response.response = "RESPONSE";
    record.u.response.values = values;
    record.u.response.count = 1;
    buffer_clear(line);
    return record_encode(&record, line, err);
}

static bool append_plain(int file, off_t at, struct bytes bytes, struct error *err)
{
    const ssize_t written =
        at < 0 ? write(file, bytes.data, bytes.len) : pwrite(file, bytes.data, bytes.len, at);
    if (written != (ssize_t)bytes.len || fdatasync(file) != 0)
        return error_set_errno(err, "the plain file");
    return true;
}

/* One answer in all three ways. */
static bool measure_one(struct bench *bench, int64_t number, struct error *err)
{
    struct buffer line = {.max = RECORD_MAX_BYTES}, same = {.max = RECORD_MAX_BYTES};
    int64_t times[4];
    bool ok =
        encode_answer(number, &line, err) && buffer_extend(&same, line.len + JOURNAL_EXTRA_BYTES) != NULL;
    if (ok)
        random_bytes(same.data, same.len);
    times[0] = now_ns();
    ok = ok && journal_append(bench->journal, buffer_bytes(&line), err);
    times[1] = now_ns();
    ok = ok && append_plain(bench->plain, bench->plain_at, buffer_bytes(&same), err);
    times[2] = now_ns();
    ok = ok && append_plain(bench->grown, -1, buffer_bytes(&same), err);
    times[3] = now_ns();
    bench->plain_at += (off_t)same.len;
    for (int way = 0; way < 3 && number >= WARM_UP; way++)
        bench->times[way][number - WARM_UP] = times[way + 1] - times[way];
    buffer_release(&line);
    buffer_release(&same);
    return ok;
}

/* --- files
 * -------------------------------------------------------------------------------------------------------- */

static int open_file(const char *folder, const char *name, struct error *err)
{
    char path[FILE_PATH_SIZE];
    int file = -1;
    if (path_join(path, folder, name, err))
        file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        error_set_errno(err, "%s in %s", name, folder);
    return file;
}

static bool fill_with_zeros(int file, struct error *err)
{
    static const uint8_t zeros[ROOM];
    return (pwrite(file, zeros, sizeof zeros, 0) == (ssize_t)sizeof zeros && fsync(file) == 0) ||
           error_set_errno(err, "writing zeros");
}

static bool open_all(struct bench *bench, const char *folder, const struct secret *key, struct error *err)
{
    enum journal_end end;
    return folder_make(folder, 0700, err) && journal_create(NULL, folder, ID, ROOM, err) &&
           (bench->journal = journal_open(NULL, folder, ID, key, NULL, NULL, false, &end, err)) != NULL &&
           (bench->plain = open_file(folder, "plain", err)) >= 0 &&
           (bench->grown = open_file(folder, "grown", err)) >= 0 && fill_with_zeros(bench->plain, err);
}

static int by_time(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static double median_us(int64_t *times, int64_t count)
{
    qsort(times, (size_t)count, sizeof *times, by_time);
    return (double)times[count / 2] / 1000;
}

int main(int argc, char **argv)
{
    static struct bench bench = {.plain = -1, .grown = -1};
    struct error err = {ERROR_USAGE, "usage: bench-answer FOLDER COUNT"};
    struct secret *key = secret_random(KEY_BYTES, &err);
    int64_t count = 0;
    bool ok = key != NULL && argc == 3 && number_parse(argv[2], 1, COUNT_MAX, &count) &&
              open_all(&bench, argv[1], key, &err);
    for (int64_t i = 0; ok && i < count + WARM_UP; i++)
        ok = measure_one(&bench, i, &err);
    if (ok)
        (void)printf("%.1f %.1f %.1f\n", median_us(bench.times[0], count), median_us(bench.times[1], count),
            median_us(bench.times[2], count));
    else
        (void)fprintf(stderr, "bench-answer: %s\n", err.text);
    journal_close(bench.journal);
    secret_free(key);
    return ok ? 0 : error_exit_code(err.code);
}
