"""LaTeX, text and tables of series, numbers and matrices."""
