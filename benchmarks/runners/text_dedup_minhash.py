"""`text_dedup.minhash --ngram 5 --threshold 0.8 --hash_func xxh3` (250 permutations), its Arrow files to Parquet."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from common import SHINGLE, THRESHOLD, main

# Its default hash is SHA-1; its help says that xxh3 is faster. All else is as it comes (250 permutations).
OPTIONS = {"ngram": SHINGLE, "threshold": THRESHOLD, "hash_func": "xxh3"}


def clean(corpus: Path, out: Path, workers: int) -> None:
    """Write the texts that stay."""
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
    words = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
    subprocess.run([sys.executable, "-m", "text_dedup.minhash", *words], check=True)  # noqa: S603 - a peer's command
    files = sorted((out / "arrow").glob("*.arrow"))
    schema = pa.ipc.open_stream(files[0]).schema
    with pq.ParquetWriter(out / "kept.parquet", schema, compression="zstd", compression_level=1) as writer:
        for file in files:
            for batch in pa.ipc.open_stream(file):
                writer.write_batch(batch)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Cut a text as the command does."""
    from text_dedup.minhash import NON_ALPHA, ngrams

    return set(ngrams(NON_ALPHA.split(text.lower()), SHINGLE))


if __name__ == "__main__":
    main(clean, shingles)
