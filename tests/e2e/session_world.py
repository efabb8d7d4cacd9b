"""session_world.py: sessions on real kiosks that crash, stop and are moved in time, and what their results must say.

What a candidate did and saw is noted from outside: keys by xdotool, "chosen and Saved" by pixels. Afterwards the
transcript, opened by stock openssl, is compared with it."""
import contextlib
import glob
import json
import os
import re
import shutil
import signal
import ssl
import time
import urllib.request

from pixels import DANGER, SAVED, Pixels
from world import TOP, World, main, until  # noqa: F401: for the tests

LETTERS = "abcd"
MINUTE_MS = 60000


def end_all(candidate):
    """kill -9 of the guard: the screen process goes with it. When, by the clock of the kiosk."""
    screen = candidate.screen_pid()
    candidate.kiosk.process.popen.kill()
    candidate.kiosk.process.popen.wait()
    until("the screen process to go too", lambda: not os.path.exists(f"/proc/{screen}"))
    return boot_ms()


def boot_ms():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000000


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


class SessionWorld(World):
    """A board with the small exam of the tests, its time changed, a server, a seat that is in step with it."""

    def __init__(self, minutes=60, build="simulation"):
        super().__init__(build)
        self.minutes = minutes

    def open(self, sync=True, developer=True, **sitting):
        exam = self.path("small")
        shutil.copytree(os.path.join(TOP, "tests/exams/small"), exam)
        with open(os.path.join(exam, "exam.yaml"), "r+") as file:
            text = re.sub(r"time_limit_minutes: \d+", f"time_limit_minutes: {self.minutes}", file.read())
            file.seek(0)
            file.write(text)
            file.truncate()
        self.board(exam=exam).server()
        self.the_seat = self.seat(developer=developer)
        self.sitting(exam="small", **sitting)
        self.admit()
        if sync:
            self.the_seat.sync().wait_ready()
        self.sheet = self.codes()
        return self

    def resume_codes(self, number="A-1"):
        return next(entry["resume"] for entry in self.sheet["sessions"] if entry["admission"] == number)

    @contextlib.contextmanager
    def candidate(self, **options):
        with self.the_seat.kiosk(**options) as kiosk:
            yield Candidate(self, kiosk)

    # --- what came of it --------------------------------------------------------------------------------------------
    def transcript(self, path=None):
        """The records of a result, by stock openssl."""
        path = path or glob.glob(self.the_seat.path("spool/out/*.result"))[0]
        board, signed, plain = self.pki, self.path("signed.der"), self.path("transcript")
        self.run("openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", path, "-recip", board + "/scoring.pem",
                 "-inkey", board + "/scoring.key", "-out", signed)
        self.run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signed, "-CAfile",
                 self.path("pki/root.pem"), "-out", plain)
        with open(plain) as file:
            return [json.loads(line) for line in file]



    def keep_ticket(self):
        """A copy of the ticket: the seat's goes when its window is over."""
        return shutil.copy(glob.glob(self.the_seat.path("spool/in/tickets/*.ticket"))[0], self.folder)

    def unfinished(self, ticket):
        """The records of the journal that was sent."""
        lines = self.run(os.path.join(self.bin, "../tests/session-journal"), self.the_seat.path("kiosk"),
                         self.path("pki/root.pem"), self.path("pki/centers/center-1/ca.pem"), ticket, self.sheet["start"],
                         glob.glob(self.the_seat.path("spool/out/*.journal"))[0]).stdout
        return [json.loads(line) for line in lines.splitlines()]

    def server_sessions(self, sitting=None):
        """What the server knows of a sitting's sessions; of the newest one's."""
        context = ssl.create_default_context(cafile=self.path("pki/root.pem"))
        context.load_cert_chain(self.staff + ".pem", self.staff + ".key")
        request = urllib.request.urlopen(f"{self.seats_url}/v1/sessions?sitting={sitting or self.sitting_id}", context=context)
        with request as answer:
            return json.load(answer)["sessions"]


