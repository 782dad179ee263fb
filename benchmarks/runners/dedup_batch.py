"""`dedup.Index.compare`, all texts at once: matches are verified by exact Jaccard, and their texts are written."""

import pyarrow.compute as pc
from dedup_index import build
from lookups import Query, main

import dedup


def query(wanted: Query) -> dict[str, float]:
    """Compare a corpus with the index and with itself, and count the texts that are removed for an indexed one."""
    index = dedup.Index(wanted.index)
    compared = index.compare(wanted.corpus, workers=wanted.workers)
    found = pc.sum(pc.less(compared.removed["kept_doc"], index.info().documents)).as_py() or 0
    return {"texts": compared.run.counts["documents"], "known": found}


if __name__ == "__main__":
    main(build, query)
