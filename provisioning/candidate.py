#!/usr/bin/python3
"""A scripted candidate: answers an exam on the real kiosk by real key and mouse events.

    candidate.py --log FILE --number N --code CODE [--screens DIR] [--answers abcd] [--sync PID]

The kiosk's log says which screen is shown; keys and clicks go through xdotool (XTest) to the X server of
DISPLAY. Every new screen is kept as a picture. Nothing here knows a correct answer.
"""
import argparse
import itertools
import os
import re
import signal
import subprocess
import sys
import time


class Kiosk:
    """The kiosk as its log and a candidate's hands."""

    def __init__(self, log, screens, display=None):
        self.env = {**os.environ, **({"DISPLAY": display} if display else {})}
        self.log, self.screens = open(log, errors="replace"), screens
        self.text, self.pictures = "", 0

    def wait(self, pattern, seconds=30):
        """Waits until the log says something that matches, and forgets what came before it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.text += self.log.read()
            match = re.search(pattern, self.text)
            if match:
                self.text = self.text[match.end():]
                return match
            time.sleep(0.02)
        sys.exit(f"demo-candidate: the kiosk did not show {pattern!r} within {seconds} s\n{self.text[-2000:]}")

    def picture(self, name):
        if not self.screens:
            return
        time.sleep(0.15)  # the frame after the log line
        self.pictures += 1
        path = os.path.join(self.screens, f"{self.pictures:02d}-{name}.png")
        subprocess.run(["import", "-window", "root", path], check=True, env=self.env)

    def key(self, *keys):
        subprocess.run(["xdotool", "key", "--delay", "12", *keys], check=True, env=self.env)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "12", text], check=True, env=self.env)

    def click(self, x, y):
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True, env=self.env)

    def wheel(self, turns):
        """Scrolls down."""
        subprocess.run(["xdotool", "click", "--repeat", str(turns), "--delay", "12", "5"], check=True, env=self.env)


def look_at_staff_screen(kiosk):
    kiosk.key("shift+Tab", "Return")  # the last control: Staff
    kiosk.wait("screen: staff")
    kiosk.picture("unlock")
    kiosk.key("Escape")
    kiosk.wait("screen: waiting")


def check_in(kiosk, number, code):
    kiosk.wait("screen: waiting")
    kiosk.picture("waiting")
    if kiosk.screens:
        look_at_staff_screen(kiosk)
    kiosk.key("Return")
    kiosk.wait("screen: number")
    kiosk.type(number)
    kiosk.picture("number")
    kiosk.key("Return")
    kiosk.wait("screen: person")
    kiosk.picture("person")
    kiosk.key("Return")
    kiosk.wait("screen: code")
    kiosk.type(code)
    kiosk.key("Tab")
    kiosk.type("KM")
    kiosk.picture("staff")
    kiosk.key("Return")
    kiosk.wait("screen: opening")
    kiosk.picture("opening")


def begin(kiosk):
    kiosk.wait("screen: agreement")
    kiosk.picture("agreement")
    kiosk.key("Return")
    kiosk.wait("screen: tutorial")
    kiosk.picture("tutorial")
    kiosk.key("Return")


def answer_all(kiosk, answers, width, height):
    for number, letter in enumerate(itertools.cycle(answers), 1):
        match = kiosk.wait(r"screen: (question (\d+)|review)")
        if match[1] == "review":
            return number - 1
        kiosk.key(letter, chr((ord(letter) - 95) % 4 + 97))
        if number % 7 == 3:
            kiosk.key("ctrl+f")
        kiosk.picture(f"question-{number:02d}")
        if number % 2:
            kiosk.key("ctrl+Right")
        else:
            kiosk.click(width - 60, height - 36)  # Next, where the thumb expects it


def end(kiosk):
    kiosk.picture("review")
    kiosk.key("shift+Tab", "Return")  # the last control: End the exam
    kiosk.wait("screen: confirm")
    kiosk.type("END")
    kiosk.picture("confirm")
    kiosk.key("Return")
    match = kiosk.wait("screen: (survey|stored)")
    if match[1] == "survey":
        kiosk.picture("survey")
        kiosk.key("Return")
        kiosk.wait("screen: stored")
    kiosk.picture("stored")


def end_without_network(kiosk, sync):
    """On loopback the receipt is there before anyone sees that the exam is stored: carrel-sync waits that long."""
    if sync is None:
        return end(kiosk)
    os.kill(sync, signal.SIGSTOP)
    try:
        end(kiosk)
    finally:
        os.kill(sync, signal.SIGCONT)


def make_free(kiosk):
    kiosk.key("shift+Tab", "Return")  # the last control: Staff: next candidate
    kiosk.wait("screen: release")
    kiosk.type("KM")
    kiosk.picture("release")
    kiosk.key("Return")
    kiosk.wait("screen: waiting")
    kiosk.wait("becomes shown")  # a fresh screen process, uncovered
    kiosk.picture("next-candidate")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--number", required=True)
    parser.add_argument("--code", required=True)
    parser.add_argument("--screens")
    parser.add_argument("--answers", default="abcd")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--sync", type=int, help="process id of carrel-sync, so that the stored screen is seen")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))

    kiosk = Kiosk(options.log, options.screens)
    check_in(kiosk, options.number, options.code)
    begin(kiosk)
    answer_all(kiosk, options.answers, width, height)
    end_without_network(kiosk, options.sync)
    match = kiosk.wait("received: (\\S+)", 60)
    kiosk.picture("received")
    make_free(kiosk)
    print(match[1])


if __name__ == "__main__":
    main()
