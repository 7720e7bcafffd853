"""Every pair of colours that meet on a page, from the stylesheets and the style of the network, has contrast enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from viz.style import LINE, MARKS, OUTLINE, PAPER, contrast

CSS = Path(__file__).parent.parent / "api" / "static" / "css"
THEME = (CSS / "theme.css").read_text("utf-8")
GROUNDS = ("paper", "surface", "raised")
# WCAG 2.2: 1.4.3 for text, 1.4.11 for the outlines of controls and what pictures are made of.
TEXT, SHAPE = 4.5, 3.0

ON_TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "link", "link-hover") for ground in GROUNDS),
    *((ink, "accent-pale") for ink in ("ink", "ink-soft", "link", "link-hover")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("accent-ink", "bar-low"),
    ("accent-ink", "bar-edge"),
    ("bar-edge", "bar-mark"),
    *((f"{mood}-ink", f"{mood}-pale") for mood in ("warn", "bad", "good", "calm")),
    *((f"{mood}-ink", ground) for mood in ("warn", "bad") for ground in GROUNDS),
    *(("ink", f"{mood}-pale") for mood in ("warn",)),
    *(("link", f"{mood}-pale") for mood in ("warn",)),
    *(("chart-ink", f"chart-{number}") for number in range(5)),
    *(("heat-low", f"heat-{number}") for number in (1, 2, 3)),
    *(("heat-high", f"heat-{number}") for number in (4, 5)),
]
ON_SHAPES = [
    *(("line-strong", ground) for ground in GROUNDS),
    *(("node-outline", ground) for ground in GROUNDS),
    ("edge", "paper"),
    ("accent-mark", "raised"),
    ("bar-mark", "bar-low"),
    *(("focus", ground) for ground in (*GROUNDS, "accent-pale")),
]


def _tokens(scheme: str) -> dict[str, str]:
    light, _, dark = THEME.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--rg-([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        block = dark.partition("\n}\n")[0]
        found |= dict(re.findall(r"--rg-([\w-]+): (#[0-9a-f]{6});", block))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pair", ON_TEXT, ids="-on-".join)
def test_text_can_be_read(scheme: str, pair: tuple[str, str]) -> None:
    tokens = _tokens(scheme)
    assert contrast(tokens[pair[0]], tokens[pair[1]]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pair", ON_SHAPES, ids="-on-".join)
def test_shapes_and_edges_can_be_seen(scheme: str, pair: tuple[str, str]) -> None:
    tokens = _tokens(scheme)
    assert contrast(tokens[pair[0]], tokens[pair[1]]) >= SHAPE


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_mark_has_an_outline_or_a_fill_that_can_be_seen(scheme: str) -> None:
    paper, outline = PAPER[scheme], OUTLINE[scheme]
    assert contrast(outline, paper) >= SHAPE
    assert contrast(LINE[scheme], paper) >= SHAPE
    for mark in MARKS:
        assert max(contrast(mark.colour, paper), contrast(outline, paper)) >= SHAPE


def test_the_style_of_pictures_is_that_of_the_theme() -> None:
    for scheme in ("light", "dark"):
        tokens = _tokens(scheme)
        assert tokens["paper"] == PAPER[scheme]
        assert tokens["node-outline"] == OUTLINE[scheme]
        assert tokens["edge"] == LINE[scheme]


def test_colours_stand_in_the_theme_alone() -> None:
    """Another region swaps one file; the SPARQL editor alone keeps the colours of its makers."""
    for path in sorted(CSS.glob("*.css")):
        if path.name not in {"theme.css", "sparql.css"}:
            text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;,) ])", text) == [], path.name


def test_every_token_that_is_used_exists() -> None:
    defined = set(re.findall(r"--rg-[\w-]+(?=:)", THEME))
    for path in sorted(CSS.glob("*.css")):
        used = set(re.findall(r"var\((--rg-[\w-]+)", path.read_text("utf-8")))
        assert used <= defined, path.name
