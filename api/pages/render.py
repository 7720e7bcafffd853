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
from api.state import service_of
from queries.memo import release_key

Context = Mapping[str, object]
MAX_PAGES = 300
_COOKIE_S = 365 * 24 * 3600

_pages: OrderedDict[tuple[str, ...], str] = OrderedDict()
_lock = Lock()


def page(request: Request, template: str, build: Callable[[], Context]) -> HTMLResponse:
    """Return a page; `build` is called only when this page was not made before from this release."""
    release = service_of(request).release
    query = urlencode(sorted(request.query_params.multi_items()))
    key = (release_key(release), language_of(request), template, request.url.path, query)
    with _lock:
        body = _pages.get(key)
    if body is None:
        body = _render(request, template, build())
        _remember(key, body)
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
        "here": request.url.path,
        "languages": _language_links(request),
        "searched": request.query_params.get("q", ""),
    }
    return environment().get_template(template).render(**frame, **context)


def _remember(key: tuple[str, ...], body: str) -> None:
    with _lock:
        _pages[key] = body
        if len(_pages) > MAX_PAGES:
            _pages.popitem(last=False)


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
