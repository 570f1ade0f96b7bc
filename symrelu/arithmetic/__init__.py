"""Numbers and series - balls, jets, Taylor models, exact constants, online series - that know nothing else."""
