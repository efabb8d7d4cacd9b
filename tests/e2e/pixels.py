"""pixels.py: what is on a screen of Xvfb -fbdir, read from its shared file: no program runs, no time passes.

The colours are those of the light theme (docs/screens.md)."""
import mmap
import re
import struct

GROUND, SELECTED, SAVED, DANGER = b"\xf3\xf6\xf6", b"\xfc\xef\xe6", b"\x3a\x66\x17", b"\x1b\x21\xa1"  # blue, green, red
LINE, ACCENT = b"\xe0\xda\xd5", b"\xb8\x5b\x1d"


class Pixels:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        head = struct.unpack(">25I", self.map[:100])  # XWD: sizes, then colours of 12 bytes, then rows
        self.width, self.height, self.pitch = head[4], head[5], head[12]
        self.start = head[0] + head[19] * 12

    def row(self, y):
        return self.map[self.start + y * self.pitch:self.start + y * self.pitch + self.width * 4]

    def at(self, x, y):
        return self.row(y)[4 * x:4 * x + 3]

    def is_drawn(self):
        """The kiosk's ground reaches into the lowest corner; without its window that is black."""
        return self.at(2, self.height // 2) == GROUND

    def chosen(self):
        """The rows of the body that are painted as chosen, as bands (from, to): empty where no response is."""
        bands, inside = [], None
        for y in range(60, self.height - 74, 2):
            is_chosen = self.row(y).count(SELECTED) > 100
            if is_chosen and inside is None:
                inside = y
            elif not is_chosen and inside is not None:
                bands.append((inside, y))
                inside = None
        return tuple(bands)

    def header_has(self, colour):
        """Words of a few pixels in the header: "Saved" is green, "Not saved" red."""
        return sum(self.row(y).count(colour) for y in range(8, 50)) >= 4

    def buttons(self, colour=LINE):
        """The middles of the buttons with a border (or, ACCENT, a ground) of this colour, in reading order."""
        tops, found = {}, []
        for y in range(56, self.height):
            for match in re.finditer(b"(?:" + re.escape(colour) + b".){16,}", self.row(y), re.S):
                left, right = match.span()
                if left % 4 != 0 or right - left > 4 * 220:
                    continue
                top = tops.setdefault((left, right), y)
                x, middle = (left + right) // 8, (top + y) // 2
                if y - top >= 30:
                    tops[left, right] = y
                if 30 <= y - top <= 60 and not any(abs(x - at[0]) < 16 and abs(middle - at[1]) < 30 for at in found):
                    found.append((x, middle))  # round corners are narrower: the same button again
        return sorted(found, key=lambda at: (at[1], at[0]))
