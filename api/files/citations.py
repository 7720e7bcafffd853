"""Who publishes the data and how to cite a release of it: from the settings, and nothing made up."""

from __future__ import annotations

from api.settings import Settings
from graph.release import ReleaseInfo
from queries.dcat import Publisher
from queries.void import LICENCE

LICENCE_NAME = "CC-BY-4.0"


def publisher_of(settings: Settings) -> Publisher:
    """Return who publishes the data and where questions go."""
    return Publisher(
        settings.publisher_name,
        settings.publisher_url,
        settings.contact_name or settings.publisher_name,
        settings.contact_email,
        settings.contact_url,
    )


def title_of(info: ReleaseInfo) -> str:
    """Return the title of a release as it is cited."""
    return f"Regiograaf, uitgave {info.number}"


def citation_text(info: ReleaseInfo, settings: Settings) -> str:
    """Return a reference in the words of a list of references."""
    year = info.date[:4]
    name = settings.publisher_name
    return f"{name} ({year}). {title_of(info)} ({info.date}) [dataset]. {info.iri}"


def citation_cff(info: ReleaseInfo, settings: Settings) -> str:
    """Return a citation file (CFF 1.2.0)."""
    return "\n".join(
        (
            "cff-version: 1.2.0",
            "message: Noem de gegevens zo als u ze gebruikt.",
            "type: dataset",
            f"title: {_quoted(title_of(info))}",
            "authors:",
            f"  - name: {_quoted(settings.publisher_name)}",
            f"version: {_quoted(str(info.number))}",
            f"date-released: {_quoted(info.date)}",
            f"license: {LICENCE_NAME}",
            f"url: {_quoted(info.iri)}",
            "identifiers:",
            "  - type: url",
            f"    value: {_quoted(info.iri)}",
            "",
        )
    )


def citation_bibtex(info: ReleaseInfo, settings: Settings) -> str:
    """Return an entry for BibTeX."""
    year, month, _ = info.date.split("-")
    fields = {
        "title": "{" + _bibtex(title_of(info)) + "}",
        "author": "{" + _bibtex(settings.publisher_name) + "}",
        "year": year,
        "month": str(int(month)),
        "version": str(info.number),
        "howpublished": "Dataset",
        "url": info.iri,
        "note": f"Licentie {LICENCE_NAME}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{regiograaf-{info.number},\n{lines}\n}}\n"


def citation_ris(info: ReleaseInfo, settings: Settings) -> str:
    """Return a reference for reference managers (RIS)."""
    fields = (
        ("TY", "DATA"),
        ("TI", title_of(info)),
        ("AU", settings.publisher_name),
        ("PY", info.date[:4]),
        ("DA", info.date.replace("-", "/")),
        ("ET", str(info.number)),
        ("UR", info.iri),
        ("N1", f"Licentie {LICENCE}"),
        ("ER", ""),
    )
    return "".join(f"{tag}  - {' '.join(text.split())}\r\n" for tag, text in fields)


# By the ending of the file: its media type and its writer.
CITATIONS = {
    "cff": ("application/yaml", citation_cff),
    "bib": ("application/x-bibtex", citation_bibtex),
    "ris": ("application/x-research-info-systems", citation_ris),
}


def _quoted(text: str) -> str:
    """Return text as a double-quoted scalar of YAML."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bibtex(text: str) -> str:
    return "".join(f"\\{c}" if c in "&%$#_{}" else c for c in text)
