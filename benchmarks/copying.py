"""Copy a corpus with pyarrow: the floor that `dedup clean` is compared with. See `benchmarks/speed.py`.

    python benchmarks/copying.py corpus.parquet copy.parquet

It is a script of its own so that its time does not include the imports of other benchmarks.
"""

import os
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_BYTES = 32 << 20


def copy_parquet(source: Path, out: Path) -> None:
    """Read a Parquet file and write it again, zstd level 1."""
    file = pq.ParquetFile(source)
    with pq.ParquetWriter(out, file.schema_arrow, compression="zstd", compression_level=1) as writer:
        for group in range(file.num_row_groups):
            writer.write_table(file.read_row_group(group))


def copy_folder(source: Path, out: Path) -> None:
    """Read all files of a folder and write them as Parquet, zstd level 1."""
    schema = pa.schema([("path", pa.string()), ("text", pa.binary())])
    paths: list[str] = []
    texts: list[bytes] = []
    with pq.ParquetWriter(out, schema, compression="zstd", compression_level=1) as writer:
        for folder, _, names in os.walk(source):
            for name in names:
                path = Path(folder, name)
                if not path.is_symlink():
                    paths.append(str(path))
                    texts.append(path.read_bytes())
            if sum(map(len, texts)) > GROUP_BYTES:
                writer.write_table(pa.table([paths, texts], schema=schema))
                paths, texts = [], []
        writer.write_table(pa.table([paths, texts], schema=schema))


def main() -> None:
    """Copy the file or folder that the command line names."""
    source, out = map(Path, sys.argv[1:])
    (copy_folder if source.is_dir() else copy_parquet)(source, out)


if __name__ == "__main__":
    main()
