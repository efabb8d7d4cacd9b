"""server_world.py: a server spoken to directly: raw bytes over TLS, HTTP with any certificate, seats without a kiosk.

What world.py starts is used where it serves; what a well-behaved program would never send is made here.
"""
import http.client
import json
import os
import socket
import ssl
import subprocess
import time

from world import TOP, World, stamp, until  # noqa: F401: for the tests

BUILD = os.environ.get("CARREL_TEST_BUILD", "release")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def code(self):
        return self.json()["error"]["code"]

    def __repr__(self):
        return f"{self.status} {self.body[:200]!r}"


class ServerWorld(World):
    def __init__(self, build=None):
        super().__init__(build or BUILD)
        self.tools = os.path.join(os.path.dirname(self.bin), "tests")
        self.extra = []
        self.staff2 = self.path("pki/centers/center-2/staff/bert")
        self.board_as = self.path("pki/board")

    def __exit__(self, *failure):
        """Every server that ran here ended clean: nothing leaked, nothing undefined was done."""
        for process in self.processes:
            process.stop()
        for name in os.listdir(self.folder):
            if name.startswith("server.log"):
                with open(self.path(name), errors="replace") as log:
                    text = log.read()
                if "Sanitizer" in text or "runtime error" in text:
                    print(f"FAILED  the server's own check\n{text[-3000:]}", flush=True)
                    failure = (SystemExit, SystemExit(1), None)
        super().__exit__(*failure)
        if failure[0] is SystemExit and failure[1].code:
            os._exit(1)

    # --- a board with two centers, its server --------------------------------------------------------------------
    def two_centers(self, exam="assets/exams/pcep"):
        self.carrel("init", self.pki, "--center", "center-1", "--center", "center-2", "--staff", "center-1/anna",
                    "--staff", "center-2/bert", "--dns", "localhost,127.0.0.1")
        if exam:
            self.exam = self.path(os.path.basename(exam) + ".exam")
            self.carrel("exam", "build", os.path.join(TOP, exam), "-o", self.exam, "--board", self.pki)
        return self

    def serve(self, *options, publish=True, ports=(0, 0, 0), env=None):
        self.server_process = self.start(
            "server", "carrel-server", "--board", self.pki, "--data", self.path("server"), "--seats-port",
            str(ports[0]), "--public-port", str(ports[1]), "--metrics-port", str(ports[2]), *options,
            env={**self.env, **(env or {})})
        ready = self.server_process.wait_for(r'(?m)^\{.*"seats".*\}$')
        self.ports = json.loads(ready[0])
        self.seats_url = f"https://localhost:{self.ports['seats']}"
        self.public_url = f"https://localhost:{self.ports['public']}"
        if publish:
            self.carrel("publish", self.exam, "--server", self.seats_url, "--as", self.board_as)
        return self

    def again(self, *options, env=None):
        """A new server on the same ports and data; the last one has ended."""
        self.last_log = self.server_process.log + f".{time.monotonic_ns()}"
        os.rename(self.server_process.log, self.last_log)
        return self.serve(*options, publish=False, env=env,
                          ports=(self.ports["seats"], self.ports["public"], self.ports["metrics"]))

    # --- TLS -----------------------------------------------------------------------------------------------------
    def context(self, who=None):
        """who: NAME of NAME.key and NAME.pem; None: no certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(os.path.join(self.pki, "root.pem"))
        if who is not None:
            context.load_cert_chain(who + ".pem", who + ".key")
        return context

    def connect(self, who=None, door="seats", context=None):
        plain = socket.create_connection(("127.0.0.1", self.ports[door]), timeout=30)
        return (context or self.context(who)).wrap_socket(plain, server_hostname="localhost")

    def raw(self, data, who=None, door="seats"):
        """All that comes back for these bytes until the server closes."""
        with self.connect(who, door) as connection:
            connection.sendall(data)
            return read_all(connection)

    # --- HTTP ----------------------------------------------------------------------------------------------------
    def http(self, who=None, door="seats"):
        if door == "metrics":
            return http.client.HTTPConnection("127.0.0.1", self.ports[door], timeout=60)
        return http.client.HTTPSConnection("localhost", self.ports[door], timeout=60, context=self.context(who))

    def ask(self, who, method, path, body=None, headers=None, door="seats", connection=None):
        own = connection is None
        connection = connection or self.http(who, door)
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            reply = connection.getresponse()
            return Answer(reply.status, reply.headers, reply.read())
        finally:
            if own:
                connection.close()

    def must(self, status, who, method, path, body=None, **more):
        answer = self.ask(who, method, path, body, **more)
        assert answer.status == status, f"{method} {path}: {answer}, expected {status}"
        return answer

    def metric(self, name):
        text = self.ask(None, "GET", "/metrics", door="metrics").body.decode()
        for line in text.splitlines():
            if line.startswith(name + " "):
                return int(line.split()[1])
        raise AssertionError(f"no metric {name}")

    # --- seats and candidates ------------------------------------------------------------------------------------
    def tool(self, name, *arguments, check=True):
        return self.run(os.path.join(self.tools, name), *arguments, check=check)

    def issue(self, role, name, center="", from_s=-60, until_s=3600, ca=None, out=None):
        """A certificate of that role; the path of its two files."""
        out = out or f"{role}-{name}-{time.monotonic_ns()}"
        ca_dir, ca_name = ca or ((self.path("pki/centers", center), "ca") if center else (self.pki, "root"))
        self.tool("server-candidate", "issue", ca_dir, ca_name, role, name, center, str(from_s), str(until_s),
                  self.folder, out)
        return self.path(out)

    def enrol(self, name="seat-1", staff=None):
        """A seat's folder with kiosk.* and tls.*, by the public door."""
        folder = self.path(f"{name}-{time.monotonic_ns()}")
        os.mkdir(folder)
        code = self.must(201, staff or self.staff, "POST", "/v1/seats/invite", {"seat": name}).json()["code"]
        requests = {part: self.tool("server-candidate", "request", folder, part).stdout.strip()
                    for part in ("kiosk", "tls")}
        answer = self.must(201, None, "POST", "/v1/enrol", {"code": code, "requests": requests}, door="public").json()
        for part in ("kiosk", "tls"):
            with open(os.path.join(folder, part + ".pem"), "w") as file:
                file.write(answer[part])
        with open(self.path("certificates.pem"), "w") as file:
            file.write(answer["certificates"])
        return folder

    def tls(self, seat):
        return os.path.join(seat, "tls")

    def hold(self, opens_s=-600, closes_s=7200, staff=None, exam="pcep"):
        """A sitting; its id."""
        now = time.time() + self.clock[2] / 1000
        return self.must(201, staff or self.staff, "POST", "/v1/sittings", {
            "exam": exam, "title": "Test", "time_zone": "UTC", "opens": stamp_ms(now + opens_s),
            "closes": stamp_ms(now + closes_s)}).json()["id"]

    def candidate(self, sitting, number, staff=None, **more):
        """An admission; its ID."""
        return self.must(201, staff or self.staff, "POST", f"/v1/sittings/{sitting}/admissions", {
            "candidate_id": f"c-{number.lower()}", "name": f"Candidate {number}", "admission": number,
            **more}).json()["id"]

    def start_code(self, sitting, staff=None):
        return self.must(200, staff or self.staff, "GET", f"/v1/sittings/{sitting}/codes").json()["start"]

    def fetch_ticket(self, who, id):
        path = self.path(f"{id}.ticket")
        with open(path, "wb") as file:
            file.write(self.must(200, who, "GET", f"/v1/tickets/{id}").body)
        return path

    def take(self, seat, id, code, fault="none", right=None):
        """The candidate's whole exam on that seat; the path of what it leaves."""
        ticket = self.fetch_ticket(self.tls(seat), id)
        out = self.path(f"{id}-{time.monotonic_ns()}." + ("journal" if fault == "journal" else "result"))
        more = [] if right is None else [self.exam.replace(".exam", ".key"), self.pki, str(right)]
        self.tool("server-candidate", "take", seat, os.path.join(self.pki, "root.pem"),
                  self.path("certificates.pem"), ticket, self.exam, code, out, fault, *more)
        with open(out, "rb") as file:
            return file.read()

    def session(self, sitting, id):
        for session in self.must(200, self.staff, "GET", f"/v1/sessions?sitting={sitting}").json()["sessions"]:
            if session["id"] == id:
                return session
        raise AssertionError(f"no session {id}")

    def opened(self, signed):
        """The content of something the server signed, checked by openssl."""
        done = subprocess.run(["openssl", "cms", "-verify", "-inform", "DER", "-CAfile",
                               os.path.join(self.pki, "root.pem"), "-purpose", "any"],
                              input=signed, capture_output=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def catalog(self, who):
        return self.opened(self.must(200, who, "GET", "/v1/catalog").body)


def read_all(connection):
    data = b""
    try:
        while True:
            piece = connection.recv(65536)
            if not piece:
                return data
            data += piece
    except ssl.SSLError as error:
        return data if data else error
    except (ConnectionError, socket.timeout) as error:
        return data if data else error


def status_of(data):
    assert isinstance(data, bytes) and data.startswith(b"HTTP/1.1 "), f"no answer: {data!r}"
    return int(data[9:12])


def stamp_ms(wall_s):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(wall_s))
