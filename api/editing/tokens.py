"""Who may write: tokens with the name of their holder, compared without telling how much was right."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from pydantic import SecretStr

from graph.audit import Author
from ontology.errors import UsageError

# As much as 16 random bytes in hexadecimal: nobody guesses that over a network.
MIN_CHARS = 32
_FINGERPRINT_CHARS = 12
_NO_NAME = "token"


def read_tokens(token: SecretStr | None, file: Path | None) -> dict[str, Author]:
    """Return the holder by the SHA-256 of each token, of the setting and of the lines of a file.

    A line is a token, or a name and a token; lines that begin with # are left out. Raise UsageError
    for a file that cannot be read, a token that is too short, or one that two lines share.
    """
    pairs = [(_NO_NAME, token.get_secret_value().strip())] if token else []
    if file is not None:
        pairs += _read_file(file)
    holders: dict[str, Author] = {}
    for name, text in pairs:
        if len(text) < MIN_CHARS or not text.isascii():
            raise UsageError(
                f"het token van '{name}' is te kort: het zijn {len(text)} tekens en het moeten er "
                f"{MIN_CHARS} zijn, zonder accenten; maak er een met: openssl rand -hex 32"
            )
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest in holders:
            raise UsageError(f"'{name}' en '{holders[digest].name}' hebben hetzelfde token")
        holders[digest] = Author(name, digest[:_FINGERPRINT_CHARS])
    return holders


def find_holder(holders: dict[str, Author], authorization: str) -> Author | None:
    """Return who holds the token of an Authorization header, or None; as slow for every wrong one."""
    kind, _, given = authorization.partition(" ")
    digest = hashlib.sha256(given.strip().encode()).hexdigest()
    found = None
    for known, author in holders.items():
        if hmac.compare_digest(known, digest) and kind.lower() == "bearer":
            found = author
    return found


def _read_file(file: Path) -> list[tuple[str, str]]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{file}: het bestand met tokens kan niet worden gelezen ({exc})") from exc
    pairs = []
    for line in lines:
        if line.strip() and not line.lstrip().startswith("#"):
            name, _, text = line.strip().rpartition(" ")
            pairs.append((name.strip() or _NO_NAME, text))
    return pairs
