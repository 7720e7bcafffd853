"""What Prometheus may know of the service beside its queries: requests, releases, changes, room on disk."""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Iterator
from pathlib import Path

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from pydantic import SecretStr

from graph.folder import RELEASES, WORK
from graph.release import MANIFEST, current_number
from ontology.errors import StoreError

# Counting files takes 1 ms for a hundred releases; nobody needs to know their size more often.
_DISK_EVERY_S = 30.0
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class ServiceMetrics:
    """Counters and gauges in the registry of the query counters."""

    def __init__(self, registry: CollectorRegistry, data: Path) -> None:
        """Make them, at zero."""
        self._data = data
        self._disk_read_at = -_DISK_EVERY_S
        self._seconds = Histogram(
            "regiograaf_http_seconds",
            "Duur van verzoeken tot de laatste byte, per soort antwoord",
            ["status"],
            registry=registry,
            buckets=(0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 30),
        )
        self._by_class = {n: self._seconds.labels(f"{n}xx") for n in range(1, 6)}
        self.edits = Counter(
            "regiograaf_edits", "Wijzigingen over het net", ["outcome"], registry=registry
        )
        self._release = Gauge(
            "regiograaf_release", "Uitgave die in de gegevensmap vooraan staat", registry=registry
        )
        self._published = Gauge(
            "regiograaf_published_timestamp_seconds",
            "Wanneer die uitgave is gemaakt",
            registry=registry,
        )
        self._disk = Gauge(
            "regiograaf_data_bytes",
            "Ruimte die de gegevensmap inneemt",
            ["part"],
            registry=registry,
        )

    def observe(self, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._by_class[min(5, max(1, status // 100))].observe(seconds)

    def refresh(self) -> None:
        """Look at the data folder; call it off the loop."""
        try:
            number = current_number(self._data)
            manifest = self._data / RELEASES / f"{number:04d}" / MANIFEST
            self._published.set(manifest.stat().st_mtime)
            self._release.set(number)
        except (StoreError, OSError):
            self._release.set(0)
        if time.monotonic() - self._disk_read_at >= _DISK_EVERY_S:
            self._disk_read_at = time.monotonic()
            for part in (WORK, RELEASES, "engine"):
                self._disk.labels(part).set(sum(_sizes(self._data / part)))


def may_read_metrics(request: Request, token: SecretStr | None) -> bool:
    """Tell whether a request may: with the token if there is one, else from this machine itself.

    What a proxy passes on does not come from this machine, whatever its address.
    """
    if token is not None:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        wanted = token.get_secret_value().encode()
        return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), wanted)
    if any(name in request.headers for name in _FORWARDED) or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _sizes(folder: Path) -> Iterator[int]:
    for file in folder.rglob("*"):
        try:
            yield file.stat().st_size if file.is_file() else 0
        except OSError:
            # The engine tidies its files while we look.
            continue
