#!/usr/bin/python3
"""Draws forms as docs/formats/form.md says, written from that page alone: a check of the page and of core/form.c.

    form.py [DIR]            prints the forms of DIR/form.json's seeds for DIR/exam.json; DIR: this file's folder
    form.py --check [DIR]    compares them with what form.json says; ends with 1 if they differ
"""
import hashlib
import json
import pathlib
import sys

SEARCH_STEPS = 20000


class Source:
    def __init__(self, seed):
        self.seed, self.counter, self.block = seed, 0, b""

    def number(self):
        if not self.block:
            self.block = hashlib.sha256(self.seed + self.counter.to_bytes(8, "big")).digest()
            self.counter += 1
        number, self.block = int.from_bytes(self.block[:4], "big"), self.block[4:]
        return number

    def below(self, limit):
        if limit == 1:
            return 0
        while True:
            number = self.number()
            if number < 2**32 - 2**32 % limit:
                return number % limit

    def shuffle(self, values):
        for i in range(len(values) - 1, 0, -1):
            other = self.below(i + 1)
            values[i], values[other] = values[other], values[i]


class TooMany(Exception):
    pass


def search(lots, enemies, age, seen_allowed):
    """The first combination in the lots' order, or None."""
    steps = 0

    def can_go_on(drawn):
        together = [item for lot in drawn for item in lot]
        blocked = {enemy for item in together for enemy in enemies[item]}
        needed = sum(age[item] > 0 for item in together)
        for (count, items), lot in zip(lots, drawn):
            missing = count - len(lot)
            free = [item for item in items if item not in blocked and item not in lot]
            fresh = sum(age[item] == 0 for item in free)
            if missing > len(free):
                return False
            needed += max(0, missing - fresh)
        return needed <= seen_allowed

    def go_on(drawn, at, place):
        nonlocal steps
        while at < len(lots) and len(drawn[at]) == lots[at][0]:
            at, place = at + 1, 0
        if at == len(lots):
            return drawn
        for i in range(place, len(lots[at][1])):
            if steps == SEARCH_STEPS:
                raise TooMany
            steps += 1
            item = lots[at][1][i]
            if any(item in enemies[other] for lot in drawn for other in lot):
                continue
            more = drawn[:at] + [drawn[at] + [item]] + drawn[at + 1:]
            if can_go_on(more):
                found = go_on(more, at, i + 1)
                if found is not None:
                    return found
        return None

    nothing = [[] for _ in lots]
    try:
        return go_on(nothing, 0, 0) if can_go_on(nothing) else None
    except TooMany:
        return None


def draw(exam, seed, seen):
    source = Source(seed)
    items = {item["id"]: item for item in exam["items"]}
    enemies = {name: set(item["enemies"]) for name, item in items.items()}
    age = {name: 0 for name in items}
    for place, name in enumerate(seen):
        if name in age:
            age[name] = place + 1
    lots, places = [], []
    for p, part in enumerate(exam["parts"]):
        for section in part["sections"]:
            for selection in section["selections"]:
                order = list(selection["items"])
                source.shuffle(order)
                order.sort(key=lambda name: age[name])  # stable
                lots.append((selection["count"], order))
                places.append(p)
    for seen_allowed in range(sum(count for count, _ in lots) + 1):
        drawn = search(lots, enemies, age, seen_allowed)
        if drawn is not None:
            break
    else:
        raise SystemExit("enemies leave too few items for a form")
    form = []
    for p in range(len(exam["parts"])):
        part = [name for place, lot in zip(places, drawn) if place == p for name in lot]
        source.shuffle(part)
        form += part
    return [[name, shown(items[name]["interactions"][0], source)] for name in form]


def shown(interaction, source):
    movable = [c["id"] for c in interaction["choices"] if interaction["shuffle"] and not c["fixed"]]
    source.shuffle(movable)
    rest = iter(movable)
    return "".join(
        next(rest) if interaction["shuffle"] and not c["fixed"] else c["id"] for c in interaction["choices"])


def main():
    names = [word for word in sys.argv[1:] if word != "--check"]
    folder = pathlib.Path(names[0]) if names else pathlib.Path(__file__).parent
    exam = json.loads((folder / "exam.json").read_text())
    cases = json.loads((folder / "form.json").read_text())
    made = [{"seed": c["seed"], "seen": c["seen"], "form": draw(exam, bytes.fromhex(c["seed"]), c["seen"])}
            for c in cases]
    if "--check" in sys.argv:
        raise SystemExit(0 if made == cases else "form.json says otherwise")
    print("[\n" + ",\n".join("  " + json.dumps(case) for case in made) + "\n]")


if __name__ == "__main__":
    main()
