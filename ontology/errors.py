"""The whole tree of errors; every package raises from here, so callers can catch by what they can do.

RegiograafError
├── UsageError          the caller asked for something that cannot be: mend the call (exit 2, HTTP 400)
│   └── UnknownThing    a name, IRI, query or release that does not exist (HTTP 404)
├── InputError          data handed in cannot be accepted: mend the data (exit 1, HTTP 422)
├── QueryError          a SPARQL query is malformed: mend the query (HTTP 400)
│   └── QueryRefused    a query asks for what is never done here, or is over a limit (HTTP 400/413)
├── QueryTimeout        a query took longer than allowed: ask for less (HTTP 503)
└── StoreError          the data folder cannot be used now: see the message (HTTP 503)
    └── FolderBusy      another process writes to it, or serves from it: try again later (HTTP 423)
"""

from __future__ import annotations

from dataclasses import dataclass


class RegiograafError(Exception):
    """Base of all errors that are shown to a person; the message is Dutch and says what to do."""

    exit_code = 1


class UsageError(RegiograafError):
    """The call itself is wrong."""

    exit_code = 2


class UnknownThing(UsageError):
    """What was asked for does not exist."""


class InputError(RegiograafError):
    """Data handed in cannot be accepted; nothing was changed."""


@dataclass
class QueryError(RegiograafError):
    """A malformed query, with its place: line and column count from 1, None when unknown."""

    message: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return the Dutch sentence with the place in it."""
        if self.line is None:
            return self.message
        return f"{self.message} (regel {self.line}, kolom {self.column})"


class QueryRefused(QueryError):
    """A query that is well-formed but never run: over a limit, or calling other machines."""


class QueryTimeout(RegiograafError):
    """A query was stopped at its time limit."""


class StoreError(RegiograafError):
    """The data folder cannot be opened, read or written now."""


class FolderBusy(StoreError):
    """Another process has the data folder for itself."""
