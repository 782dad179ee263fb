"""tf-idf (sublinear, terms of two documents or more) and the nearest neighbours by cosine, brute force.

python tfidf_neighbours.py CORPUS OUT [--neighbours 16] [--workers N]

Reads texts from JSON Lines, and writes a row `left`, `right`, `cosine` for each of the nearest neighbours of each text
to the JSON Lines file OUT; texts are named by their rows. Runs in a virtual environment with scikit-learn.
"""

import argparse
import gzip
import json
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors


def main() -> None:
    """Parse the command line and write the neighbours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--neighbours", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with (gzip.open if options.corpus.suffix == ".gz" else open)(options.corpus, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    vectors = TfidfVectorizer(sublinear_tf=True, min_df=2).fit_transform(texts)
    count = min(options.neighbours, len(texts) - 1)
    search = NearestNeighbors(metric="cosine", algorithm="brute", n_jobs=options.workers).fit(vectors)
    distances, found = search.kneighbors(n_neighbors=count)  # without the texts themselves
    with options.out.open("w", encoding="utf-8") as out:
        for left, (row_distances, row_found) in enumerate(zip(distances.tolist(), found.tolist(), strict=True)):
            for distance, right in zip(row_distances, row_found, strict=True):
                out.write(json.dumps({"left": left, "right": right, "cosine": 1 - distance}) + "\n")


if __name__ == "__main__":
    main()
