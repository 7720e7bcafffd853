"""Compare the SPARQL endpoint with `oxigraph serve` and rdflib-endpoint on a million statements.

    python -m tests.bench.endpoint --oxigraph PATH [--rdflib-endpoint PATH] [--seconds 3] [--rounds 3]

Needs `wrk` and the programs of the PyPI packages `oxigraph` and `rdflib-endpoint`. Cold is with the result
cache off, hot with it on. The servers take turns in each round; the ratios to `oxigraph serve` are of the
same round, and all numbers medians of rounds. "cpu" is the processor time of all processes of a server for
one query, which other work on the machine disturbs less than a rate. At the end: small queries while two
bombs run, and memory.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

NS = "http://voorbeeld.nl/"
PREFIX = f"PREFIX v: <{NS}> "
JSON, TRIPLES = "application/sparql-results+json", "application/n-triples"
QUERIES = {
    "point": (PREFIX + "SELECT ?p ?o { v:org-77 ?p ?o }", JSON),
    "2-hop": (PREFIX + "SELECT ?x ?n { ?m v:org v:org-300 ; v:person ?x . ?x v:name ?n }", JSON),
    "2-hop, 1400 rows": (
        PREFIX + "SELECT ?x ?n { ?m v:org v:org-1 ; v:person ?x . ?x v:name ?n }",
        JSON,
    ),
    "group by": (
        PREFIX
        + "SELECT ?t (COUNT(?o) AS ?n) { ?o v:theme ?t } GROUP BY ?t ORDER BY DESC(?n) LIMIT 20",
        JSON,
    ),
    "not exists": (
        PREFIX + "SELECT ?o { ?o v:theme v:theme-3 FILTER NOT EXISTS { ?m v:org ?o } }",
        JSON,
    ),
    "path + count": (PREFIX + "SELECT (COUNT(?x) AS ?n) { v:org-50 v:partOf+ ?x }", JSON),
    "construct 1000": (
        PREFIX + "CONSTRUCT { ?o v:about ?t } { ?o v:theme ?t } LIMIT 1000",
        TRIPLES,
    ),
    "ask": (PREFIX + "ASK { v:org-9 v:theme ?t }", JSON),
    "100k rows": (PREFIX + "SELECT ?s ?n { ?s v:name ?n } LIMIT 100000", JSON),
}
BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# These take so many times as long as the others to say something.
PATIENCE = {"100k rows": 5, "group by": 2}
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_DONE = re.compile(r"(\d+) requests in")
_CPUCLOCK_OF_PROCESS = 2
_P99 = re.compile(r"99%\s+([\d.]+)(us|ms|s)")
_NON_2XX = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_UNIT_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def write_data(file: Path) -> int:
    """Write organisations, persons, memberships and themes; return how many statements."""
    chance = random.Random(7)
    orgs, persons, memberships, themes = 44_000, 77_000, 198_000, 400
    count = 0
    with file.open("w", encoding="utf-8") as out:

        def say(subject: str, predicate: str, value: str) -> None:
            nonlocal count
            out.write(f"<{NS}{subject}> <{NS}{predicate}> {value} .\n")
            count += 1

        for i in range(orgs):
            say(f"org-{i}", "name", f'"Organisatie nummer {i}"@nl')
            say(f"org-{i}", "kind", f"<{NS}kind-{i % 7}>")
            for theme in {int(themes * chance.random() ** 3) for _ in range(3)}:
                say(f"org-{i}", "theme", f"<{NS}theme-{theme}>")
            if i:
                say(f"org-{i}", "partOf", f"<{NS}org-{i // 3}>")
        for i in range(persons):
            say(f"person-{i}", "name", f'"Persoon {i}"@nl')
            say(f"person-{i}", "role", f"<{NS}role-{i % 25}>")
        for i in range(memberships):
            say(f"member-{i}", "org", f"<{NS}org-{int(orgs * chance.random() ** 3)}>")
            say(f"member-{i}", "person", f"<{NS}person-{chance.randrange(persons)}>")
            say(f"member-{i}", "year", f'"{2015 + i % 10}"')
    return count


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, and its first process."""

    url: str
    pid: int

    def processes(self) -> list[int]:
        """Return its processes."""
        found = [self.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                # A process that ended meanwhile has no children left to name.
                with suppress(FileNotFoundError, ProcessLookupError):
                    found += map(int, task.read_text("ascii").split())
        return found

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its processes."""
        for pid in self.processes():
            os.kill(pid, number)

    def cpu_s(self) -> dict[int, float]:
        """Return the processor seconds of its processes so far."""
        clocks = {pid: (~pid << 3) | _CPUCLOCK_OF_PROCESS for pid in self.processes()}
        return {pid: time.clock_gettime(clock) for pid, clock in clocks.items()}

    def memory_mb(self) -> str:
        """Return the proportional memory of its processes."""
        rollups = []
        for pid in self.processes():
            with suppress(OSError):
                rollups.append(Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"))
        sizes = [re.search(r"Pss:\s+(\d+)", rollup) for rollup in rollups]
        return " + ".join(str(int(size[1]) // 1024) for size in sizes if size)


@dataclass(frozen=True)
class Round:
    """What one round of one query on one server gave; all 0 if it gave errors or nothing."""

    rate: float = 0.0
    p99_ms: float = 0.0
    cpu_ms: float = 0.0


@contextmanager
def running(command: list[str], url: str, ready_s: float = 600.0) -> Iterator[Server]:
    """Run a server until the end of the block, which begins once it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + ready_s
    try:
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} does not answer at {url}")
            time.sleep(0.2)
        yield Server(url, process.pid)
    finally:
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def only_now(server: Server) -> Iterator[None]:
    """Halt a server after the block: one that goes on with queries whose clients have left."""
    server.signal(signal.SIGCONT)
    yield
    server.signal(signal.SIGSTOP)


