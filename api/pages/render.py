"""From a template and what it shows to an answer: language, cache by release, and the frame of every page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.pages import filters
from api.pages.texts import LANGUAGE_PARAMETER, language_of, texts_in
from api.pages.theme import theme_file
from api.state import served, service_of
from queries.memo import release_key

Context = Mapping[str, object]
# Characters of pages kept; the largest page has some 3 million.
MAX_KEPT = 40_000_000
_COOKIE_S = 365 * 24 * 3600


class PageCache:
    """Pages made before, by key; those not asked for longest go first when there are too many."""

    def __init__(self, limit: int) -> None:
        """Keep at most `limit` characters."""
        self.limit = limit
        self.size = 0
        self._pages: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...]) -> str | None:
        """Return a page, or None if it is not kept."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: tuple[str, ...], body: str) -> None:
        """Keep a page, at the cost of older ones."""
        with self._lock:
            self.size += len(body) - len(self._pages.pop(key, ""))
            self._pages[key] = body
            while self.size > self.limit and self._pages:
                self.size -= len(self._pages.popitem(last=False)[1])


_CACHE = PageCache(MAX_KEPT)


def page(
    request: Request, template: str, build: Callable[[], Context], version: str = ""
) -> HTMLResponse:
    """Return a page; `build` is called only when this page was not made before from this release.

    `version` is what else the page depends on, such as the day.
    """
    release = service_of(request).release
    query = urlencode(sorted(request.query_params.multi_items()))
    # A page of an older release names the newest one.
    newest = str(served(request).release.info.number)
    shown = (language_of(request), template, request.url.path, query, version, newest)
    key = (release_key(release), *shown)
    body = _CACHE.get(key)
    if body is None:
        body = _render(request, template, build())
        _CACHE.keep(key, body)
    return _answer(request, body, 200)


def uncached_page(
    request: Request, template: str, context: Context, status: int = 200
) -> HTMLResponse:
    """Return a page that is made anew each time, such as one about an error."""
    return _answer(request, _render(request, template, context), status)


@cache
def environment() -> Environment:
    """Return the template environment: everything escaped, nothing undefined passed over."""
    env = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=filters.finalize,
    )
    env.filters.update(filters.FILTERS)
    env.globals.update(filters.GLOBALS)
    return env


def _render(request: Request, template: str, context: Context) -> str:
    language = language_of(request)
    release = service_of(request).release
    frame = {
        "t": texts_in(language),
        "language": language,
        "release": release.info,
        "served": served(request).release.info,
        "here": request.url.path,
        "languages": _language_links(request),
        "has_theme": theme_file(service_of(request).settings).is_file(),
        "searched": request.query_params.get("q", ""),
    }
    return environment().get_template(template).render(**frame, **context)


def _answer(request: Request, body: str, status: int) -> HTMLResponse:
    response = HTMLResponse(body, status_code=status)
    response.headers["content-language"] = language_of(request)
    chosen = request.query_params.get(LANGUAGE_PARAMETER)
    if chosen == language_of(request):
        response.set_cookie(
            LANGUAGE_PARAMETER, chosen, max_age=_COOKIE_S, samesite="lax", httponly=True
        )
    return response


def _language_links(request: Request) -> dict[str, str]:
    """Return this page's address in each language."""
    others = [(k, v) for k, v in request.query_params.multi_items() if k != LANGUAGE_PARAMETER]
    path = quote(request.url.path)
    return {
        language: f"{path}?{urlencode([*others, (LANGUAGE_PARAMETER, language)])}"
        for language in ("nl", "en")
    }
