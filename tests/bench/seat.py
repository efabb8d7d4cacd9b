"""seat.py: the kiosk as it is in an exam: a real seat, the real lock, the PCEP exam begun with a start code.

What only a session shows: its memory, the peak while a code is stretched (scrypt takes 128 MiB), clicks through the guard,
and what heartbeats cost an exam that nobody touches."""
import contextlib
import dataclasses
import os
import sys
import threading
import time

import display
import measure
import onscreen

sys.path.insert(0, os.path.join(measure.TOP, "tests/e2e"))
from world import World  # noqa: E402: the small world of the end-to-end tests
import candidate  # noqa: E402: world.py knows where it is

ADMISSION = "A-4471-0932"
QUESTIONS = 30  # of a PCEP form
INTERVAL_S = 30  # carrel-sync's own: each new catalog is verified and noted


class Peak(threading.Thread):
    """The most memory that a process and its children had, looked at a hundred times a second."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most_mb, self.is_over = pid, 0, threading.Event()

    def run(self):
        while not self.is_over.wait(0.01):
            self.most_mb = max(self.most_mb, measure.pss_mb(measure.and_children(self.pid)))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.join()


@dataclasses.dataclass
class Session:
    """A candidate at the first question."""
    hands: candidate.Kiosk
    guard: int
    sync: int
    peak_mb: float


@contextlib.contextmanager
def in_exam(size):
    with World("release") as world:
        world.board().server()
        seat = world.seat()
        world.admit(ADMISSION)
        seat.sync(INTERVAL_S).wait_ready()
        code = world.codes()["start"]
        with seat.kiosk(f"{size[0]}x{size[1]}", lock=True) as hands:
            guard = hands.process.popen.pid
            hands.wait("covered becomes shown")  # a key before that is the cover's
            hands.text = "screen: waiting"       # it was; check_in wants to have seen it
            with Peak(guard) as peak:
                candidate.check_in(hands, ADMISSION, code)
                candidate.begin(hands)
                hands.wait("screen: question 1")
            yield Session(hands, guard, seat.sync_process.popen.pid, peak.most_mb)


def turn_to(hands, key, number):
    """A key that comes while a slow disk has the screen covered is the cover's: then once more."""
    for _ in range(10):
        time.sleep(0.08)  # the guard lets 20 lines a second into the log
        hands.key(key)
        with contextlib.suppress(SystemExit):
            hands.wait(f"screen: question {number}\\b", 3)
            return
    raise RuntimeError(f"the kiosk does not turn to question {number}")


def turn_all_pages(hands):
    """What a screen keeps for the next time it is drawn is in memory after that."""
    for number in range(2, QUESTIONS + 1):
        turn_to(hands, "ctrl+Right", number)
    for number in range(QUESTIONS - 1, 0, -1):
        turn_to(hands, "ctrl+Left", number)


def memory(session, size, peer_mb):
    pids = measure.and_children(session.guard)
    first_mb = measure.pss_mb(pids)
    turn_all_pages(session.hands)
    time.sleep(5)
    steady_mb, sync_mb = measure.pss_mb(pids), measure.pss_mb([session.sync])
    note = (f"PSS of guard and screen process, locked, PCEP open, {size[0]}×{size[1]}, after all questions were shown; "
            "the peer: all of Chromium's processes with one question")
    yield measure.at_most("memory", "memory of the kiosk, steady", "MB", steady_mb, peer_mb, 1 / 20, "≤ 1/20", note)
    yield measure.told("memory", "memory at the first question", "MB", first_mb, peer_mb)
    yield measure.told("memory", "memory, peak while a code is stretched", "MB", session.peak_mb, peer_mb,
                       "from the waiting screen to the first question")
    yield measure.told("memory", "memory of carrel-sync beside it", "MB", sync_mb, peer_mb)


def click(session, size, runs):
    """A click goes to the guard, which holds the pointer, and from there to the screen process."""
    with display.Watch(session.hands.display, size) as watch:
        times = [time for _ in range(runs) for time in onscreen.click_rows(watch, size[0] * 3 // 4)]
    yield measure.told("click", "click to changed pixel, locked", "ms", measure.median(times),
                       note=f"median of {len(times)}, through the guard")


def idle(session, size, seconds):
    with display.Watch(session.hands.display, size) as watch:
        rest = onscreen.Rest.of(measure.and_children(session.guard), watch, seconds)
    note = "in an exam, locked: a heartbeat is journaled and synced every 0.8 s"
    yield measure.Row("idle", "idle in an exam: changes of the screen", "/s", rest.ticks, None, None, "≤ 1 a second",
                      rest.ticks * seconds <= seconds + 1, note)
    yield measure.told("idle", "idle in an exam: wake-ups", "/s", rest.wakeups, note=note)
    yield measure.told("idle", "idle in an exam: processor time", "ms/s", rest.cpu, note=note)
