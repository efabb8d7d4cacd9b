"""intake.py: taking results in: the processor time of the server for each, against the sum of its parts in the same run.

The parts: mutual TLS 1.3 on a fresh connection with an HTTP PUT (nginx, which stores the body blindly), decrypting and
verifying, signing a receipt (bench-parts), committing it with full sync (SQLite, in groups as large as the server's)."""
import concurrent.futures
import os
import sqlite3
import sys
import time

import measure

sys.path.insert(0, os.path.join(measure.TOP, "tests/e2e"))
from server_world import ServerWorld, until  # noqa: E402

SEATS = 20
ROUNDS = 5
EACH = 20  # results in a round
CLIENTS = 4
NGINX = """daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_max_body_size 4m;
    client_body_buffer_size 64k;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/t1; fastcgi_temp_path {folder}/t2; uwsgi_temp_path {folder}/t3; scgi_temp_path {folder}/t4;
    server {{
        listen 127.0.0.1:{port} ssl;
        root {folder}/store;
        ssl_certificate {pki}/tls-server.pem;
        ssl_certificate_key {pki}/tls-server.key;
        ssl_client_certificate {pki}/root.pem;
        ssl_verify_client on;
        ssl_verify_depth 4;
        ssl_protocols TLSv1.3;
        ssl_session_cache off;
        ssl_session_tickets off;
        location / {{ dav_methods PUT; create_full_put_path on; }}
    }}
}}
"""


class Result:
    def __init__(self, world, seat, sitting, code, number):
        self.seat = seat
        self.id = world.candidate(sitting, f"B-{number}")
        self.body = world.take(seat, self.id, code)


def make_results(world, say):
    """The first of each seat, and then ROUNDS × EACH from all of them in turn."""
    seats, sitting = [world.enrol(f"seat-{number}") for number in range(1, SEATS + 1)], world.hold()
    code, results = world.start_code(sitting), []
    count = SEATS + ROUNDS * EACH
    for number in range(count):
        results.append(Result(world, seats[number % SEATS], sitting, code, number))
        if number % 50 == 49:
            say(f"{number + 1} of {count} results made")
    return results[:SEATS], results[SEATS:]


def put_all(world, results, door):
    """Each on a connection of its own; all must be taken."""
    def put(result):
        answer = world.ask(world.tls(result.seat), "PUT", f"/v1/results/{result.id}", result.body, door=door)
        assert answer.status in (200, 201, 204), answer
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(put, results))


def put_us(world, results, door, pids):
    """Processor time of these processes for each."""
    before = measure.cpu_ms(pids)
    put_all(world, results, door)
    return (measure.cpu_ms(pids) - before) * 1000 / len(results)


def start_nginx(world):
    """Its processes; it stores the bodies blindly."""
    folder = world.path("nginx")
    os.makedirs(os.path.join(folder, "store"))
    world.ports["nginx"] = world.ports["seats"] + 1 if world.ports["seats"] < 65000 else world.ports["seats"] - 1
    configuration = os.path.join(folder, "nginx.conf")
    with open(configuration, "w") as file:
        file.write(NGINX.format(folder=folder, pki=world.pki, port=world.ports["nginx"],
                                user="user root;" if os.geteuid() == 0 else ""))
    process = world.start("nginx", "/usr/sbin/nginx", "-c", configuration, "-p", folder, "-e", folder + "/nginx.log")
    until("nginx", lambda: len(measure.family(process.popen.pid)) == 2 and os.path.exists(folder + "/nginx.pid"))
    return measure.family(process.popen.pid)


def open_database(folder):
    database = sqlite3.connect(os.path.join(folder, "parts.db"), isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE result (id TEXT PRIMARY KEY, file BLOB, receipt BLOB)")
    return database


def commit_us(database, results, receipt_bytes, group):
    """The same bytes with full sync, in groups as large as the server's."""
    began = time.process_time()
    for first in range(0, len(results), group):
        database.execute("BEGIN")
        for result in results[first:first + group]:
            database.execute("INSERT INTO result VALUES (?, ?, ?)", (result.id, result.body, bytes(receipt_bytes)))
        database.execute("COMMIT")
    return (time.process_time() - began) * 1e6 / len(results)


class Commits:
    """How many results the server has put into one commit since."""
    def __init__(self, world):
        self.world, self.before = world, self.now(world)

    @staticmethod
    def now(world):
        return world.metric("carrel_writes_total"), world.metric("carrel_commits_total")

    def group(self):
        written, commits = (now - before for now, before in zip(self.now(self.world), self.before))
        return max(1, round(written / max(1, commits)))


def rounds(world, results, nginx, database):
    """Ours and each part take turns: for each round the five in µs."""
    server, one = [world.server_process.popen.pid], world.path("one.result")
    with open(one, "wb") as file:
        file.write(results[0].body)
    for first in range(0, len(results), EACH):
        these, commits = results[first:first + EACH], Commits(world)
        ours = put_us(world, these, "seats", server)
        blind = put_us(world, these, "nginx", nginx)
        opening, signing = map(float, measure.run(measure.tool("bench-parts"), world.pki, one, "100").split())
        yield ours, blind, opening, signing, commit_us(database, these, 1500, commits.group())


def intake(say):
    with ServerWorld("release") as world:
        world.two_centers()
        os.remove(os.path.join(world.pki, "scoring.key"))  # it takes in; another machine scores (docs/server.md)
        world.serve()
        say("Making results")
        first, results = make_results(world, say)
        nginx, database = start_nginx(world), open_database(world.folder)
        put_all(world, first[:1], "seats")  # what a server does once only
        first_us = put_us(world, first[1:], "seats", [world.server_process.popen.pid])
        put_all(world, first, "nginx")
        ours, blind, opening, signing, committing = map(
            measure.median, zip(*rounds(world, results, nginx, database)))
        database.close()
        size = len(results[0].body) / 1000
    parts = blind + opening + signing + committing
    note = (f"processor time of the server process for each of {len(results)} results of {size:.0f} KB from {SEATS} seats, "
            f"{CLIENTS} clients; medians of {ROUNDS} rounds; parts: nginx over mutual TLS {blind:.0f}, open {opening:.0f}, "
            f"receipt {signing:.0f}, commit {committing:.0f} µs")
    yield measure.Row("intake", "taking a result in, processor", "µs", ours, parts, parts / ours, "≥ 0.8 of its parts",
                      parts / ours >= 0.8, note)
    yield measure.told("intake", "  nginx storing it blindly", "µs", ours, blind, note)
    yield measure.told("intake", "  a seat's first result", "µs", first_us, parts, f"{SEATS - 1} of them, before the rounds")
