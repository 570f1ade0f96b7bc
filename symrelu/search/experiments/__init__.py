"""Least symmetry breaking beyond the base model: other inputs, other activations, two hidden layers."""
