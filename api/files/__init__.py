"""Answers as files: CSV, workbooks, JSON, networks, citations, for page, command and REST alike. Never how they are sent."""
