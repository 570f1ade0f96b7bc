"""A family of critical points: shape, reduced loss, gradient and Hessian in Gram variables, and the catalogue."""
