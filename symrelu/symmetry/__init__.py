"""Isotypic types of products of symmetric groups."""
