"""Where log lines go: standard error, under the name regiograaf, one line each."""

from __future__ import annotations

import logging
import sys

from api.http.requests import LOGGER, AccessLogForm

NAME = "regiograaf"
_OURS = ("ontology", "graph", "queries", "viz", "api")


def configure_logging(access: AccessLogForm) -> None:
    """Send what our own modules and the access log say to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter(f"%(asctime)s %(levelname)s {NAME} %(name)s: %(message)s")
    )
    for name in _OURS:
        _set(name, handler)
    if access is not AccessLogForm.OFF:
        bare = logging.StreamHandler(sys.stderr)
        # A line of JSON is for a machine, which adds the time itself when it collects.
        form = "%(message)s" if access is AccessLogForm.JSON else f"%(asctime)s {NAME} %(message)s"
        bare.setFormatter(logging.Formatter(form))
        _set(LOGGER, bare)


def _set(name: str, handler: logging.Handler) -> None:
    logger = logging.getLogger(name)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
