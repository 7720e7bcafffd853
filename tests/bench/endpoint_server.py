"""The SPARQL endpoint alone, as the benchmark and the attacks on it need it: FILE PORT CACHE_BYTES."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import uvicorn

from api.settings import Settings
from api.sparql.endpoint import SparqlEndpoint
from tests.sparql_server import Live


def main() -> None:
    """Serve a release file."""
    file, port, cache_bytes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    settings = Settings(data=file.parent, cache_bytes=cache_bytes)
    live = Live(SparqlEndpoint(settings, file, 1))
    # As the service itself does: what lives now lives for good.
    gc.freeze()
    uvicorn.run(live, port=port, http=live.http, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