class Candidate:
    """Somebody at a kiosk, and the notes of a witness: what was pressed, and what was shown as chosen and saved."""

    def __init__(self, world, kiosk):
        self.world, self.kiosk = world, kiosk
        self.pixels = Pixels(world.pictures[kiosk.display])
        self.position = None  # of the question on screen, from 0
        self.is_unclear = False
        self.presses = []  # (position, letter, was it shown as saved)
        self.guard = kiosk.process.popen.pid

    def screen_pid(self):
        return next(iter(children(self.guard)), None)

    # --- going through it -------------------------------------------------------------------------------------------
    def check_in(self, number="A-1", code=None, initials="KM"):
        kiosk = self.kiosk
        kiosk.wait("screen: waiting")
        kiosk.key("Return")
        kiosk.wait("screen: number")
        kiosk.type(number)
        kiosk.key("Return")
        if kiosk.wait("screen: (person|code)")[1] == "person":  # a session that goes on is staff's at once
            kiosk.key("Return")
            kiosk.wait("screen: code")
        self.type_code(code or self.world.sheet["start"], initials)
        return self

    def type_code(self, code, initials="KM"):
        self.kiosk.type(code)
        self.kiosk.key("Tab")
        self.kiosk.type(initials)
        self.kiosk.key("Return")

    def ask_at_the_door(self, number="A-1"):
        """From waiting to the person's screen and back; what the seat finds: "open", or "early" and by how many s …"""
        kiosk = self.kiosk
        time.sleep(0.5)  # the guard drops what is more than 20 lines a second
        kiosk.key("Return")
        kiosk.wait("screen: number")
        kiosk.type(number)
        kiosk.key("Return")
        found = kiosk.wait(r"(?:door: ([a-z ]+) by (\d+) s[\s\S]*)?screen: person")
        kiosk.key("Escape")
        kiosk.wait("screen: number")
        kiosk.key("Escape")
        kiosk.wait("screen: waiting")
        return (found[1] or "open", int(found[2] or 0))

    def resume(self, code, second=None):
        """From waiting to where the exam stood, by a code; a second member of staff where the gap needs one."""
        self.check_in(code=code)
        self.confirm_gap(second)

    def confirm_gap(self, second=None):
        self.kiosk.wait("screen: gap")
        if second:
            self.kiosk.type(second)
        self.kiosk.key("Return")
        self.wait_question()

    def begin(self, number="A-1"):
        """Up to the first question."""
        self.check_in(number)
        self.kiosk.wait("screen: agreement")
        self.kiosk.key("Return")
        self.kiosk.wait("screen: tutorial")
        self.kiosk.key("Return")
        self.wait_question()
        return self

    def wait_question(self, seconds=30):
        self.position = int(self.kiosk.wait(r"screen: question (\d+)", seconds)[1]) - 1
        return self.position

    def answer(self, letter, seconds=0.5):
        """Presses a letter; notes whether the change was seen on the screen as saved."""
        before, screen = self.pixels.chosen(), self.screen_pid()
        self.kiosk.key(letter)
        note = [self.position, letter, False]
        self.presses.append(note)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not note[2]:
            now = self.pixels.chosen()  # and the same again behind the rest: of one process, and of one frame
            note[2] = now != before and self.pixels.is_drawn() and self.pixels.header_has(SAVED) and \
                now == self.pixels.chosen() and screen == self.screen_pid()
            time.sleep(0.005)
        self.is_unclear = not note[2]  # whether it comes yet, or never, only another screen tells
        return note[2]

    def must_answer(self, letter):
        """A key that comes while a slow disk has the screen covered is the cover's: then once more."""
        assert self.answer(letter, 5) or self.answer(letter, 5), f"no saved answer is seen after {letter}"

    def go(self, key):
        """Another question (or the review), by keys."""
        self.kiosk.key(key)
        match = self.kiosk.wait(r"screen: (?:question (\d+)|review)", 10)
        self.position = int(match[1]) - 1 if match[1] else None
        self.is_unclear = False

    def to_the_last_screen(self):
        """From wherever in the exam to where Enter ends it."""
        if self.position is not None:
            self.go("ctrl+r")
        self.kiosk.key("shift+Tab", "Return")
        self.kiosk.wait("screen: confirm")
        self.kiosk.type("END")

    def to_the_end(self):
        """From wherever in the exam past its survey."""
        self.to_the_last_screen()
        self.kiosk.key("Return")
        self.kiosk.wait("screen: survey")
        self.kiosk.key("Return")

    def end(self):
        """From wherever in the exam to the stored result."""
        self.to_the_end()
        self.kiosk.wait("screen: stored")

    def received(self):
        return self.kiosk.wait(r"received: (\S+)", 60)[1]

    # --- doing it harm ----------------------------------------------------------------------------------------------
    def log_since(self, mark):
        with open(self.kiosk.process.log, errors="replace") as log:
            log.seek(mark)
            return log.read()

    def kill_screen(self):
        """kill -9 of the screen process, seen by the guard as one failure among few. Its pid, and where the log was."""
        os.kill(self.guard, signal.SIGSTOP)  # it must not see the clock before the death
        pid, mark = self.screen_pid(), os.path.getsize(self.kiosk.process.log)
        os.kill(pid, signal.SIGKILL)
        self.world.wake(20000)
        os.kill(self.guard, signal.SIGCONT)
        return pid, mark

    def wait_back(self, victim, seconds=10):
        """Until another screen process shows its screen; which screen that is."""
        dead, mark = victim
        pattern = r"ended by signal 9[\s\S]*?screen: screen: ([a-z]+)(?: (\d+))?[\s\S]*?covered becomes shown"
        match = until("the screen to come back\n" + self.log_since(mark),
                      lambda: re.search(pattern, self.log_since(mark)), seconds, 0.005)
        until("the screen to be drawn:\n" + self.log_since(mark), self.pixels.is_drawn, seconds, 0.002)
        assert self.screen_pid() != dead
        self.kiosk.wait("covered becomes shown")  # what was logged before is told
        self.position = int(match[2]) - 1 if match[2] else None
        self.is_unclear = False
        return match[1]


