#include "core/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    if (clock_gettime(id, &now) != 0)
        abort(); /* the three clocks exist on every kernel we run on */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_boot_ms(const struct clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_BOOTTIME);
}

static int64_t system_awake_ms(const struct clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t system_wall_ms(const struct clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_REALTIME);
}

const struct clock *clock_system(void)
{
    static const struct clock clock = {system_boot_ms, system_awake_ms, system_wall_ms};
    return &clock;
}

#ifdef CARREL_SIMULATION
struct offsets {
    long long boot, awake, wall;
};

static struct offsets read_offsets(void)
{
    struct offsets offsets = {0, 0, 0};
    const char *path = getenv("CARREL_CLOCK");
    FILE *file = path == NULL ? NULL : fopen(path, "re");

    if (file == NULL)
        return offsets;
    if (fscanf(file, "%lld %lld %lld", &offsets.boot, &offsets.awake, &offsets.wall) != 3)
        offsets = (struct offsets){0, 0, 0};
    (void)fclose(file); /* only read */
    return offsets;
}

static int64_t simulated_boot_ms(const struct clock *clock)
{
    return system_boot_ms(clock) + read_offsets().boot;
}

static int64_t simulated_awake_ms(const struct clock *clock)
{
    return system_awake_ms(clock) + read_offsets().awake;
}

static int64_t simulated_wall_ms(const struct clock *clock)
{
    return system_wall_ms(clock) + read_offsets().wall;
}

const struct clock *clock_default(void)
{
    static const struct clock clock = {simulated_boot_ms, simulated_awake_ms, simulated_wall_ms};
    return &clock;
}
#else
const struct clock *clock_default(void)
{
    return clock_system();
}
#endif

int64_t clock_boot_ms(const struct clock *clock)
{
    return clock->boot_ms(clock);
}

int64_t clock_awake_ms(const struct clock *clock)
{
    return clock->awake_ms(clock);
}

int64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall_ms(clock);
}

static bool read_boot_id(char id[BOOT_ID_SIZE])
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, id, BOOT_ID_SIZE - 1);

    if (fd >= 0)
        (void)close(fd);
    id[BOOT_ID_SIZE - 1] = '\0';
    return got == BOOT_ID_SIZE - 1;
}

void clock_boot_id(char id[BOOT_ID_SIZE])
{
#ifdef CARREL_SIMULATION
    const char *given = getenv("CARREL_BOOT_ID");
    if (given != NULL) {
        (void)snprintf(id, BOOT_ID_SIZE, "%s", given);
        return;
    }
#endif
    if (!read_boot_id(id))
        memcpy(id, "unknown", sizeof "unknown");
}
