"""Newton, Krawczyk, Hensel lifting, eigenvalue series, definiteness: they know no networks."""
