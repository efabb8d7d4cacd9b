#!/usr/bin/python3
"""Compares our tokens with Python's own tokeniser over the modules of its library: python_reference.py TEST_PYTHON"""
import io
import keyword
import pathlib
import subprocess
import sys
import sysconfig
import tokenize

FILES = 60
SOFT = {"match", "case", "type", "_"}  # keywords or not by what stands around them; ours guesses


def expected(source):
    """One letter a byte; '?' where either answer is right."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    letters = ["."] * starts[-1]

    def offset(row, column):
        return starts[row - 1] + len(lines[row - 1].decode()[:column].encode()) if row <= len(lines) else starts[-1]

    before = ""
    for token in tokenize.generate_tokens(io.StringIO(source, newline="").readline):
        letter = {tokenize.STRING: "s", tokenize.NUMBER: "n", tokenize.COMMENT: "c", tokenize.OP: "o"}.get(token.type)
        if token.type == tokenize.NAME:
            letter = ("k" if keyword.iskeyword(token.string) else "?" if token.string in SOFT
                      else "d" if before in ("def", "class") else ".")
        if letter:
            for i in range(offset(*token.start), offset(*token.end)):
                letters[i] = letter
        before = token.string
    return "".join(letters)


def main():
    library = pathlib.Path(sysconfig.get_paths()["stdlib"])
    files = sorted(library.glob("*.py"))
    files = files[:: max(1, len(files) // FILES)]
    wrong = 0
    for path in files:
        source = path.read_bytes().decode()
        ours = subprocess.run([sys.argv[1], path], capture_output=True, text=True, check=True).stdout.rstrip("\n")
        theirs = expected(source)
        different = [i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b and b != "?"]
        if len(ours) != len(theirs) or different:
            wrong += 1
            at = different[0] if different else min(len(ours), len(theirs))
            line = source.encode()[:at].count(b"\n") + 1
            print(f"{path}:{line}: ours {ours[at:at+20]!r}, Python's {theirs[at:at+20]!r}")
    print(f"{len(files)} files, {wrong} with differences")
    raise SystemExit(wrong != 0 or len(files) < 20)


if __name__ == "__main__":
    main()
