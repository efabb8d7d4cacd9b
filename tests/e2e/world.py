"""world.py: a small world for end-to-end tests: a board, a server, seats, candidates, all real programs on loopback.

    with World("release") as world:
        world.board(); world.server(); seat = world.seat("seat-1"); seat.sync()
        admission = world.admit("A-1")
        with seat.kiosk() as kiosk: …

Everything is below one temporary folder and ends with the world; only processes that were started here are ended, by
their ids. In the "simulation" build the clock is driven: world.pass_time(ms), world.suspend(ms), world.set_wall(ms).
"""
import contextlib
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "provisioning"))
from candidate import Kiosk  # noqa: E402


def until(what, true, seconds=30, step=0.02):
    """Waits until true() is; its value. Fails with what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = true()
        if value:
            return value
        time.sleep(step)
    raise AssertionError(f"waited {seconds} s for {what}")


def stamp(wall_s):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wall_s))


class Process:
    """A program with its output in a file."""

    def __init__(self, name, folder, arguments, env, **more):
        self.log = os.path.join(folder, name + ".log")
        self.output = open(self.log, "ab")
        self.popen = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, env=env, **more)

    def text(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def wait_for(self, pattern, seconds=30):
        return until(f"{pattern!r} in {self.log}:\n{self.text()[-1500:]}",
                     lambda: re.search(pattern, self.text()), seconds)

    def is_running(self):
        return self.popen.poll() is None

    def stop(self, number=signal.SIGTERM, seconds=10):
        if self.is_running():
            self.popen.send_signal(number)
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            return self.popen.wait()
        finally:
            self.output.close()


class World:
    def __init__(self, build="release"):
        self.bin = os.path.join(TOP, "build", build, "bin")
        self.folder = tempfile.mkdtemp(prefix="carrel-test.")
        self.env = {**os.environ, "PATH": self.bin + ":" + os.environ["PATH"], "XAUTHORITY": "/dev/null"}
        self.env.pop("CARREL_AS", None)
        self.processes = []
        self.pictures = {}  # display → the file that holds its pixels
        self.clock = [0, 0, 0]  # boot, awake, wall, in ms
        self.seats_wall = 0  # how far the wall clocks of seats are off, in ms
        self.seat_env, self.seats_folder = {}, self.folder
        if build in ("simulation", "asan"):
            self.env["CARREL_CLOCK"] = self.path("clock")
            self.seat_env = {"CARREL_CLOCK": self.path("clock-of-seats"), "CARREL_DISK_FAULT": self.path("disk-fault")}
            self._write_clock()
            self.disk_fault("-")
        self.pki = self.path("pki")
        self.staff = self.path("pki/centers/center-1/staff/anna")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for process in reversed(self.processes):
            process.stop()
        if kind is None or "KEEP" not in os.environ:
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- time (simulation builds) ---------------------------------------------------------------------------------
    def _write_clock(self):
        """In place, in one write of a fixed length: sandboxes know the file, and no reader sees half of it."""
        boot, awake, wall = self.clock
        for name, off in (("clock", 0), ("clock-of-seats", self.seats_wall)):
            file = os.open(self.path(name), os.O_RDWR | os.O_CREAT, 0o644)
            os.pwrite(file, f"{boot:20d} {awake:20d} {wall + off:20d}\n".encode(), 0)
            os.close(file)

    def disk_fault(self, letter):
        """What fails on the disks of seats from now on: "w" writes, "s" syncs, "-" nothing."""
        file = os.open(self.path("disk-fault"), os.O_RDWR | os.O_CREAT, 0o644)
        os.pwrite(file, letter.encode(), 0)
        os.close(file)

    def pass_time(self, ms):
        self.clock = [self.clock[0] + ms, self.clock[1] + ms, self.clock[2] + ms]
        self._write_clock()

    def suspend(self, ms):
        self.clock = [self.clock[0] + ms, self.clock[1], self.clock[2] + ms]
        self._write_clock()

    def wake(self, ms):
        """Lets only the awake clock pass: what happens now lies further from what happened before."""
        self.clock[1] += ms
        self._write_clock()

    def set_wall(self, ms):
        """Somebody sets the wall clocks of the seats, so that they are off by this much."""
        self.seats_wall = ms
        self._write_clock()

    # --- programs ---------------------------------------------------------------------------------------------------
    def run(self, *arguments, check=True):
        """One command to its end; its result. Fails with what it said."""
        done = subprocess.run(arguments, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def carrel(self, *arguments):
        return self.run("carrel", *arguments)

    def carrel_json(self, *arguments):
        return json.loads(self.run("carrel", *arguments, "--json").stdout)

    def start(self, name, *arguments, **more):
        process = Process(name, self.folder, arguments, more.pop("env", self.env), **more)
        self.processes.append(process)
        return process

    # --- a board, its exam, its server ------------------------------------------------------------------------------
    def board(self, exam=os.path.join(TOP, "assets/exams/pcep"), centers=("center-1",)):
        more = [word for center in centers for word in ("--center", center)]
        self.carrel("init", self.pki, *more, "--staff", "anna", "--dns", "localhost,127.0.0.1")
        self.exam = self.path(os.path.basename(exam) + ".exam")
        self.carrel("exam", "build", exam, "-o", self.exam, "--board", self.pki)
        return self

    def server(self, publish=True, ports=(0, 0, 0)):
        self.server_process = self.start(
            "server", "carrel-server", "--board", self.pki, "--data", self.path("server"), "--listen", "127.0.0.1",
            "--seats-port", str(ports[0]), "--public-port", str(ports[1]), "--metrics-port", str(ports[2]),
            "--developer")
        ready = self.server_process.wait_for(r'(?m)^\{.*"seats".*\}$')
        self.ports = json.loads(ready[0])
        self.seats_url = f"https://localhost:{self.ports['seats']}"
        self.public_url = f"https://localhost:{self.ports['public']}"
        if publish:
            self.carrel("publish", self.exam, "--server", self.seats_url, "--as", os.path.join(self.pki, "board"))
        return self

    def restart_server(self, number=signal.SIGKILL, before_start=lambda: None):
        """Ends the server with a signal and starts it again on the same ports and data."""
        self.server_process.stop(number)
        before_start()
        os.rename(self.server_process.log, self.server_process.log + f".{time.monotonic_ns()}")
        ports = (self.ports["seats"], self.ports["public"], self.ports["metrics"])
        return self.server(publish=False, ports=ports)

    def as_staff(self, *arguments):
        return (*arguments, "--server", self.seats_url, "--as", self.staff)

    def seat(self, name="seat-1", developer=True):
        return Seat(self, name, developer)

    def sitting(self, opens_s=-600, closes_s=7200, exam="pcep"):
        now = time.time() + self.clock[2] / 1000
        self.sitting_id = self.carrel_json(*self.as_staff(
            "sitting", "create", "--exam", exam, "--title", "Test", "--opens", stamp(now + opens_s),
            "--closes", stamp(now + closes_s), "--zone", "UTC"))["id"]
        return self.sitting_id

    def admit(self, number="A-1", name="Example, Alex", candidate="alex-1", **columns):
        """One candidate of the newest sitting (made where there is none)."""
        if not hasattr(self, "sitting_id"):
            self.sitting()
        fields = {"name": f'"{name}"', "candidate_id": candidate, "admission": number, **columns}
        roster = self.path("roster.csv")
        with open(roster, "w") as file:
            file.write(",".join(fields) + "\n" + ",".join(str(value) for value in fields.values()) + "\n")
        self.carrel(*self.as_staff("sitting", "admit", self.sitting_id, roster))
        return number

    def codes(self):
        return self.carrel_json(*self.as_staff("sitting", "codes", self.sitting_id))


class Seat:
    """A seat's folder and its programs."""

    def __init__(self, world, name, developer):
        self.world, self.name = world, name
        self.folder = os.path.join(world.seats_folder, name)
        code = world.carrel_json(*world.as_staff("seat", "invite", name))["code"]
        unlock = world.path("unlock-code")
        with open(unlock, "w") as file:
            file.write("open sesame\n")
        world.carrel("seat", "enrol", "--server", world.public_url, "--code", code, "--seat", self.folder,
                     "--unlock-code-file", unlock, *(["--developer"] if developer else []))

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def sync(self, interval_s=1):
        self.sync_process = self.world.start(
            f"sync-{self.name}", "carrel-sync", "--seat", self.folder, "--interval", str(interval_s),
            env={**self.world.env, **self.world.seat_env})
        return self

    def wait_ready(self, tickets=1):
        """So many tickets and their package are there."""
        until("tickets and their package", lambda: len(glob.glob(self.path("spool/in/tickets/*.ticket"))) >= tickets and
              glob.glob(self.path("spool/in/packages/*.exam")))
        return self

    @contextlib.contextmanager
    def kiosk(self, size="1280x800", lock=False, display=None, **more_env):
        """The kiosk under an X server of its own (or the display given), with a candidate's hands."""
        world = self.world
        with contextlib.ExitStack() as stack:
            display = display or stack.enter_context(x_server(world, size))
            env = {**world.env, **world.seat_env, **more_env, "DISPLAY": display}
            arguments = ["carrel-kiosk", "--seat", self.folder] + ([] if lock else [f"--window={size}"])
            process = world.start(f"kiosk-{self.name}-{time.monotonic_ns()}", *arguments, env=env)
            hands = Kiosk(process.log, None, display)
            hands.process, hands.size, hands.display = process, tuple(map(int, size.split("x"))), display
            before = os.environ.get("DISPLAY")
            os.environ["DISPLAY"] = display
            try:
                yield hands
            finally:
                process.stop()
                if process.is_running():  # a lock does not end for SIGTERM
                    process.popen.kill()
                if before is None:
                    os.environ.pop("DISPLAY", None)
                else:
                    os.environ["DISPLAY"] = before


