"""peer.py: the browser peer: Debian's Chromium in kiosk mode with a QTI 3 player, showing one item from loopback."""
import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import threading

from peer import item

HERE = os.path.dirname(os.path.realpath(__file__))
PLAYER = "node_modules/@citolab/qti-components"
# No sandbox, no updates, no sync, no GPU: what the peer would do besides showing the question is left out, in its favour.
FLAGS = ["--kiosk", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--window-position=0,0"]


def install(folder):
    """The player, as package-lock.json names it, below the folder."""
    os.makedirs(folder, exist_ok=True)
    lock = os.path.join(folder, "package-lock.json")
    with open(os.path.join(HERE, "package-lock.json")) as wanted:
        if os.path.isdir(os.path.join(folder, PLAYER)) and os.path.exists(lock) and open(lock).read() == wanted.read():
            return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(HERE, name), folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


def make_site(folder, item_file):
    site = os.path.join(folder, "site")
    shutil.rmtree(site, ignore_errors=True)
    os.makedirs(site)
    shutil.copy(os.path.join(HERE, "index.html"), site)
    os.symlink(os.path.join(folder, PLAYER), os.path.join(site, "player"))
    with open(item_file) as source, open(os.path.join(site, "item.xml"), "w") as target:
        target.write(item.to_qti(source.read()))
    return site


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve(site):
    """Its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def command(profile, size, url):
    return ["chromium", *FLAGS, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}", url]
