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

COUNT = 100
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


def make_results(world, say):
    """A seat, and COUNT candidates' results from it: (ID, bytes) each."""
    seat, sitting = world.enrol(), world.hold()
    code, results = world.start_code(sitting), []
    for number in range(COUNT):
        id = world.candidate(sitting, f"B-{number}")
        results.append((id, world.take(seat, id, code)))
        if number % 50 == 49:
            say(f"{number + 1} of {COUNT} results made")
    return seat, results


def put_all(world, seat, results, door):
    """Each on a connection of its own; all must be taken. How many a second."""
    def put(result):
        answer = world.ask(world.tls(seat), "PUT", f"/v1/results/{result[0]}", result[1], door=door)
        assert answer.status in (200, 201, 204), answer
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(put, results))
    return len(results) / (time.monotonic() - began)


def cpu_us_each(pids, work, count):
    before = measure.cpu_ms(pids)
    work()
    return (measure.cpu_ms(pids) - before) * 1000 / count


def nginx_us(world, seat, results):
    folder = world.path("nginx")
    os.makedirs(os.path.join(folder, "store"))
    world.ports["nginx"] = world.ports["seats"] + 1 if world.ports["seats"] < 65000 else world.ports["seats"] - 1
    configuration = os.path.join(folder, "nginx.conf")
    with open(configuration, "w") as file:
        file.write(NGINX.format(folder=folder, pki=world.pki, port=world.ports["nginx"],
                                user="user root;" if os.geteuid() == 0 else ""))
    process = world.start("nginx", "/usr/sbin/nginx", "-c", configuration, "-p", folder, "-e", folder + "/nginx.log")
    until("nginx", lambda: len(measure.family(process.popen.pid)) == 2 and os.path.exists(folder + "/nginx.pid"))
    put_all(world, seat, results[:5], "nginx")
    return cpu_us_each(measure.family(process.popen.pid), lambda: put_all(world, seat, results, "nginx"), len(results))


def commit_us(folder, results, receipt_bytes, group):
    """SQLite with full sync, the same bytes, in groups as large as the server's."""
    path = os.path.join(folder, "parts.db")
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE result (id TEXT PRIMARY KEY, file BLOB, receipt BLOB)")
    began = time.process_time()
    for first in range(0, len(results), group):
        database.execute("BEGIN")
        for id, file in results[first:first + group]:
            database.execute("INSERT INTO result VALUES (?, ?, ?)", (id, file, bytes(receipt_bytes)))
        database.execute("COMMIT")
    used = time.process_time() - began
    database.close()
    return used * 1e6 / len(results)


def intake(say):
    with ServerWorld("release") as world:
        world.two_centers()
        os.remove(os.path.join(world.pki, "scoring.key"))  # it takes in; another machine scores (docs/server.md)
        world.serve()
        say("Making results")
        seat, results = make_results(world, say)
        warm, results = results[:5], results[5:]
        put_all(world, seat, warm, "seats")
        groups, written = world.metric("carrel_commits_total"), world.metric("carrel_writes_total")
        server = [world.server_process.popen.pid]
        ours = cpu_us_each(server, lambda: put_all(world, seat, results, "seats"), len(results))
        group = max(1, round((world.metric("carrel_writes_total") - written) /
                             max(1, world.metric("carrel_commits_total") - groups)))
        one = world.path("one.result")
        with open(one, "wb") as file:
            file.write(results[0][1])
        opening, signing = map(float, measure.run(measure.tool("bench-parts"), world.pki, one, "300").split())
        blind = nginx_us(world, seat, results)
        committing = commit_us(world.folder, results, 1500, group)
        size = len(results[0][1]) / 1000
    parts = blind + opening + signing + committing
    note = (f"processor time of the server process for each of {len(results)} results of {size:.0f} KB, {CLIENTS} clients, "
            f"groups of {group}; parts: nginx over mutual TLS {blind:.0f}, open {opening:.0f}, receipt {signing:.0f}, commit {committing:.0f} µs")
    yield measure.Row("intake", "taking a result in, processor", "µs", ours, parts, parts / ours, "≥ 0.8 of its parts",
                      parts / ours >= 0.8, note)
    yield measure.told("intake", "  nginx storing it blindly", "µs", ours, blind, note)
