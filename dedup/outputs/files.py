"""The names of the files that runs write."""

CLEAN_FILE, REMOVED_FILE, PAIRS_FILE = "clean.parquet", "removed.parquet", "pairs.parquet"
REFERENCE_FILE = "reference.parquet"
FOUND_FILE, ITEMS_FILE = "contained.parquet", "items.parquet"
STORIES_FILE, LINKS_FILE, TEXTS_FILE = "stories.parquet", "links.parquet", "texts.parquet"
OUTLETS_FILE = "outlets.parquet"
RUN_FILE = "run.json"
FILES = {
    "scan": (PAIRS_FILE,),
    "clean": (CLEAN_FILE, REMOVED_FILE),
    "align": (STORIES_FILE, LINKS_FILE, OUTLETS_FILE, TEXTS_FILE),
}
"""The files that the output of each command has at least."""
OUTPUT_NAMES = frozenset({RUN_FILE, PAIRS_FILE, REFERENCE_FILE, FOUND_FILE, ITEMS_FILE}.union(*FILES.values()))
"""The files that the output of any command may have."""
WORK_FOLDER = "_dedup_work"
"""The folder in an output in an object store for files that the tasks of a run on Spark pass to each other."""

# Each page has this in its first bytes: it marks pages that may be replaced and that are not read as documents.
PAGE_MARK, PAGE_HEAD = '<meta name="generator" content="dedup">', 2000
