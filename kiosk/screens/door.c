/* door.c: what is said when an exam's window is not open by this seat's time: by how much, and how to go on. */
#include "core/encoding.h"
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };
#define DAY_MS (INT64_C(24) * HOUR_MS)

/* "25 minutes", "3 h 20 min", "12 days": rounded up to what a person would say. */
static const char *span(struct kiosk *kiosk, int64_t ms)
{
    const long long minutes = ms / MINUTE_MS + 1;

    if (ms >= 2 * DAY_MS)
        return kiosk_say(kiosk, _("%lld days"), (long long)(ms / DAY_MS));
    if (ms >= HOUR_MS)
        return kiosk_say(kiosk, _("%lld h %lld min"), minutes / 60, minutes % 60);
    return kiosk_say(kiosk, PLURAL("%lld minute", "%lld minutes", minutes), minutes);
}

const char *screen_moment(struct kiosk *kiosk, int64_t ms)
{
    char time[TIMESTAMP_SIZE];

    timestamp_format(ms, time);
    return kiosk_say(kiosk, "%.10s %.5s", time, time + 11);
}

const char *door_sentence(struct kiosk *kiosk)
{
    const struct checkin *checkin = &kiosk->checkin;
    const char *by = span(kiosk, checkin->door.by_ms);

    switch (checkin->door.verdict) {
    case DOOR_EARLY: return kiosk_say(kiosk, _("This exam can start in %s. Please wait, or call staff."), by);
    case DOOR_LATE:
        return kiosk_say(kiosk, _("The time to start this exam ended %s ago. Please call staff."), by);
    case DOOR_WRONG_CLOCK:
        return kiosk_say(
            kiosk, _("This computer's clock is wrong: it is %s ahead. Please call staff to set it."), by);
    case DOOR_OPEN: break;
    }
    return NULL;
}

/* For staff, small: what the seat compares. */
static const char *door_times(struct kiosk *kiosk)
{
    const struct checkin *checkin = &kiosk->checkin;

    if (checkin->time.signed_ms == 0)
        return kiosk_say(kiosk, _("clock %s UTC · E-DOOR"), screen_moment(kiosk, checkin->time.host_ms));
    return kiosk_say(kiosk, _("clock %s, server %s UTC · E-DOOR"), screen_moment(kiosk, checkin->time.host_ms),
        screen_moment(kiosk, checkin->time.signed_ms));
}

void screen_door(struct kiosk *kiosk)
{
    const char *sentence = door_sentence(kiosk);

    if (sentence != NULL)
        ui_notice(kiosk->ui, NOTICE_CAUTION, sentence, door_times(kiosk));
}

void screen_clock(struct kiosk *kiosk)
{
    const struct door_time time = memory_time(kiosk->memory, kiosk->clock);
    const char *by = span(kiosk, time.off_ms < 0 ? -time.off_ms : time.off_ms);

    if (time.trust != DOOR_CLOCK_BEHIND && time.trust != DOOR_CLOCK_AHEAD)
        return;
    ui_notice(kiosk->ui, NOTICE_DANGER,
        time.trust == DOOR_CLOCK_BEHIND
            ? kiosk_say(kiosk, _("This computer's clock is %s behind. Staff should set it; exams start all the same."), by)
            : kiosk_say(kiosk, _("This computer's clock is %s ahead. Staff must set it before an exam starts."), by),
        kiosk_say(kiosk, _("clock %s, server %s UTC · E-CLOCK"), screen_moment(kiosk, time.host_ms),
            screen_moment(kiosk, time.signed_ms)));
}