@contextlib.contextmanager
def x_server(world, size="1280x800"):
    """-noreset: a screen process that is killed may be the only client, and a server that begins anew just then turns the
    next ones away, or forgets what they drew. On a locked seat the guard is always a client."""
    read_end, write_end = os.pipe()
    folder = tempfile.mkdtemp(prefix="xvfb.", dir=world.folder)  # its picture, as a file: tests/e2e/pixels.py
    process = world.start(f"xvfb-{time.monotonic_ns()}", "Xvfb", "-displayfd", str(write_end), "-screen", "0",
                          f"{size}x24", "-nolisten", "tcp", "-noreset", "-dpi", "96", "-fbdir", folder,
                          pass_fds=(write_end,))
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        number = pipe.readline().strip()
    if not number:
        raise AssertionError("Xvfb does not start:\n" + process.text())
    try:
        world.pictures[":" + number] = os.path.join(folder, "Xvfb_screen0")
        yield ":" + number
    finally:
        process.stop()


def main(*tests):
    """Runs the tests named on the command line, or all; says what each found. For the end of a test file."""
    wanted = sys.argv[1:]
    failed = 0
    for test in tests:
        if wanted and not any(part in test.__name__ for part in wanted):
            continue
        began = time.monotonic()
        try:
            test()
            print(f"ok      {test.__name__}  {time.monotonic() - began:.1f} s", flush=True)
        except (Exception, SystemExit) as error:  # noqa: BLE001: a test may fail in any way
            failed += 1
            print(f"FAILED  {test.__name__}: {error}", flush=True)
    sys.exit(1 if failed else 0)
