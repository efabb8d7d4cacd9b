"""image.py: the disks of a machine that has nothing but a console.

The root (make-root) is made once and kept below build/console. What is tested goes onto a second, small disk that is made
anew each time. Nothing is mounted for it: mke2fs fills both."""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.realpath(os.path.join(HERE, "..", ".."))
KEPT = os.path.join(TOP, "build/console")


def run(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def root():
    """The folder with root.ext4, kernel and initrd: the kept one, or a new one after some minutes."""
    recipe = os.path.join(HERE, "make-root")
    with open(recipe, "rb") as file:
        kept = os.path.join(KEPT, hashlib.sha256(file.read()).hexdigest()[:12])
    if os.path.isdir(kept):
        return kept
    if os.geteuid() != 0:
        sys.exit("console: making the machine's root (debootstrap) needs root. Run it once as root; after that nothing does.")
    os.makedirs(KEPT, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="new.", dir=KEPT)
    try:
        print("making the machine's root, once", file=sys.stderr, flush=True)
        run(recipe, folder)
        os.chmod(folder, 0o755)
        os.rename(folder, kept)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return kept


def disk(folder, build, practices):
    """A disk with the programs of that build, practice packages, a seat, and what the machine does with them."""
    content = os.path.join(folder, "content")
    for path in ("bin/carrel-kiosk", "libexec/carrel/carrel-screen"):
        os.makedirs(os.path.dirname(os.path.join(content, path)), exist_ok=True)
        shutil.copy(os.path.join(build, path), os.path.join(content, path))
    for path in [os.path.join(HERE, "start"), os.path.join(HERE, "profile"), *practices]:
        shutil.copy(path, content)
    os.makedirs(os.path.join(content, "seat"), exist_ok=True)
    conf = os.path.join(content, "seat/guard.conf")
    with open(conf, "w") as file:
        file.write("version=1\ndeveloper=no\n")
    os.chmod(conf, 0o600)
    image = os.path.join(folder, "carrel.ext4")
    run("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-E", "root_owner=0:0", "-d", content, image, "32M")
    return image
