"""ladder_world.py: the exams and the programme of the ladder, small enough for a test: four items, five minutes each."""
import os
import shutil

from world import TOP

EXAMS = ("pcap", "pcpp1", "pcpp2")
NUMBERS = "items: 4, minutes: 5, pass_mark: 70"


def small_exam(folder, exam):
    """The small exam of the tests under that identifier; its folder."""
    path = os.path.join(folder, exam)
    shutil.copytree(os.path.join(TOP, "tests/exams/small"), path)
    with open(os.path.join(path, "exam.yaml"), "r+") as file:
        text = file.read().replace("id: small", f"id: {exam}").replace("short: Small", f"short: {exam.upper()}")
        file.seek(0)
        file.write(text)
        file.truncate()
    return path


def programme(folder, **changes):
    """The ladder of assets/programmes with the small exams' numbers, and some lines changed; the path of the file."""
    with open(os.path.join(TOP, "assets/programmes/python.yaml")) as file:
        text = file.read()
    for items, minutes in ((40, 65), (45, 65)):
        text = text.replace(f"items: {items}, minutes: {minutes}, pass_mark: 70", NUMBERS)
    for name, (old, new) in changes.items():
        assert old in text, name
        text = text.replace(old, new)
    path = os.path.join(folder, "programme.yaml")
    with open(path, "w") as file:
        file.write(text)
    return path
