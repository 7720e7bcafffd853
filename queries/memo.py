"""Remember answers by release: a release never changes, so neither do answers made from it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec, TypeVar

from graph.release import OpenRelease

# The largest answers (a selection of the whole network) take some 2 MB each.
MAX_REMEMBERED = 64

P = ParamSpec("P")
R = TypeVar("R")


def release_key(release: OpenRelease) -> str:
    """Return the checksum that stands for all of a release's content."""
    return release.info.sha256[str(release.variant)]


def per_release(
    function: Callable[Concatenate[OpenRelease, P], R],
) -> Callable[Concatenate[OpenRelease, P], R]:
    """Let a function of a release and hashable arguments be computed once for each of them.

    The answers used last are kept, at most `MAX_REMEMBERED` for each function; callers share them,
    so a remembered function must return something that nobody changes.
    """
    answers: OrderedDict[tuple[object, ...], R] = OrderedDict()
    lock = Lock()

    @wraps(function)
    def remembered(release: OpenRelease, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (release_key(release), args, tuple(sorted(kwargs.items())))
        with lock:
            if key in answers:
                answers.move_to_end(key)
                return answers[key]
        answer = function(release, *args, **kwargs)
        with lock:
            answers[key] = answer
            if len(answers) > MAX_REMEMBERED:
                answers.popitem(last=False)
        return answer

    return remembered
