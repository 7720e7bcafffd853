"""What a view of the network shows: the same for the page, its files and the file to mail."""

from __future__ import annotations

from api.pages.network_choice import Asked
from api.pages.network_words import (
    category_words,
    describe_nodes,
    relation_words,
    size_words,
    tell_chain,
    value_words,
    wording_of,
)
from api.pages.texts import Texts
from graph.release import OpenRelease
from ontology.schema import load_schema
from ontology.terms import BEGRIP
from queries.facets import SECTOR, options
from queries.links import LAYERS
from queries.measures.shown import EQUAL, LINES
from queries.names import names_of
from queries.selection import AROUND, MAP, PATH, Choice, Selection, shared_by_ends
from viz.drawing import Drawing, draw
from viz.look import Look
from viz.network_page import network_data
from viz.style import LAYER_COLOURS


def draw_for(release: OpenRelease, asked: Asked) -> Drawing:
    """Return the drawing that an address asks for."""
    return draw(release, asked.choice, asked.look)


def picture_data(release: OpenRelease, drawing: Drawing, texts: Texts) -> str:
    """Return the data block of a drawing in a language."""
    return network_data(drawing, wording_of(texts, sector_labels(release, texts)))


def sector_labels(release: OpenRelease, texts: Texts) -> dict[str, str]:
    """Return what sectors are called in a language, by IRI."""
    names = names_of(release)
    return {ref.iri: names.label(ref.iri, texts.language) for ref, _ in options(release, SECTOR)}


def title_of(release: OpenRelease, choice: Choice, texts: Texts) -> str:
    """Return in a sentence what is seen."""
    names = names_of(release)
    if choice.view == AROUND and choice.centre:
        return texts.count(
            "page.network.lead_around", choice.depth, name=names.label(choice.centre)
        )
    if choice.view == PATH and all(choice.ends):
        one, other = (names.label(iri) for iri in choice.ends)
        return texts("page.network.lead_path", one=one, other=other)
    if choice.view in (AROUND, PATH):
        return texts(f"page.network.ask_{'around' if choice.view == AROUND else 'path'}")
    if choice.view == MAP:
        return texts.count("page.network.lead_map", choice.minimum)
    return texts("page.network.lead_all")


def view_context(release: OpenRelease, asked: Asked, texts: Texts) -> dict[str, object]:
    """Return what picture, table and words show: the same for the page and for the file to mail."""
    drawing = draw_for(release, asked)
    selection, choice = drawing.selection, asked.choice
    refs, labels = selection.refs(), sector_labels(release, texts)
    return {
        "choice": choice,
        "lead": title_of(release, choice, texts),
        "selection": selection,
        "drawing": drawing,
        "edges": [
            (edge, refs[edge.source], refs[edge.target], relation_words(edge, texts))
            for edge in selection.edges
        ],
        "degree": selection.degree(),
        "things": [
            (dot, value_words(dot, asked.look.size, texts), category_words(dot.category, texts, labels))
            for dot in drawing.dots
        ],
        "texts": describe_nodes(selection, texts),
        "steps": tell_chain(selection, texts),
        "shared": shared_by_ends(selection),
        "legend": [(one, category_words(one, texts, labels)) for one in drawing.legend],
        "legend_words": _legend_words(release, drawing, texts),
        "shown_layers": _shown_layers(selection),
        "size_name": size_words(asked.look.size, texts) if asked.look.size != EQUAL else "",
        "counts": texts("network.counts", nodes=len(selection.nodes), edges=len(selection.edges)),
    }  # fmt: skip


def default_drawing(release: OpenRelease, view: str, texts: Texts) -> None:
    """Make a view ready for the first visitor."""
    picture_data(release, draw(release, Choice(view=view), Look()), texts)


def _shown_layers(selection: Selection) -> list[tuple[str, str]]:
    if selection.choice.view == MAP:
        return []
    found = {edge.layer for edge in selection.edges}
    return [(layer, LAYER_COLOURS[layer]) for layer in LAYERS if layer in found]


def _legend_words(release: OpenRelease, drawing: Drawing, texts: Texts) -> list[str]:
    """Return what colour, size and lines mean, in sentences."""
    look, choice = drawing.look, drawing.selection.choice
    found = [texts(f"network.means.colour_{look.colour_in(choice)}")]
    if look.size in (LINES, EQUAL):
        found.append(texts(f"network.means.size_{look.size}"))
    else:
        about = load_schema().label(f"{BEGRIP}maat/{look.size}", texts.language) or look.size
        number = release.info.number
        found.append(texts("network.means.size_measure", name=about, number=number))
    found.append(texts(f"network.means.{'lines_map' if choice.view == MAP else 'lines'}"))
    if choice.moment:
        found.append(texts("network.means.moment"))
    return found
