#include "kiosk/guard/lock.h"

enum message_lock_kind lock_kind(const struct lock *lock)
{
    return lock->class->kind;
}

int lock_descriptor(const struct lock *lock)
{
    return lock->class->descriptor(lock);
}

int64_t lock_step(struct lock *lock, int64_t awake_ms)
{
    return lock->class->step(lock, awake_ms);
}

bool lock_is_held(const struct lock *lock)
{
    return lock->class->is_held(lock);
}

bool lock_adopt(struct lock *lock, uint64_t window)
{
    return lock->class->adopt(lock, window);
}

bool lock_has_screen(const struct lock *lock)
{
    return lock->class->has_screen(lock);
}

void lock_abandon(struct lock *lock)
{
    lock->class->abandon(lock);
}

void lock_cover(struct lock *lock, const struct lock_notice *notice)
{
    lock->class->cover(lock, notice);
}

void lock_uncover(struct lock *lock)
{
    lock->class->uncover(lock);
}

int lock_read_key(struct lock *lock)
{
    return lock->class->read_key(lock);
}

void lock_size(const struct lock *lock, uint32_t *width, uint32_t *height)
{
    lock->class->size(lock, width, height);
}

void lock_release(struct lock *lock)
{
    if (lock != NULL)
        lock->class->release(lock);
}