def measure(server: Server, query: str, accept: str, seconds: int) -> Round:
    """Ask a query all the time on eight connections."""
    before = server.cpu_s()
    run = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "60", "--latency"]
        + ["-H", f"Accept: {accept}", f"{server.url}?query={quote(query, safe='')}"],
        capture_output=True,
        text=True,
        check=True,
    )
    after = server.cpu_s()
    rate, slowest, done = (p.search(run.stdout) for p in (_RATE, _P99, _DONE))
    if _NON_2XX.search(run.stdout) or not rate or not slowest or not done or not int(done[1]):
        return Round()
    cpu_s = sum(used - before.get(pid, 0.0) for pid, used in after.items())
    p99_ms = float(slowest[1]) * _UNIT_MS[slowest[2]]
    return Round(float(rate[1]), p99_ms, cpu_s / int(done[1]) * 1000)


def upload(file: Path, url: str) -> None:
    """Load a file of N-Triples into the memory of `oxigraph serve`."""
    headers = {"Content-Type": "application/n-triples"}
    with urlopen(Request(url, data=file.read_bytes(), headers=headers, method="POST")):
        pass


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}?query=ASK%7B%7D", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _servers(
    options: argparse.Namespace, file: Path, plain: Path
) -> Iterator[tuple[str, list[str], str]]:
    here = [sys.executable, "-m", "tests.bench.endpoint_server"]
    for name, cache in (("cold", "0"), ("hot", "64000000")):
        port = free_port()
        yield name, [*here, str(file), str(port), cache], f"http://127.0.0.1:{port}/sparql"
    port = free_port()
    serve = [options.oxigraph, "serve", "--bind", f"127.0.0.1:{port}"]
    yield "native", serve, f"http://127.0.0.1:{port}/query"
    if options.rdflib_endpoint:
        port = free_port()
        serve = [
            options.rdflib_endpoint,
            "serve",
            "--store",
            "Oxigraph",
            "--port",
            str(port),
            str(plain),
        ]
        yield "rdflib-endpoint", serve, f"http://127.0.0.1:{port}/"


def main() -> None:
    """Run everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oxigraph", default=shutil.which("oxigraph"))
    parser.add_argument("--rdflib-endpoint")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=list(QUERIES))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        file = folder / "data.nq"
        print(f"{write_data(file)} statements")
        plain = folder / "data.nt"
        plain.symlink_to(file)
        servers = {}
        for label, command, url in _servers(options, file, plain):
            servers[label] = stack.enter_context(running(command, url))
        upload(plain, servers["native"].url.replace("/query", "/store?default"))
        _compare(servers, options)
        _bomb(servers["cold"], options)
        for label, server in servers.items():
            print(f"memory of {label} (MB, proportional, each process):", server.memory_mb())


def _compare(servers: dict[str, Server], options: argparse.Namespace) -> None:
    print("load average", *os.getloadavg())
    print("query".ljust(16), *(label.rjust(38) for label in servers))
    for name in options.only:
        query, accept = QUERIES[name]
        seconds = options.seconds * PATIENCE.get(name, 1)
        rounds: list[dict[str, Round]] = []
        for _ in range(options.rounds):
            found = {}
            for label, server in servers.items():
                with only_now(server) if label == "rdflib-endpoint" else nullcontext():
                    found[label] = measure(server, query, accept, seconds)
            rounds.append(found)
        cells = (_cell(label, rounds) for label in servers)
        print(name.ljust(16), *(cell.rjust(38) for cell in cells), flush=True)


def _cell(label: str, rounds: list[dict[str, Round]]) -> str:
    own = [found[label] for found in rounds]
    ratio = statistics.median(r[label].rate / (r["native"].rate or 1) for r in rounds)
    rate, p99_ms, cpu_ms = (
        statistics.median(getattr(r, part) for r in own) for part in ("rate", "p99_ms", "cpu_ms")
    )
    return f"{rate:8.1f}/s {ratio:6.2f}x {p99_ms:6.1f}ms cpu {cpu_ms:7.3f}"


def _bomb(server: Server, options: argparse.Namespace) -> None:
    """Compare the slowest percent of small queries with and without two endless ones."""
    query, accept = QUERIES["point"]
    ratios = []
    for _ in range(options.rounds):
        quiet = measure(server, query, accept, options.seconds).p99_ms
        with ExitStack() as bombs:
            for number in range(2):
                address = f"{server.url}?query={quote(f'{BOMB} # {number}', safe='')}"
                command = ["wrk", "-t1", "-c1", "-d60s", "--timeout", "60", address]
                bomb = subprocess.Popen(command, stdout=subprocess.DEVNULL)
                bombs.callback(bomb.kill)
            time.sleep(1)
            loud = measure(server, query, accept, options.seconds).p99_ms
        ratios.append(loud / quiet if quiet else 0.0)
    print("p99 of point with two bombs, times the quiet one:", *(f"{r:.2f}" for r in ratios))


if __name__ == "__main__":
    main()
