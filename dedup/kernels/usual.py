"""The kernels that commands run, with examples of their arguments.

They are compiled side by side when the first is needed. What is missing here is compiled at its first call.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from dedup.kernels import (
    attribute,
    containment,
    counting_filter,
    estimate,
    hash_sets,
    jaccard,
    key_filter,
    minhash,
    partners,
    select,
    shingle_sets,
    sketch,
)
from dedup.kernels.alignment import arrays, facts, links, rules
from dedup.kernels.text import cuts, hashing, lines, masking, paragraphs, places, tokens
from dedup.kernels.text.folding import token_tables

Call = tuple[Any, tuple[Any, ...]]

BYTES, HASHES, HASH_ROWS = np.empty(0, np.uint8), np.empty(0, np.uint64), np.empty((0, 0), np.uint64)
INTS, INT_ROWS, SHORT_INTS = np.empty(0, np.int64), np.empty((0, 0), np.int64), np.empty(0, np.int32)
FLOATS, BOOLS = np.empty(0, np.float64), np.empty(0, np.bool_)


def compile_usual(name: str) -> None:
    """Compile the kernels of the commands that run a kernel, except those that are compiled or being compiled.

    Args:
        name: Module and name of the kernel.
    """
    for calls in map(list, (duplicate_calls(), containment_calls(), story_calls())):
        if any(kernel.name == name for kernel, _ in calls):
            for wait in (False, True):  # what other processes compile may fail there
                for kernel, arguments in calls:
                    kernel.compile(arguments, wait)


def duplicate_calls() -> Iterator[Call]:
    """Yield calls of the kernels that find repeated texts, those first that take longest to compile."""
    tables = token_tables(False)
    permutations = sketch.Permutations(np.empty(0, np.uint32), np.empty(0, np.uint32))
    settings = sketch.SketchSettings(permutations, 0, 0, 0, 0, 0, 0, 0, False, False, 0.0)
    rows, space = sketch.make_rows(0, 0, 0), sketch.make_workspace(0, 0, 0, False)
    yield sketch.sketch, (BYTES, BYTES, INTS, tables, settings, rows, rows, space)
    sets = hash_sets.SetArrays(INTS, INTS, HASHES)
    oversized = select.OversizedBuckets(
        INTS, INTS, SHORT_INTS, INTS, INTS, sets, HASH_ROWS, 0.0, 0, 0, INTS, BOOLS, HASHES
    )
    chains = select.KeptChains(SHORT_INTS, SHORT_INTS, SHORT_INTS, SHORT_INTS, SHORT_INTS, BOOLS, INTS)
    yield select.select, (BOOLS, INTS, INTS, oversized, chains, 0, 0, HASHES, 0)
    members = attribute.KeptMembers(INTS, SHORT_INTS)
    yield attribute.attribute, (oversized, members, INTS, 0, 0)
    yield sketch.count_units, (BYTES, INTS)
    shingle_space = shingle_sets.ShingleWorkspace(HASHES, HASHES, HASHES, HASHES)
    yield shingle_sets.shingle_sets, (BYTES, INTS, INTS, 0, tables, shingle_space, INTS)
    yield tokens.tokenise_document, (BYTES, 0, 0, tables, HASHES)
    yield jaccard.verify, (INTS, INTS, sets, 0.0)
    yield attribute.choose, (BOOLS, INTS, INT_ROWS, INTS, INTS, attribute.Best(INTS, INTS, INTS, INTS))
    yield cuts.cut_out, (BYTES, INTS, INTS, INTS, INTS)
    yield cuts.gather, (BYTES, INTS, INTS)
    yield masking.blank_marked, (BYTES, 0, 0, 0, 0, BYTES)
    yield counting_filter.repeated, (HASH_ROWS, BOOLS, BYTES)
    yield counting_filter.count_keys, (HASH_ROWS, BOOLS, BYTES)
    yield counting_filter.salt, (HASH_ROWS, INTS)
    yield key_filter.may_share, (HASHES, HASH_ROWS, INTS, False, BYTES)
    yield key_filter.add_keys, (HASHES, BYTES)
    yield key_filter.fill_unique, (0, HASH_ROWS)
    yield estimate.may_match, (HASH_ROWS, INTS, INTS, 0)
    yield estimate.most_mismatches, (0.0, 0, 0.0)
    yield minhash.band_keys_of, (np.empty((0, 0), np.uint32), 0, HASH_ROWS)
    yield hashing.hash_texts, (BYTES, INTS, INTS, np.uint64(0), HASHES)
    yield hash_sets.make_table, (0,)


def containment_calls() -> Iterator[Call]:
    """Yield calls of the kernels that search for items, those first that take longest to compile."""
    tables, short_ints = token_tables(False), SHORT_INTS
    postings = containment.Postings(BYTES, INTS, 0, HASHES, INTS, short_ints, short_ints)
    index = containment.ItemIndex(0, postings, BYTES, INTS, INTS, INTS, INTS)
    space = containment.SearchWorkspace(HASHES, INTS, short_ints, INTS)
    matches, found = np.recarray(0, containment.MATCH), np.recarray(0, places.PLACE)
    spans, lines_of_text = np.recarray(0, paragraphs.SPAN), np.recarray(0, lines.LINE)
    yield places.locate, (BYTES, 0, 0, tables, INTS, INTS, HASHES, found)
    yield containment.search, (BYTES, INTS, 0, tables, index, space, matches)
    yield containment.hash_items, (BYTES, INTS, tables, 0, HASHES, spans, INTS, HASHES, HASHES)
    yield paragraphs.paragraphs, (BYTES, 0, 0, 0, tables.words, spans, lines_of_text, 0)
    yield tokens.tokenise, (BYTES, 0, 0, tables.tokens, HASHES, 0)
    yield tokens.has_word, (BYTES, 0, 0, tables.words)
    yield paragraphs.count_lines, (BYTES, 0, 0)


def story_calls() -> Iterator[Call]:
    """Yield calls of the kernels that find stories, those first that take longest to compile."""
    terms = arrays.TermArrays(INTS, np.empty(0, arrays.TERM), INTS, np.empty(0, arrays.ENTRY))
    documents = arrays.DocumentArrays(INTS, np.empty(0, arrays.SENTENCE), BOOLS, terms, terms, terms, FLOATS)
    found = facts.FactArrays(INTS, np.empty(0, facts.FACT), FLOATS, INTS, np.empty(0, facts.MATCH_KEY))
    weights: list[Any] = [0 if kind is int else 0.0 for kind in rules.LinkRules.__annotations__.values()]
    yield links.link_pairs, (documents, found, INT_ROWS, INT_ROWS, BOOLS, rules.LinkRules(*weights))
    yield facts.fact_candidates, (found, INT_ROWS, 0)
    postings = partners.PostingLists(SHORT_INTS, SHORT_INTS, SHORT_INTS, INTS, INTS, INTS, INTS, SHORT_INTS)
    limits = partners.Limits(0, 0, 0, 0)
    yield partners.select_partners, (postings, limits, postings, limits, 0, 0)
    yield partners.index_rows, (SHORT_INTS, 0)
