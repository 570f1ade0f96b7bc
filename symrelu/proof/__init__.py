"""Theorems about families: on a range of d, and point by point."""