# --- comparing ------------------------------------------------------------------------------------------------------
def choices_of(records):
    form = next(record for record in records if record["kind"] == "form")
    return [item["choices"] for item in form["items"]]


def toggled(before, after):
    """The choice a response record was made by: of a single response the new one."""
    changed = set(before) ^ set(after)
    if len(changed) <= 1:
        return next(iter(changed), None)  # None: written once more after a disk failed
    assert len(after) == 1, f"{before} became {after} in one record"
    return after[0]


def is_told(presses, acts):
    """Whether the acts on disk come from the presses in order, none that was shown as saved left out."""
    memo = {}

    def tell(i, j):
        if i == len(presses):
            return j == len(acts)
        if (i, j) not in memo:
            choice, was_saved = presses[i]
            memo[i, j] = (j < len(acts) and acts[j] == choice and tell(i + 1, j + 1)) or \
                (not was_saved and tell(i + 1, j))
        return memo[i, j]

    return tell(0, 0)


def check_answers(records, presses):
    """Nothing that was shown as saved is missing, nothing is there that was not pressed."""
    choices = choices_of(records)
    for position, shown in enumerate(choices):
        values, acts = [], []
        for record in records:
            if record["kind"] == "response" and record["position"] == position:
                act = toggled(values, record["values"])
                acts += [act] if act is not None else []
                values = record["values"]
        pressed = [(shown[LETTERS.index(letter)], was_saved) for at, letter, was_saved in presses
                   if at == position and LETTERS.index(letter) < len(shown)]
        assert is_told(pressed, acts), f"position {position}: pressed {pressed}, on disk {acts}"


def check_time(records, lost_ms=0):
    """Exam time is the boot clock's, to the millisecond, plus what resumes were charged."""
    begun = next(record for record in records if record["kind"] == "phase" and record["phase"] == "exam")
    over = next((record for record in records if record["sequence"] > begun["sequence"] and
                 record["kind"] in ("phase", "end")), records[-1])
    wanted = over["boot_ms"] - begun["boot_ms"] + lost_ms
    assert over["exam_ms"] == wanted, f"exam time {over['exam_ms']} where the clock says {wanted}"
    return over["exam_ms"]


def resumes(records):
    """Each resume with the record before it."""
    return [(records[i - 1], record) for i, record in enumerate(records)
            if record["kind"] == "run" and record["reason"] == "resume"]


def end_of(records):
    assert records[-1]["kind"] == "end"
    return records[-1]


def taken(minutes=2, during=lambda world, candidate: None, seconds=30):
    """An exam that is left to its clock; its records. `during` happens with one answer given, the time nearly used up."""
    with SessionWorld(minutes=minutes) as world:
        world.open()
        with world.candidate() as candidate:
            candidate.begin()
            candidate.must_answer("b")
            during(world, candidate)
            candidate.kiosk.wait("screen: stored", seconds)
            candidate.received()
        records = world.transcript()
        check_answers(records, candidate.presses)
        assert end_of(records)["reason"] == "time", end_of(records)
        assert end_of(records)["exam_ms"] == minutes * MINUTE_MS == max(record["exam_ms"] for record in records)
        return records


def real_ms_left(records):
    """How much earlier than the limit by the boot clock the exam ended: 0, or what was gained is negative."""
    begun = next(record for record in records if record["kind"] == "phase" and record["phase"] == "exam")
    return begun["boot_ms"] + records[0]["max_time_ms"] - end_of(records)["boot_ms"]
