"""A family as a LaTeX document that compiles as it is, and as pieces to include in a paper."""
