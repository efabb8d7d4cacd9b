"""measure.py: numbers of processes, from /proc, and what a benchmark says in the end."""
import dataclasses
import os
import statistics
import subprocess

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
RELEASE = os.path.join(TOP, "build/release")
FOLDER = os.path.join(TOP, "build/bench")  # everything that is made or installed for the benchmarks

median = statistics.median


@dataclasses.dataclass
class Row:
    """One line of the table. ratio is ours to the peer's as the budget counts it; met None: told, not judged."""
    name: str
    what: str
    unit: str
    ours: float
    peer: float = None
    ratio: float = None
    budget: str = ""
    met: bool = None
    note: str = ""


def at_most(name, what, unit, ours, peer, limit, words, note=""):
    """A row whose ours/peer must be no more than the limit."""
    return Row(name, what, unit, ours, peer, ours / peer, words, ours <= limit * peer, note)


def told(name, what, unit, ours, peer=None, note=""):
    return Row(name, what, unit, ours, peer, ours / peer if peer else None, note=note)


# --- processes ------------------------------------------------------------------------------------------------------


def read(pid, name):
    """A file of /proc/PID; of a process that is not dumpable only root may read some, so sudo helps. "" when it is gone."""
    path = f"/proc/{pid}/{name}"
    try:
        with open(path) as file:
            return file.read()
    except PermissionError:
        return subprocess.run(["sudo", "-n", "cat", path], capture_output=True, text=True).stdout
    except OSError:
        return ""


def field(text, name):
    """The number behind "name:" or "name " in a file of lines, 0 where there is none."""
    for line in text.splitlines():
        words = line.replace(":", " ").split()
        if words and words[0] == name:
            return int(words[1])
    return 0


def family(pid):
    """A process and all that came from it."""
    found, left = [], [pid]
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        stat = read(int(entry), "stat")
        if stat:
            parents.setdefault(int(stat.rsplit(")", 1)[1].split()[1]), []).append(int(entry))
    while left:
        found.append(left.pop())
        left += parents.get(found[-1], [])
    return found


def and_children(pid):
    """The same for children only, without looking at every process."""
    return [pid, *map(int, read(pid, f"task/{pid}/children").split())]


def pss_mb(pids):
    """Memory that would be free without them: each shared page counted by its share."""
    return sum(field(read(pid, "smaps_rollup"), "Pss") for pid in pids) / 1024


def threads(pid):
    try:
        return [f"{pid}/task/{task}" for task in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []


def cpu_ms(pids):
    """Processor time used so far, by all threads (schedstat counts nanoseconds, stat only ticks)."""
    return sum(int((read(task, "schedstat") or "0").split()[0]) for pid in pids for task in threads(pid)) / 1e6


def wakeups(pids):
    """How often they went to sleep so far, and so woke up."""
    return sum(field(read(task, "status"), "voluntary_ctxt_switches") for pid in pids for task in threads(pid))


# --- commands -------------------------------------------------------------------------------------------------------


def run(*words, **more):
    """A command to its end; what it printed. Fails with what it said."""
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def tool(name):
    return os.path.join(RELEASE, "tests", name)


def program(name):
    return os.path.join(RELEASE, "bin", name)
