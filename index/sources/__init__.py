"""Readers of the formats articles come in, one module a format."""
