/* model_disk.h: a disk that forgets, for tests of what must survive it.
 *
 * Files are real; beside each the model keeps what a power cut would leave. A write is in the page cache only; a sync
 * that succeeds makes it durable; a sync that fails drops it: the page is clean, the next sync says OK, and the bytes
 * are gone when the power is (what Linux does). A power cut puts the durable bytes back, and of each sector that was
 * written and not synced either the old or the new content, as the seed has it. */
#ifndef CARREL_TESTS_MODEL_DISK_H
#define CARREL_TESTS_MODEL_DISK_H

#include "core/disk.h"

#define MODEL_FILES 8
#define MODEL_FILE_BYTES (64 * 1024)

struct model_file {
    char path[256];
    uint8_t durable[MODEL_FILE_BYTES];
    uint8_t is_dirty[MODEL_FILE_BYTES];
    size_t size;
};

enum model_fault {
    FAULT_NONE,
    FAULT_EIO,   /* the call fails */
    FAULT_SHORT, /* a write takes half, then fails with ENOSPC; a sync fails */
    FAULT_DEATH, /* the process is killed in this call: a write is done in part, all after it do nothing */
};

struct model_disk {
    struct disk disk; /* first: what is passed around */
    struct model_file files[MODEL_FILES];
    unsigned calls;              /* so far */
    unsigned fail_from, fail_to; /* calls of these numbers fail, from 1 */
    unsigned dead_from;          /* killed in this call; 0: never */
    enum model_fault fault;
    uint64_t random;
};

void model_begin(struct model_disk *model, uint64_t seed);
/* The next calls of these numbers, counted from now, fail. */
void model_fail(struct model_disk *model, unsigned from, unsigned to, enum model_fault fault);
/* All calls work again: another process, or a disk that came back. */
void model_heal(struct model_disk *model);
/* Heals too. */
void model_power_cut(struct model_disk *model);
uint64_t model_random(struct model_disk *model, uint64_t below);

#endif
