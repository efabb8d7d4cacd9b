"""disk.py: an answer on disk, and a large package opened, each against the plainest way to do the same."""
import os
import resource
import shutil
import time

import measure

PACKAGE_MIB = 100


def answer(runs):
    folder = os.path.join(measure.FOLDER, "answer")
    found = []
    for _ in range(runs):
        shutil.rmtree(folder, ignore_errors=True)
        found.append(list(map(float, measure.run(measure.tool("bench-answer"), folder, "200").split())))
    shutil.rmtree(folder)
    journal, plain, grown = (measure.median(column) for column in zip(*found))
    note = f"medians of {runs} × 200 answers, in turn with the peer's, on the same disk"
    yield measure.at_most("answer", "answer on disk", "µs", journal, plain, 1.2, "≤ 1.2", f"{note}; the peer: pwrite and "
                          "fdatasync of as many bytes in a file written full of zeros, as the journal is")
    yield measure.told("answer", "answer on disk, to a growing file", "µs", journal, grown, note)


def timed(*words):
    """Wall and processor time of a command, in ms."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    measure.run(*words)
    passed, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return passed * 1000, used * 1000


def package(runs):
    folder = os.path.join(measure.FOLDER, "package")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    practice, board, file, inner = (os.path.join(folder, name) for name in ("pcep.practice", "board", "large.exam", "inner"))
    measure.run(measure.program("carrel"), "exam", "build", os.path.join(measure.TOP, "assets/exams/pcep"),
                "--practice", "-o", practice)
    measure.run(measure.program("carrel"), "init", board)
    key_id, key = measure.run(measure.tool("bench-objects"), "large", practice, board, str(PACKAGE_MIB), file).split()
    root = os.path.join(board, "root.pem")
    verify = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", file, "-CAfile", root]
    measure.run(*verify, "-out", inner)
    decrypt = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", inner, "-secretkey", key,
               "-secretkeyid", key_id, "-out", os.devnull]
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(timed(measure.tool("bench-objects"), "open", file, root, key))
        theirs.append([sum(pair) for pair in zip(timed(*verify, "-out", os.devnull), timed(*decrypt))])
    shutil.rmtree(folder)
    our_wall, our_cpu = (measure.median(column) for column in zip(*ours))
    their_wall, their_cpu = (measure.median(column) for column in zip(*theirs))
    note = (f"medians of {runs}, a package with {PACKAGE_MIB} MiB of media; the peer: openssl cms -verify and -decrypt, each "
            "writing to /dev/null; ours verifies, opens and decodes the exam")
    yield measure.at_most("package", f"opening a {PACKAGE_MIB} MB package", "ms", our_wall, their_wall, 1.2, "≤ 1.2", note)
    yield measure.told("package", f"opening a {PACKAGE_MIB} MB package, processor", "ms", our_cpu, their_cpu, note)
