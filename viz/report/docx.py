"""The meeting pack as DOCX: a zip of a few XML parts (ECMA-376), the same bytes for the same document."""

from __future__ import annotations

import io
import zipfile

from viz.report.document import Document
from viz.templating import environment

# The parts of the package and the templates they are made from, in the order in which they are written.
PARTS = {
    "[Content_Types].xml": "content-types.xml",
    "_rels/.rels": "package-rels.xml",
    "docProps/core.xml": "core.xml",
    "docProps/app.xml": "app.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document-rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/footer1.xml": "footer.xml",
}
# The earliest moment a zip can hold: the clock is no part of the document.
_EPOCH = (1980, 1, 1, 0, 0, 0)
# Width of the text of an A4 page with margins of 1.6 cm, in twentieths of a point.
TEXT_WIDTH = 10092
# Shares of that width by field; what a part does not have goes to the text.
_SHARES = {"mark": 1350, "action": 2500, "who": 1800, "notes": 800}


def to_docx(document: Document) -> bytes:
    """Return the document with real heading styles, header rows, Dutch as language and linked sources."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, template in PARTS.items():
            text = (
                environment()
                .get_template(f"report/docx/{template}")
                .render(document=document, column_widths=column_widths)
            )
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Without this the bytes would tell on which system they were made.
            entry.create_system = 0
            package.writestr(entry, text)
    return target.getvalue()


def column_widths(fields: tuple[str, ...]) -> list[int]:
    """Return the widths of the columns of a part and of its column of sources."""
    shares = [_SHARES.get(field, 0) for field in (*fields, "notes")]
    left = TEXT_WIDTH - sum(shares)
    return [share or left for share in shares]
