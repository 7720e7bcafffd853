"""Editors' changes over HTTP: who may, what is asked, one at a time. Decides nothing about data itself."""
