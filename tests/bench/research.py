"""What publishing for research costs on a data folder: `python tests/bench/research.py DATA [RELEASE]`.

Counts a release, writes VoID, makes each file, compares it with the one before; times in seconds,
of processor and of wall clock, with the peak of memory of this process.
"""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from api.downloads.forms import FORMS, Source
from graph.comparison import compare_releases
from graph.dataset import Variant
from graph.release import current_number, open_release, release_file
from queries.changes import former_release
from queries.statistics import statistics_of
from queries.void import Places, describe_void


def main(data: Path, number: int) -> None:
    release = open_release(data, number=number)
    measure("count", lambda: statistics_of(release))
    places = Places("http://hier.nl/.well-known/void", "http://hier.nl/sparql")
    for media_type in ("text/turtle", "application/ld+json"):
        measure(f"void {media_type}", lambda: describe_void(release, places).write(media_type))  # noqa: B023 - called at once
    file = release_file(data, number, Variant.PUBLIC)
    for form in FORMS.values():
        measure(form.name, lambda: form.write(Source(file, lambda: release), io.BytesIO()))  # noqa: B023 - called at once
    older = former_release(data, number)
    if older is not None:
        measure("compare", lambda: compare_releases(data, older, number, Variant.PUBLIC))


def measure(name: str, work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    seconds = (time.process_time() - cpu, time.perf_counter() - wall)
    print(f"{name:32} {seconds[0]:6.2f} cpu {seconds[1]:6.2f} wall {peak:5} MB")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    main(folder, int(sys.argv[2]) if len(sys.argv) > 2 else current_number(folder))
