"""Whole screens and overlays."""
