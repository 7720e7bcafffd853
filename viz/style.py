"""How each type is drawn: a colour that colour-blind people can tell apart, and a shape that repeats it.

Colours are those of Okabe and Ito (2008), Color Universal Design.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """A group of types in a picture: slug, colour, shape as vis-network calls it, and its kinds."""

    slug: str
    colour: str
    shape: str
    kinds: tuple[str, ...]


MARKS = (
    Mark("partij", "#0072B2", "dot", ("Organization", "Person", "Actor")),
    Mark(
        "samenwerking",
        "#E69F00",
        "square",
        ("Collaboration", "Network", "Coalition", "GovernanceBody"),
    ),
    Mark("thema", "#009E73", "diamond", ("Theme",)),
    Mark("bouwsteen", "#D55E00", "hexagon", ("Bouwsteen",)),
    Mark("geld", "#CC79A7", "triangle", ("FundingStream", "FundingApplication", "BudgetLine")),
    Mark("programma", "#56B4E9", "triangleDown", ("Programme", "ProgrammeLine", "Activity")),
    Mark("akkoord", "#F0E442", "star", ("Agreement",)),
    Mark("overig", "#999999", "dot", ()),
)
OTHER = MARKS[-1]
# What no source says of a thing: hollow, on whatever the page is.
UNKNOWN = Mark("onbekend", "#ffffff", "dot", ())
# Looks for values that have none of their own, such as groups and sectors: one for each of the first.
SLOTS = tuple(mark for mark in MARKS if mark.kinds)
# Lines by layer; each has a contrast of 3 to 1 on the paper of both themes.
LAYER_COLOURS = {
    "deelname": "#6b7c86",
    "themas": "#00875f",
    "bouwstenen": "#c65500",
    "geld": "#b8548c",
    "programma": "#2b86bd",
    "banden": "#7a6fc0",
}
_BY_KIND = {kind: mark for mark in MARKS for kind in mark.kinds}

# What the colours stand on, in the light and the dark theme; equal to the tokens in theme.css.
PAPER = {"light": "#ffffff", "dark": "#10191d"}
# The line around every mark gives the contrast that not every fill has.
OUTLINE = {"light": "#22313f", "dark": "#dbe5e8"}
LINE = {"light": "#5b6b74", "dark": "#93a4ab"}

# Outlines of the shapes in a box from -1 to 1, for pictures drawn on the server.
POLYGONS = {
    "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "diamond": ((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)),
    "triangle": ((0, -1.1), (1.05, 0.75), (-1.05, 0.75)),
    "triangleDown": ((0, 1.1), (1.05, -0.75), (-1.05, -0.75)),
    "hexagon": ((-1, 0), (-0.5, -0.87), (0.5, -0.87), (1, 0), (0.5, 0.87), (-0.5, 0.87)),
    "star": (
        (0, -1.2), (0.27, -0.37), (1.14, -0.37), (0.44, 0.14), (0.71, 0.97), (0, 0.46),
        (-0.71, 0.97), (-0.44, 0.14), (-1.14, -0.37), (-0.27, -0.37),
    ),
}  # fmt: skip


def mark_of(kind: str) -> Mark:
    """Return how things of a kind are drawn."""
    return _BY_KIND.get(kind, OTHER)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours '#rrggbb', 1..21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
