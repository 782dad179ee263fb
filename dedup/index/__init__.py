"""A lasting index of the documents that have been seen: segments, their manifest, locks, snapshots."""
