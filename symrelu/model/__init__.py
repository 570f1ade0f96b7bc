"""The kernel in Gram variables, and the dense network that judges everything else."""
