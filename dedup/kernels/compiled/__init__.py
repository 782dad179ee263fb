"""Compile kernels with Numba once on a machine, and load them without Numba afterwards.

`kernel` marks functions, `intrinsic` those whose instructions are given. `argument_types` tells apart what a function
is compiled for, `compiler` compiles it, `store` keeps the object code in the user's cache folder, `loader` loads it.
`build` compiles kernels in several processes.
"""
