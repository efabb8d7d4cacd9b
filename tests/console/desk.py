"""desk.py: the same practice under an X server, used through the words of machine.py: what the console must look like."""
import contextlib
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from pixels import Pixels  # noqa: E402
from world import x_server  # noqa: E402
from machine import Picture  # noqa: E402

KEYS = {"ret": "Return", "tab": "Tab", "right": "Right", "f2": "F2", "f3": "F3"}  # QEMU's name: X's


class Desk:
    def __init__(self, world, display, size):
        self.size, self.env = size, {**world.env, "DISPLAY": display}
        self.pixels = Pixels(world.pictures[display])

    def _do(self, *words):
        subprocess.run(["xdotool", *map(str, words)], check=True, env=self.env)

    def look(self):
        rows = b"".join(self.pixels.row(y) for y in range(self.pixels.height))
        rgb = bytearray(len(rows) // 4 * 3)
        for channel in range(3):
            rgb[channel::3] = rows[2 - channel::4]
        return Picture(self.pixels.width, self.pixels.height, bytes(rgb))

    def key(self, *chords):
        for chord in chords:
            self._do("key", "+".join(KEYS.get(name, name) for name in chord.split("+")))

    def point(self, x, y):
        self._do("mousemove", x, y)

    def click(self):
        self._do("click", 1)

    def wheel(self):
        self._do("click", 5)

    def settled(self, seconds=10):
        """The picture that did not change for half a second."""
        last, since, end = None, 0, time.monotonic() + seconds
        while time.monotonic() < end:
            picture = self.look()
            if last is None or picture.pixels != last.pixels:
                last, since = picture, time.monotonic()
            elif time.monotonic() - since > 0.5:
                return picture
            time.sleep(0.05)
        raise AssertionError("the display does not come to rest")


@contextlib.contextmanager
def desk(world, practice, size):
    name = f"{size[0]}x{size[1]}"
    with x_server(world, name) as display:
        kiosk = world.start(f"desk-{name}", "carrel-kiosk", "--practice", practice, f"--window={name}",
                            env={**world.env, "DISPLAY": display})
        try:
            yield Desk(world, display, size)
        finally:
            kiosk.stop()
