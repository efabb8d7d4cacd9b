"""misbehaving.py: a server that speaks docs/api.md to carrel-sync and breaks off, lies or stalls as a test asks it to.

Its objects verify (tests/support/sync_objects.c makes them), so what carrel-sync refuses, it refuses for the fault."""
import hashlib
import http.server
import json
import os
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.join(TOP, "build", os.environ.get("CARREL_TEST_BUILD", "release"))
TOOL = os.path.join(BUILD, "tests", "sync-objects")
SYNC = os.path.join(BUILD, "bin", "carrel-sync")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content, mode=0o644):
    """By a temporary and a rename, as the kiosk does."""
    with open(path + ".tmp", "wb") as file:
        file.write(content)
    os.chmod(path + ".tmp", mode)
    os.rename(path + ".tmp", path)


def digest(content):
    return hashlib.sha256(content).hexdigest()


class Cut(Exception):
    """The connection ends here, without a word."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def reset(self, is_abrupt):
        """The connection ends without TLS's goodbye; abruptly, what is still on its way to the client is lost too."""
        self.close_connection = True
        try:
            self.wfile.flush()
            if is_abrupt:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            else:
                self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        length = int(self.headers.get("Content-Length", 0))
        cut = self.server.world.cut_upload
        if cut is not None and cut < length:
            self.rfile.read(cut)
            raise Cut
        return self.rfile.read(length)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except Cut:
            self.reset(is_abrupt=self.command == "PUT")
        except (OSError, ssl.SSLError):
            self.close_connection = True

    def do_GET(self):
        self.server.world.get(self)

    def do_PUT(self):
        self.server.world.put(self)


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a handshake that fails is what some tests want


