"""Temporary directories, files of arrays, threads, signals, memory and progress."""
