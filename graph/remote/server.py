"""Another SPARQL 1.1 server: found at an address, asked and changed; nothing else is ever called."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from pyoxigraph import QuerySolutions

from graph.evaluate import Table, to_table
from graph.remote.answers import (
    TABLE_TYPE,
    Dialect,
    accepted_type,
    dialect_of,
    form_fields,
    read_table,
)
from ontology.errors import QueryError, StoreError, UsageError
from ontology.terms import GRAAF

_CONNECT_S, _ANSWER_S = 5.0, 120.0
# A change that changes nothing, and that every server accepts where changes are accepted.
_NO_CHANGE = f"CLEAR SILENT GRAPH <{GRAAF}proef>"
_SHOWN = 300


@dataclass(frozen=True)
class Login:
    """Who we are to a server: a name with a password, or a token, or nobody."""

    user: str = ""
    password: str = ""
    token: str = ""


class RemoteServer:
    """A server that answered; one thread at a time."""

    def __init__(self, client: httpx.Client, query_url: str, dialect: Dialect) -> None:
        """Keep an open client and what was found out; `connect` finds it out."""
        self.query_url = query_url
        self.dialect = dialect
        self._client = client
        self._update_url = ""

    def select(self, query: str) -> Table:
        """Return the answer of a SELECT; raise StoreError when the server does not answer it."""
        return to_table(self.solutions(query))

    def solutions(self, query: str) -> QuerySolutions:
        """Return the answer of a SELECT row by row; raise StoreError when the server gives none."""
        fields = form_fields(query, self.dialect)
        reply = _post(self._client, self.query_url, fields, accepted_type(query))
        _expect_success(reply, self.query_url)
        try:
            result = read_table(reply.content, self.dialect)
        except QueryError as exc:
            raise StoreError(f"{self.query_url}: {exc.message}") from exc
        if not isinstance(result, QuerySolutions):
            raise StoreError(f"{self.query_url}: verwacht een tabel, kreeg ja of nee")
        return result

    def update(self, change: str) -> None:
        """Change what the server holds; raise StoreError when it refuses."""
        reply = _post(self._client, self._where_to_change(), {"update": [change]}, "*/*")
        _expect_success(reply, self._update_url)

    def _where_to_change(self) -> str:
        """Find out once where changes go: beside the address for queries, or at it."""
        if self._update_url:
            return self._update_url
        tried = {}
        for url in _update_addresses(self.query_url):
            reply = _post(self._client, url, {"update": [_NO_CHANGE]}, "*/*")
            if reply.is_success:
                self._update_url = url
                return url
            tried[url] = reply.status_code
        answers = ", ".join(f"{url} gaf {status}" for url, status in tried.items())
        raise StoreError(
            f"{self.query_url}: deze server neemt geen wijzigingen aan ({answers}). Sta SPARQL Update "
            "toe, of geef een naam en wachtwoord met REGIOGRAAF_ENDPOINT_USER en "
            "REGIOGRAAF_ENDPOINT_PASSWORD, of een token met REGIOGRAAF_ENDPOINT_TOKEN."
        )


@contextmanager
def connect(url: str, login: Login) -> Iterator[RemoteServer]:
    """Find the SPARQL server at an address or just below it, and keep a connection to it.

    Raise UsageError for something that is no address, StoreError when no SPARQL server answers.
    """
    check_address(url)
    # Neither proxies nor redirects: only the address that was given is ever called.
    options = {"timeout": httpx.Timeout(_ANSWER_S, connect=_CONNECT_S), "trust_env": False}
    with httpx.Client(auth=auth_for(login), headers=headers_for(login), **options) as client:  # type: ignore[arg-type]
        tried = []
        for address in _query_addresses(url):
            try:
                reply = _post(client, address, {"query": ["ASK {}"]}, TABLE_TYPE)
                _expect_success(reply, address)
                server = RemoteServer(client, address, dialect_of(reply.content))
            except (StoreError, QueryError) as exc:
                tried.append(f"{exc}")
                continue
            yield server
            return
    raise StoreError(
        f"{url}: hier antwoordt geen SPARQL-server. Verwacht het adres waar vragen worden gesteld, "
        f"bijvoorbeeld http://127.0.0.1:7878/query. Geprobeerd: {'; '.join(dict.fromkeys(tried))}"
    )


def check_address(url: str) -> None:
    """Raise UsageError unless this is a web address without a name and password in it."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as exc:
        raise UsageError(f"'{url}' is geen webadres: {exc}") from exc
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise UsageError(f"'{url}' is geen webadres; begin met http:// of https:// en een naam")
    if parsed.userinfo:
        raise UsageError(
            "zet een naam en wachtwoord niet in het adres maar in REGIOGRAAF_ENDPOINT_USER en "
            "REGIOGRAAF_ENDPOINT_PASSWORD"
        )


def _query_addresses(url: str) -> list[str]:
    base = url.rstrip("/")
    if base.endswith("/update"):
        stem = base.removesuffix("/update")
        return [f"{stem}/query", f"{stem}/sparql", base]
    return list(dict.fromkeys((url, f"{base}/query", f"{base}/sparql")))


def _update_addresses(query_url: str) -> list[str]:
    stem, _, last = query_url.rpartition("/")
    beside = [f"{stem}/update"] if last in {"query", "sparql"} else []
    return [*beside, query_url]


def auth_for(login: Login) -> httpx.Auth | None:
    """Return how to log in with a name and a password, or None without them."""
    return _BasicOrDigest(login.user, login.password) if login.user else None


def headers_for(login: Login) -> dict[str, str]:
    """Return the headers that a token asks for."""
    return {"authorization": f"Bearer {login.token}"} if login.token else {}


class _BasicOrDigest(httpx.DigestAuth):
    """Log in the way the server asks for."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(user, password)
        self._basic = httpx.BasicAuth(user, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send once without; what the answer asks for decides."""
        reply = yield request
        if reply.status_code != httpx.codes.UNAUTHORIZED:
            return
        asks_digest = "digest" in reply.headers.get("www-authenticate", "").lower()
        flow = super().auth_flow(request) if asks_digest else self._basic.auth_flow(request)
        yield from flow


def _post(
    client: httpx.Client, url: str, fields: dict[str, list[str]], media_type: str
) -> httpx.Response:
    """Send a form: the one way of asking that all servers share."""
    try:
        return client.post(url, data=fields, headers={"accept": media_type})
    except httpx.HTTPError as exc:
        why = str(exc) or type(exc).__name__
        raise StoreError(f"{url} antwoordt niet: {why}") from exc


def _expect_success(reply: httpx.Response, url: str) -> None:
    if not reply.is_success:
        said = " ".join(reply.text[:_SHOWN].split())
        raise StoreError(f"{url} antwoordde {reply.status_code}: {said}")
