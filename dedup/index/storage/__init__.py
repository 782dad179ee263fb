"""The files of an index: segments, their manifest, locks, snapshots, commits."""
