#include "kiosk/guard/memory.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

void memory_init(struct memory *memory)
{
    *memory = (struct memory){.fds = {-1, -1}};
}

/* Only a memfd has seals; with all four nobody can change what the next process will read. */
static bool is_sealed(int fd, off_t max_bytes)
{
    const int seals = fcntl(fd, F_GET_SEALS);
    struct stat info;

    return seals >= 0 && (seals & ALL_SEALS) == ALL_SEALS && fstat(fd, &info) == 0 && info.st_size > 0 &&
           info.st_size <= max_bytes;
}

bool memory_take(struct memory *memory, const struct message_memory *told, int fd)
{
    static const off_t max_bytes[MESSAGE_MEMORY_KINDS] = {
        [MESSAGE_MEMORY_KEYS] = MESSAGE_MEMORY_KEYS_MAX_BYTES,
        [MESSAGE_MEMORY_PACKAGE] = MESSAGE_MEMORY_PACKAGE_MAX_BYTES,
    };
    const bool is_same_session = memory->session[0] == '\0' || strcmp(memory->session, told->session) == 0;

    if (!is_same_session || !is_sealed(fd, max_bytes[told->kind])) {
        (void)close(fd); /* never used: nothing to lose */
        return false;
    }
    if (memory->fds[told->kind] >= 0)
        (void)close(memory->fds[told->kind]); /* the new one takes its place */
    memory->fds[told->kind] = fd;
    memcpy(memory->session, told->session, sizeof memory->session);
    return true;
}

unsigned memory_count(const struct memory *memory)
{
    unsigned count = 0;

    for (int kind = 0; kind < MESSAGE_MEMORY_KINDS; kind++)
        count += memory->fds[kind] >= 0 ? 1 : 0;
    return count;
}

bool memory_send(const struct memory *memory, int socket)
{
    for (int kind = 0; kind < MESSAGE_MEMORY_KINDS; kind++) {
        struct message message = {
            .kind = MESSAGE_MEMORY, .fd = memory->fds[kind], .memory = {.kind = (uint32_t)kind}};

        if (message.fd < 0)
            continue;
        memcpy(message.memory.session, memory->session, sizeof memory->session);
        if (!message_send(socket, &message))
            return false;
    }
    return true;
}

void memory_forget(struct memory *memory)
{
    for (int kind = 0; kind < MESSAGE_MEMORY_KINDS; kind++)
        if (memory->fds[kind] >= 0)
            (void)close(memory->fds[kind]); /* only memory behind it */
    memory_init(memory);
}
