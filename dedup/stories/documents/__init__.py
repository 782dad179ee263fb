"""The documents of a corpus as flat tables in files: what links, evidence and candidates are computed from."""
