"""display.py: an X server for the benchmarks, and bench-watch as a pair of eyes on it (watch.c)."""
import contextlib
import os
import subprocess

import measure


@contextlib.contextmanager
def x_server(size, folder):
    """Its name, ":N"."""
    read_end, write_end = os.pipe()
    with open(os.path.join(folder, "xvfb.log"), "w") as log:
        process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp", "-noreset",
             "-dpi", "96"], pass_fds=[write_end], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        number = pipe.readline().strip()
    if not number:
        raise RuntimeError(f"Xvfb does not start, see {folder}/xvfb.log")
    try:
        yield ":" + number
    finally:
        process.terminate()
        process.wait()


class Watch:
    """A program seen from outside, from its start to its end; without one, what is on the screen."""

    def __init__(self, display, size, command=(), log=os.devnull):
        width, height = size
        text = (0, height * 10 // 100, width, height * 34 // 100)  # below the header, where the question begins
        self.width, self.height = size
        with open(log, "a") as output:
            self.process = subprocess.Popen(
                [measure.tool("bench-watch"), *map(str, text), *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=output, text=True, env={**os.environ, "DISPLAY": display, "XAUTHORITY": os.devnull})
        if command:
            self.pid = int(self._answer("pid"))
            self.text_ms = float(self._answer("text"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def _answer(self, word):
        line = self.process.stdout.readline().split()
        if len(line) != 2 or line[0] != word:
            raise RuntimeError(f"bench-watch should have said {word}, and said {line}")
        return line[1]

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self._answer(words[0])

    def find_rows(self, x):
        """The y of two response rows: where a click at x changes something beside it."""
        rows, y = [], self.height * 20 // 100
        while y < self.height * 85 // 100 and len(rows) < 2:
            if int(self.ask("probe", x, y)) > 100:
                rows.append(y)
                y += self.height * 6 // 100  # behind this row
            else:
                y += self.height * 2 // 100
        if len(rows) < 2:
            raise RuntimeError("no two response rows were found")
        return rows

    def click_ms(self, x, y):
        answer = self.ask("click", x, y)
        return None if answer == "none" else float(answer)

    def ticks(self, seconds):
        return int(self.ask("ticks", seconds))
