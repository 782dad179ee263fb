"""Numba kernels that compare the sentences and facts of many pairs of documents."""
