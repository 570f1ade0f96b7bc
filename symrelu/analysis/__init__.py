"""One question about a family per file: expansion, spectrum, threshold, evaluation, and what they rest on."""
