"""onscreen.py: start, click and idle, of the kiosk and of the browser peer, by the same eyes on the same X server."""
import contextlib
import dataclasses
import os
import shutil
import time

import display
import measure
from peer import peer

ITEM = "basics-08"  # a listing, a stem of two paragraphs, four choices
CLICKS = 4          # in each run


class Pair:
    """Both programs with the same question: name, command, and an x that lies in the response rows."""

    def __init__(self, size, url):
        self.size = size
        self.folder = os.path.join(measure.FOLDER, "onscreen")
        self.profile = os.path.join(self.folder, "profile")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        whole = os.path.join(self.folder, "pcep.practice")
        self.question = os.path.join(self.folder, "question.practice")
        measure.run(measure.program("carrel"), "exam", "build", os.path.join(measure.TOP, "assets/exams/pcep"),
                    "--practice", "-o", whole)
        measure.run(measure.tool("bench-objects"), "question", whole, ITEM, self.question)
        self.kiosk = [measure.program("carrel-kiosk"), "--practice", self.question, f"--window={size[0]}x{size[1]}"]
        self.peer = peer.command(self.profile, size, url)
        self.x = {"kiosk": size[0] * 3 // 4, "peer": size[0] * 22 // 100}

    def start(self, which, screen):
        return display.Watch(screen, self.size, getattr(self, which), os.path.join(self.folder, which + ".log"))


@contextlib.contextmanager
def both(size):
    installed = os.path.join(measure.FOLDER, "peer")
    peer.install(installed)
    site = peer.make_site(installed, os.path.join(measure.TOP, f"assets/exams/pcep/items/{ITEM}.md"))
    with peer.serve(site) as url:
        pair = Pair(size, url)
        with display.x_server(size, pair.folder) as screen:
            for which in ("kiosk", "peer"):  # a browser's first start makes its profile: not counted, in its favour
                with pair.start(which, screen):
                    pass
            yield pair, screen


def click_rows(watch, x):
    """CLICKS clicks, each on the row that is not chosen."""
    rows = watch.find_rows(x)
    times = [watch.click_ms(x, rows[number % 2]) for number in range(CLICKS)]
    return [time for time in times if time is not None]


def start_and_click(pair, screen, runs, say):
    starts, clicks = {"kiosk": [], "peer": []}, {"kiosk": [], "peer": []}
    for number in range(runs):
        for which in ("kiosk", "peer"):
            with pair.start(which, screen) as watch:
                starts[which].append(watch.text_ms)
                clicks[which] += click_rows(watch, pair.x[which])
            say(f"run {number + 1} of {runs}: {which} starts in {starts[which][-1]:.0f} ms, "
                f"answers a click in {measure.median(clicks[which][-CLICKS:]):.2f} ms")
    note = f"medians of {runs} runs each, one after the other, {pair.size[0]}×{pair.size[1]}"
    yield measure.at_most("start", "start to first question text", "ms", measure.median(starts["kiosk"]),
                          measure.median(starts["peer"]), 1 / 10, "≤ 1/10", note)
    yield measure.at_most("click", "click to changed pixel", "ms", measure.median(clicks["kiosk"]),
                          measure.median(clicks["peer"]), 1 / 4, "≤ 1/4", f"{note}, {CLICKS} clicks in each")


@dataclasses.dataclass
class Rest:
    """What a program takes on a question that nobody touches."""
    cpu: float      # ms a second
    wakeups: float  # of all processes, a second
    ticks: float    # changes of the screen, a second
    pss_mb: float

    @classmethod
    def of(cls, pids, watch, seconds):
        time.sleep(3)
        before, began = (measure.cpu_ms(pids), measure.wakeups(pids)), time.monotonic()
        ticks = watch.ticks(seconds)
        after, passed = (measure.cpu_ms(pids), measure.wakeups(pids)), time.monotonic() - began
        return cls((after[0] - before[0]) / passed, (after[1] - before[1]) / passed, ticks / passed,
                   measure.pss_mb(pids))


def rests(pair, screen, seconds):
    found = {}
    for which in ("kiosk", "peer"):
        with pair.start(which, screen) as watch:
            found[which] = Rest.of(measure.family(watch.pid), watch, seconds)
    return found


def idle(found, seconds):
    """The clock is drawn once a second; that drawing and nothing else may change anything."""
    ours, peers = found["kiosk"], found["peer"]
    note = f"a practice exam that nobody touches for {seconds} s; the peer's page has no clock"
    yield measure.Row("idle", "idle: changes of the screen", "/s", ours.ticks, peers.ticks, None, "≤ 1 a second",
                      ours.ticks * seconds <= seconds + 1, note)
    yield measure.told("idle", "idle: wake-ups of all processes", "/s", ours.wakeups, peers.wakeups, note)
    yield measure.told("idle", "idle: processor time", "ms/s", ours.cpu, peers.cpu, note)
