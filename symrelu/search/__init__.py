"""Search on real networks: descent, polish, isotropy, and the way from a matrix to a family."""
