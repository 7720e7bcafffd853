"""Kill load, publish and update with SIGKILL at random moments, and look at what is left.

Run `python -m tests.bench.kill --rounds 50`. After each kill the folder is opened as a service
would: the last release that was acknowledged, or a later one, must serve, and the working store must
hold every change that was acknowledged. On 22 November 2026, with seed 3: 50 kills, 95 acknowledged
changes all there, 75 acknowledged releases, nothing left over; 32 rounds ended after a whole action.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from api.editing.change import Asked, change_store
from api.region import load_path, publish_release
from graph.audit import DONE, RELEASED, Author, read_log
from graph.dataset import Variant
from graph.engine.wire import Change
from graph.evaluate import ask
from graph.folder import WORK
from graph.inference import compile_rules
from graph.recovery import writing
from graph.release import current_number, list_releases, open_release
from graph.store import WorkingStore
from ontology.schema import load_schema
from ontology.terms import BRON, ID

MINI = Path(__file__).parent.parent / "data" / "mini"
ACTIONS = ("load", "publish", "update")
# Of the time an action takes when nobody kills it: most are killed within the first, some in the second.
SPAN = 1.7
_PASSAGE = f"{BRON}900-verslag-2020#r5-5"


@dataclass
class Told:
    """What was acknowledged so far: things that must be there, and the last release."""

    things: set[str] = field(default_factory=set)
    released: dict[int, set[str]] = field(default_factory=dict)
    rounds: int = 0
    whole: int = 0


def main() -> int:
    """Kill so many times; leave with 1 at the first thing that is lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = kill_often(Path(folder) / "data", options.rounds, options.seed)
    print(
        f"{told.rounds} kills: {len(told.things)} acknowledged changes all there, "
        f"{len(told.released)} acknowledged releases, {told.whole} rounds ended after a whole action"
    )
    return 0


def kill_often(data: Path, rounds: int, seed: int) -> Told:
    """Kill so many times, each action in turn; raise AssertionError if anything is lost."""
    told, chance = Told(), random.Random(seed)
    # Read once: what a child inherits it does not read again.
    load_schema()
    compile_rules()
    in_child(lambda: prepare(data))
    takes_s = {action: time_once(data, action, -number) for number, action in enumerate(ACTIONS, 1)}
    for number in range(rounds):
        action = ACTIONS[number % len(ACTIONS)]
        delay_s = chance.uniform(0, SPAN * takes_s[action])
        acknowledged = kill_once(data, action, number, delay_s)
        for kind, thing, release in acknowledged:
            if kind == "changed":
                told.things.add(thing)
            else:
                told.released[int(release)] = set(told.things)
        told.rounds += 1
        told.whole += any(kind == "changed" for kind, _, _ in acknowledged)
        in_child(lambda: look(data, told))
    return told


def prepare(data: Path) -> None:
    """Load and publish the small region."""
    load_path(data, MINI)
    publish_release(data)


def time_once(data: Path, action: str, number: int) -> float:
    """Return how long an action takes here and now, in seconds."""
    started = time.monotonic()
    in_child(lambda: work(data, action, number, lambda *_: None, steps=1))
    return time.monotonic() - started


def kill_once(data: Path, action: str, number: int, delay_s: float) -> list[list[str]]:
    """Let a process work until it is killed; return what it had acknowledged: kind, thing, release."""
    reading, writing_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        with os.fdopen(writing_end, "w", buffering=1) as pipe:
            work(data, action, number, lambda *words: print(*words, file=pipe))
        os._exit(0)
    os.close(writing_end)
    with os.fdopen(reading, "rb") as pipe:
        pipe.readline()
        time.sleep(delay_s)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        # A process that the killed one had started may hold the pipe for a moment longer.
        select.select([pipe], [], [], 5)
        lines = pipe.read().decode().splitlines()
    return [(line.split() + ["", ""])[:3] for line in lines if line]


def work(
    data: Path, action: str, number: int, say: Callable[..., None], steps: int = 1_000
) -> None:
    """Make one change after another, and say of each that it is made."""
    say("begin")
    for step in range(steps):
        slug = f"proef-{abs(number)}-{int(number < 0)}-{step}"
        if action == "update":
            outcome = change_store(data, Asked(Change("update", insert(slug)), Author("proef")))
            assert not outcome.findings, outcome
            say("changed", slug)
            say("released", slug, outcome.release)
            continue
        table = data.parent / f"{number}-{step}" / "regios.csv"
        table.parent.mkdir()
        table.write_text(f"id,naam,soort,bron\n{slug},{slug},regio,900:5-5\n", "utf-8")
        load_path(data, table)
        say("changed", slug)
        if action == "publish":
            say("released", slug, publish_release(data).number)


def insert(slug: str) -> str:
    """Return an update that adds a region."""
    return f"""PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA {{ GRAPH <{_PASSAGE}> {{
  <{ID}regio/{slug}> a rg:Region ; skos:prefLabel "{slug}"@nl ; rg:kind "regio" }} }}"""


def look(data: Path, told: Told) -> None:
    """Open the folder as a service would; raise AssertionError if anything is lost or left over."""
    with writing(data):
        left = [e for pattern in (".*-*", "releases/.*-*") for e in data.glob(pattern)]
        assert not left, left
        assert not (data / "releases" / ".NEXT").exists()
    served = current_number(data)
    assert served == max(info.number for info in list_releases(data))
    assert served >= max(told.released, default=1)
    public = open_release(data, Variant.PUBLIC)
    for thing in told.released.get(served, set()):
        assert ask(public.store, f"ASK {{ <{ID}regio/{thing}> ?p ?o }}"), thing
    with WorkingStore(data / WORK) as store:
        there = {row.cells.get("id") for row in store.rows()}
        assert told.things <= there, told.things - there
    steps = [entry["stap"] for entry in read_log(data)]
    assert steps.count(DONE) >= len(told.things)
    assert steps.count(RELEASED) >= len(told.released)


def in_child(act: Callable[[], None]) -> None:
    """Do something in a process of its own: the engine's threads would not survive the next fork."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            act()
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is, it is shown and counts as a failure
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert status == 0, "see above"


if __name__ == "__main__":
    sys.exit(main())
