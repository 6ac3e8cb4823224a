"""Widgets, one a file; they get data and post messages."""
