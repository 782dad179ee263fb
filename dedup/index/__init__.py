"""A lasting index of the documents that have been seen: segments, manifest, locks, snapshots, additions, queries."""
