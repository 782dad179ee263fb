"""`text_dedup.minhash --ngram 5 --threshold 0.8 --hash_func xxh3` (250 permutations), output converted to Parquet."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from common import SHINGLE, THRESHOLD, main

# The default hash is SHA-1; its help says that xxh3 is faster. All other options are the defaults (250 permutations).
OPTIONS = {"ngram": SHINGLE, "threshold": THRESHOLD, "hash_func": "xxh3"}


def clean(corpus: Path, out: Path, workers: int) -> None:
    """Write the kept texts."""
    out.mkdir()
    options = {
        "path": "parquet",
        "data_files": corpus,
        "split": "train",
        "column": "text",
        "cache_dir": out / "cache",
        "output": out / "arrow",
        "num_proc": workers,
        **OPTIONS,
    }
    arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    subprocess.run([sys.executable, "-m", "text_dedup.minhash", *arguments], check=True)  # noqa: S603 - a fixed command
    files = sorted((out / "arrow").glob("*.arrow"))
    schema = pa.ipc.open_stream(files[0]).schema
    with pq.ParquetWriter(out / "kept.parquet", schema, compression="zstd", compression_level=1) as writer:
        for file in files:
            for batch in pa.ipc.open_stream(file):
                writer.write_batch(batch)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the shingles that the command compares."""
    from text_dedup.minhash import NON_ALPHA, ngrams

    return set(ngrams(NON_ALPHA.split(text.lower()), SHINGLE))


if __name__ == "__main__":
    main(clean, shingles)
