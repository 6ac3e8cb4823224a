"""Text on a grid of cells: wrapping, bidi."""
