"""The meeting pack as a document: one model, laid out as HTML, DOCX and PDF. Never a query of its own."""