class Server:
    """The server's side. Tests set its members; requests are noted in `requests` as (time, method, path, range)."""

    def __init__(self, pki, identity="tls-server", tls=ssl.TLSVersion.TLSv1_3, address="127.0.0.1"):
        self.pki, self.folder = pki, tempfile.mkdtemp(prefix="carrel-test.")
        self.number, self.center, self.signer = 2, "center-1", "server"
        self.packages, self.tickets, self.sessions = {}, {}, {}
        self.catalog_override = None
        self.served = {}            # path: bytes served instead of the right ones
        self.answers = {}           # path: list of (status, headers), used up one by one
        self.cut_download = None    # bytes of a package's body before the connection ends
        self.cut_upload = None      # bytes of an upload's body read before the connection ends
        self.lose_receipts = 0      # so many uploads are stored and not answered
        self.receipt_of = lambda id, kind: (id, kind)
        self.slow_package = 0       # seconds between two bytes of a package
        self.requests, self.stored, self.receipts = [], {}, {}
        self.lock = threading.Lock()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = tls
        context.load_cert_chain(f"{pki}/{identity}.pem", f"{pki}/{identity}.key")
        context.load_verify_locations(f"{pki}/root.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.num_tickets = 0
        self.listener = Listener((address, 0), Handler)
        self.listener.world = self
        self.listener.socket = context.wrap_socket(
            self.listener.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.listener.server_address[1]
        self.thread = threading.Thread(target=self.listener.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.listener.shutdown()
        self.listener.server_close()
        shutil.rmtree(self.folder)

    # --- objects --------------------------------------------------------------------------------------------------
    def tool(self, *arguments):
        subprocess.run([TOOL, *arguments], check=True)

    def catalog(self):
        if self.catalog_override is not None:
            return self.catalog_override
        return self.make_catalog()

    def make_catalog(self):
        def objects(contents):
            return [{"id": id, "digest": digest(content), "bytes": len(content)}
                    for id, content in sorted(contents.items())]
        value = {
            "format": 1, "center": self.center, "number": self.number,
            "issued": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()), "lowest_software": "0.1.0",
            "crl_digest": digest(self.served["/v1/crl"]) if "/v1/crl" in self.served else "0" * 64,
            "packages": objects(self.packages), "tickets": objects(self.tickets),
            "sessions": [{"id": id, "state": "open", "wanted": wanted} for id, wanted in sorted(self.sessions.items())],
        }
        with self.lock:
            source, out = os.path.join(self.folder, "catalog.json"), os.path.join(self.folder, "catalog")
            write(source, json.dumps(value, sort_keys=True, separators=(",", ":")).encode())
            self.tool("catalog", self.pki, self.signer, source, out)
            return read(out)

    def receipt(self, id, kind, content):
        if (id, kind) not in self.receipts:
            with self.lock:
                source, out = os.path.join(self.folder, "result"), os.path.join(self.folder, "receipt")
                said_id, said_kind = self.receipt_of(id, kind)
                write(source, content)
                self.tool("receipt", self.pki, self.signer, said_id, said_kind, source, out)
                self.receipts[id, kind] = read(out)
        return self.receipts[id, kind]

    # --- requests -------------------------------------------------------------------------------------------------
    def note(self, handler):
        self.requests.append((time.monotonic(), handler.command, handler.path, handler.headers.get("Range")))
        queue = self.answers.get(handler.path)
        if queue:
            status, headers = queue.pop(0)
            if handler.command == "PUT":
                handler.body()
            handler.answer(status, b'{"error":{"code":"refused","message":"as the test asked"}}', headers)
            return True
        return False

    def get(self, handler):
        if self.note(handler):
            return
        path = handler.path
        if path == "/v1/catalog":
            handler.answer(200, self.catalog())
        elif path in self.served:
            handler.answer(200, self.served[path])
        elif path == "/v1/certificates":
            handler.answer(200, b"".join(read(f"{self.pki}/{name}.pem") for name in ("server", "intake", "scoring")))
        elif path.startswith("/v1/packages/") and path.rsplit("/", 1)[1] in self.packages:
            self.get_package(handler, self.packages[path.rsplit("/", 1)[1]])
        elif path.startswith("/v1/tickets/") and path.rsplit("/", 1)[1] in self.tickets:
            handler.answer(200, self.tickets[path.rsplit("/", 1)[1]])
        else:
            handler.answer(404)

    def get_package(self, handler, content):
        asked = handler.headers.get("Range")
        first = 0
        if asked and handler.headers.get("If-Range") == f'"{digest(content)}"':
            first = int(asked[len("bytes="):].rstrip("-"))
            if first >= len(content):
                handler.answer(416, b"", [("Content-Range", f"bytes */{len(content)}")])
                return
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        else:
            handler.send_response(200)
        handler.send_header("Content-Length", str(len(content) - first))
        handler.send_header("ETag", f'"{digest(content)}"')
        handler.end_headers()
        rest = content[first:]
        if self.slow_package:
            for byte in rest:
                handler.wfile.write(bytes([byte]))
                time.sleep(self.slow_package)
        elif self.cut_download is not None and self.cut_download < len(rest):
            handler.wfile.write(rest[:self.cut_download])
            raise Cut
        else:
            handler.wfile.write(rest)

    def put(self, handler):
        if self.note(handler):
            return
        content = handler.body()
        _, _, kind, id = handler.path.split("/")
        if kind == "status":
            self.stored.setdefault((id, "status"), []).append(content)
            handler.answer(204)
            return
        kind = {"results": "result", "journals": "journal"}[kind]
        is_new = (id, kind) not in self.stored
        self.stored.setdefault((id, kind), []).append(content)
        if self.lose_receipts > 0:
            self.lose_receipts -= 1
            raise Cut
        served = self.served.get(handler.path)
        handler.answer(201 if is_new else 200, served if served is not None else self.receipt(id, kind, content))


class Seat:
    """A seat's folder and its carrel-sync."""

    def __init__(self, pki, port, identity="seat-1-tls", host="localhost"):
        self.folder = tempfile.mkdtemp(prefix="carrel-test.")
        self.running = []
        for part in ("kiosk", "sync", "spool/in", "spool/out"):
            os.makedirs(self.path(part))
        self.point_to(port, host)
        shutil.copy(f"{pki}/root.pem", self.path("root.pem"))
        for suffix in ("key", "pem"):
            shutil.copy(f"{pki}/{identity}.{suffix}", self.path("sync/tls." + suffix))

    def point_to(self, port, host="localhost"):
        write(self.path("seat.json"), json.dumps({
            "format": 1, "center": "center-1", "seat": "seat-1", "server": f"https://{host}:{port}",
            "public": f"https://{host}:{port}", "developer": False}).encode())

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def once(self, check=True):
        done = subprocess.run([SYNC, "--seat", self.folder, "--once", "--verbose"], capture_output=True, text=True,
                              timeout=60)
        if check and done.returncode != 0:
            raise AssertionError(f"carrel-sync ended with {done.returncode}: {done.stderr}")
        return done

    def start(self, interval=1):
        process = subprocess.Popen([SYNC, "--seat", self.folder, "--interval", str(interval), "--verbose"],
                                   stderr=open(self.path("log"), "ab"))
        self.running.append(process)
        return process

    def log(self):
        return read(self.path("log")).decode()

    def stop(self):
        for process in self.running:
            if process.poll() is None:
                process.terminate()
            process.wait(10)
        shutil.rmtree(self.folder)

    def put_out(self, name, content):
        write(self.path("spool/out", name), content, 0o640)

    def link(self):
        try:
            return json.loads(read(self.path("spool/in/link.json")))
        except FileNotFoundError:
            return {"reached": "1970-01-01T00:00:00.000Z", "error": ""}

    def held(self):
        """Everything in spool/in but link.json: name → content."""
        found = {}
        for folder, _, names in os.walk(self.path("spool/in")):
            for name in names:
                path = os.path.join(folder, name)
                found[os.path.relpath(path, self.path("spool/in"))] = read(path)
        found.pop("link.json", None)
        return found

    def out(self):
        """All that can be seen of spool/out."""
        found = {}
        for name in sorted(os.listdir(self.path("spool/out"))):
            info = os.stat(self.path("spool/out", name))
            found[name] = (info.st_ino, info.st_mode, info.st_mtime_ns, read(self.path("spool/out", name)))
        return found


class Cutter:
    """Carries bytes between a client and the server, and cuts the connection after so many of one direction."""

    def __init__(self, port):
        self.port, self.up, self.down = port, None, None
        self.carried = [0, 0]
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.port))
            except OSError:  # no server at this moment
                client.close()
                continue
            self.carried = [0, 0]
            for number, (source, to) in enumerate(((client, server), (server, client))):
                threading.Thread(target=self.carry, args=(number, source, to), daemon=True).start()

    def carry(self, number, source, to):
        limit = (self.up, self.down)[number]
        try:
            while True:
                data = source.recv(65536)
                if limit is not None and self.carried[number] + len(data) >= limit:
                    to.sendall(data[:limit - self.carried[number]])
                    break
                if not data:
                    break
                self.carried[number] += len(data)
                to.sendall(data)
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self):
        self.socket.close()
