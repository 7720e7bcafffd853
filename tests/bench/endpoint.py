"""Compare the SPARQL endpoint with `oxigraph serve` and rdflib-endpoint on a million statements.

    python -m tests.bench.endpoint --oxigraph PATH [--rdflib-endpoint PATH] [--seconds 3] [--rounds 3]

Needs `wrk`. Cold is with the result cache off, hot with it on. Numbers are requests per second, medians
of interleaved rounds; what counts is the ratio to `oxigraph serve`.
"""

from __future__ import annotations

import argparse
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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

NS = "http://voorbeeld.nl/"
PREFIX = f"PREFIX v: <{NS}> "
JSON, TRIPLES = "application/sparql-results+json", "application/n-triples"
QUERIES = {
    "point": (PREFIX + "SELECT ?p ?o { v:org-77 ?p ?o }", JSON),
    "2-hop": (PREFIX + "SELECT ?x ?n { ?m v:org v:org-1 ; v:person ?x . ?x v:name ?n }", JSON),
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
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_P99 = re.compile(r"99%\s+([\d.]+)(us|ms|s)")
_NON_2XX = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_UNIT_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def write_data(file: Path) -> int:
    """Write organisations, persons, memberships and themes; return how many statements."""
    chance = random.Random(7)
    orgs, persons, memberships, themes = 40_000, 70_000, 180_000, 400
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


@contextmanager
def running(command: list[str], url: str, ready_s: float = 180.0) -> Iterator[str]:
    """Run a server until the end of the block; give its address once it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + ready_s
    try:
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} does not answer at {url}")
            time.sleep(0.2)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def measure(url: str, query: str, accept: str, seconds: int) -> tuple[float, float]:
    """Return requests per second and the 99th percentile in ms, with eight connections."""
    run = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "30", "--latency"]
        + ["-H", f"Accept: {accept}", f"{url}?query={quote(query, safe='')}"],
        capture_output=True,
        text=True,
        check=True,
    )
    rate, slowest, failed = (p.search(run.stdout) for p in (_RATE, _P99, _NON_2XX))
    if failed or not rate or not slowest:
        return 0.0, 0.0
    return float(rate[1]), float(slowest[1]) * _UNIT_MS[slowest[2]]


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


def memory_mb(text: str) -> str:
    """Return the proportional memory of all processes with a text in their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if text in (folder / "cmdline").read_text().replace("\0", " "):
                rollup = (folder / "smaps_rollup").read_text()
                found.append(int(re.search(r"Pss:\s+(\d+)", rollup)[1]) // 1024)  # type: ignore[index]
        except OSError:
            continue
    return " + ".join(map(str, sorted(found, reverse=True)))


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
        urls = {}
        for label, command, url in _servers(options, file, plain):
            urls[label] = stack.enter_context(running(command, url))
        upload(plain, urls["native"].replace("/query", "/store?default"))
        _compare(urls, options)
        print("memory (MB, proportional): ours", memory_mb("graph.engine.zygote"))


def _compare(urls: dict[str, str], options: argparse.Namespace) -> None:
    print("query".ljust(16), *(label.rjust(24) for label in urls))
    for name in options.only:
        query, accept = QUERIES[name]
        runs: dict[str, list[tuple[float, float]]] = {label: [] for label in urls}
        for _ in range(options.rounds):
            for label, url in urls.items():
                runs[label].append(measure(url, query, accept, options.seconds))
        rates = {label: statistics.median(r for r, _ in found) for label, found in runs.items()}
        slowest = {label: statistics.median(p for _, p in found) for label, found in runs.items()}
        native = rates["native"] or 1.0
        cells = (
            f"{rates[label]:9.1f}/s {rates[label] / native:6.2f}x {slowest[label]:5.0f}ms"
            for label in urls
        )
        print(name.ljust(16), *(cell.rjust(24) for cell in cells), flush=True)


if __name__ == "__main__":
    main()
