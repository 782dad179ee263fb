"""Compare a corpus at several thresholds: sketch it once, then count what each threshold removes."""
