"""Find the names in a text by their capitals."""
# ruff: noqa: RUF002 - apostrophes as in French text

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dedup.text.facts.names.capitals import (
    ARABIC_PARTICLE,
    NAME_HYPHENS,
    CapitalizedSentence,
    CapitalizedWord,
    NameRules,
    capitalized_sentences,
    name_rules,
    normalize_name,
)
from dedup.text.facts.names.nouns import common_nouns
from dedup.text.facts.names.runs import PERSON_PARTICLES, CapitalizedRun, capitalized_runs
from dedup.text.spans import Fact, Span
from dedup.text.tokens import Token, token_forms, tokens

MAX_NAMES_PER_WORD = 8
"""Maximum number of known names with the same first word that are searched for in headlines."""
# Code points of the longest prefix of a name, as "van der ".
_MAX_PREFIX = 9
_WORD, _LETTERS = re.compile(rf"[{NAME_HYPHENS}\w]{{3,}}"), re.compile(r"[^\W\d_]{3,}")
_HYPHENS = frozenset(NAME_HYPHENS)


class _NameSpan(NamedTuple):
    """A name with its span in the text."""

    start: int
    end: int
    value: str


class _KnownName(NamedTuple):
    """A name found outside headlines."""

    forms: tuple[str, ...]
    """Its tokens, folded."""
    value: str


def names(text: str, sentences: Sequence[Span], language: str) -> list[Fact]:
    """Find the names of persons, places, organisations and products in a text.

    A name is a run of capitalised words inside a sentence, with the lower-case particles between them. At the
    beginning of a sentence a run is a name if it also occurs inside one. Acronyms are names anywhere. In headlines,
    where all words have a capital, only acronyms and names found elsewhere in the text are found. Titles and the names
    of peoples are not names. In German, where nouns have a capital, common nouns are excluded by their endings, by the
    articles and adjectives before them, and by a list.

    Args:
        text: Any text.
        sentences: Its sentences, in order.
        language: ISO 639-1 code.

    Returns:
        Facts of the kind "name" by start, without overlaps.

    >>> text = "L’agence RBC-Ukraine cite M. Kim Jong-un. Kim Jong-un se tait."
    >>> [(fact.value, fact.start) for fact in names(text, [Span(0, 41), Span(42, 62)], "fr")]
    [('RBC-Ukraine', 9), ('Kim Jong-un', 29), ('Kim Jong-un', 42)]
    """
    rules = name_rules(language)
    found = list(capitalized_sentences(text, sentences, rules))
    plain = [sentence for sentence in found if not sentence.headline]
    headlines = [sentence for sentence in found if sentence.headline]
    common = common_nouns(text, plain, rules)
    runs = [list(capitalized_runs(text, sentence, rules, common)) for sentence in plain]
    runs = _select_runs(runs, _lower_words(text, rules), rules)
    standalone = _standalone_keys(runs)
    spans = [_name_span(text, group, rules) for line in runs for group in _join_runs(line, standalone)]
    spans += _find_in_headlines(text, headlines, spans)
    return [Fact("name", name.start, name.end, name.value) for name in sorted(spans)]


def _lower_words(text: str, rules: NameRules) -> frozenset[str]:
    """Return the words that the text also has in lower case: a capital alone does not make them names."""
    if not rules.function_words:
        return frozenset()
    return frozenset(word for word in set(_WORD.findall(text)) if word.islower() and _LETTERS.fullmatch(word))


def _select_runs(
    sentences: list[list[CapitalizedRun]], lower_words: frozenset[str], rules: NameRules
) -> list[list[CapitalizedRun]]:
    """Select the runs, or their parts, that are certain to be names: they occur inside a sentence of the text.

    Args:
        sentences: The runs of each sentence.
        lower_words: Words that also occur in lower case.
        rules: The name rules of the language.
    """
    words: set[str] = set()
    groups: set[tuple[str, ...]] = set()
    for run in (run for sentence in sentences for run in sentence):
        inside = run.words[1:] if _has_opening_capital(run) else run.words
        if len(inside) > 1 or (inside and _is_certain(inside[0], lower_words)):
            words.update(word.key for word in inside)
            if len(inside) == len(run.words):
                groups.add(run.keys)
    selected = []
    for sentence in sentences:
        kept: list[CapitalizedRun] = []
        next_particle = ""
        for run in reversed(sentence):
            chosen = _select_run(run, words, groups, lower_words, rules, next_particle)
            if chosen:
                kept.append(chosen)
            elif kept:
                kept[-1] = kept[-1]._replace(particle="")
            next_particle = run.particle
        selected.append(kept[::-1])
    return selected


def _select_run(
    run: CapitalizedRun,
    words: set[str],
    groups: set[tuple[str, ...]],
    lower_words: frozenset[str],
    rules: NameRules,
    next_particle: str,
) -> CapitalizedRun | None:
    """Return a run, or the run without a first word whose capital only opens the sentence, or None.

    Args:
        run: The run.
        words: Folded words of the names that occur inside sentences.
        groups: The names that occur inside sentences, as folded words.
        lower_words: Words that also occur in lower case.
        rules: The name rules of the language.
        next_particle: The particle between this run and the next; empty if there is none.
    """
    first, rest = run.words[0], run.words[1:]
    if first.key in words or run.particle or _is_organization(rest, rules) or _continues(run, rules, next_particle):
        return run
    if not rest:
        return run if not _has_opening_capital(run) and _is_certain(first, lower_words) else None
    is_plain_word = first.value.lower() in lower_words or first.key.endswith(rules.verb_endings)
    if not _has_opening_capital(run) or (rules.function_words and not is_plain_word and not _is_name(rest, groups)):
        return run
    is_name = len(rest) > 1 or _is_certain(rest[0], lower_words) or rest[0].key in words
    return run._replace(words=rest) if is_name else None


def _is_name(words: Sequence[CapitalizedWord], groups: set[tuple[str, ...]]) -> bool:
    """Return whether words are a name without the word before them: they occur elsewhere, or contain digits."""
    if len(words) == 1:
        return any(map(str.isdigit, words[0].value))
    return tuple(word.key for word in words) in groups


def _continues(run: CapitalizedRun, rules: NameRules, next_particle: str) -> bool:
    """Return whether the text after a run makes it part of a name: Bank of, Union européenne, Ursula von der."""
    if run.words[0].value in rules.head_words and (next_particle or run.end > run.words[-1].end):
        return True
    return next_particle in PERSON_PARTICLES or bool(ARABIC_PARTICLE.fullmatch(next_particle))


def _is_organization(words: Sequence[CapitalizedWord], rules: NameRules) -> bool:
    """Return whether words end as the names of firms and public bodies do."""
    return bool(words) and words[-1].value in rules.organization_endings


def _has_opening_capital(run: CapitalizedRun) -> bool:
    """Return whether the capital of the first word can be that of the beginning of a sentence."""
    return run.words[0].opening and not _is_always_name(run.words[0])


def _is_always_name(word: CapitalizedWord) -> bool:
    """Return whether a word is a name in any position: NHK, Rolls-Royce."""
    return word.acronym or any(part[:1].isupper() for part in word.value.split("-")[1:])


def _is_certain(word: CapitalizedWord, lower_words: frozenset[str]) -> bool:
    return _is_always_name(word) or (len(word.value) > 1 and word.value.lower() not in lower_words)


def _standalone_keys(sentences: Iterable[Sequence[CapitalizedRun]]) -> frozenset[tuple[str, ...]]:
    """Return the folded words of the runs that occur without a particle on either side."""
    return frozenset(
        run.keys
        for runs in sentences
        for run, after in zip(runs, [*runs[1:], None], strict=False)
        if not run.particle and not (after and after.particle)
    )


def _join_runs(
    runs: Sequence[CapitalizedRun], standalone: frozenset[tuple[str, ...]]
) -> Iterator[list[CapitalizedRun]]:
    """Join runs that only a particle separates, unless both occur as names alone: "la Russie de Poutine"."""
    group: list[CapitalizedRun] = []
    for run in runs:
        if group and not (run.particle and not (group[-1].keys in standalone and run.keys in standalone)):
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _name_span(text: str, group: Sequence[CapitalizedRun], rules: NameRules) -> _NameSpan:
    """Return the span and the value of the name that joined runs make up, with its prefix."""
    start, end = group[0].words[0].start, group[-1].end
    if match := rules.prefix.search(text, max(0, start - _MAX_PREFIX), start):
        start = match.start()
    return _NameSpan(start, end, normalize_name(text[start:end]))


def _find_in_headlines(
    text: str, headlines: Iterable[CapitalizedSentence], found: Iterable[_NameSpan]
) -> Iterator[_NameSpan]:
    """Find acronyms, and names found elsewhere in the text, in headlines."""
    known: dict[str, list[_KnownName]] = {}
    for value in dict.fromkeys(name.value for name in found):
        forms = tuple(token_forms(value))
        if forms and len(known.setdefault(forms[0], [])) < MAX_NAMES_PER_WORD:
            known[forms[0]].append(_KnownName(forms, value))
    for candidates in known.values():
        candidates.sort(key=lambda name: -len(name.forms))
    for headline in headlines:
        start, end = headline.span
        previous_end = start
        acronyms = {} if headline.uppercase else {word.start: word for word in headline.words if word.acronym}
        words = tokens(text[start:end])
        for at, token in enumerate(words):
            first = start + token.start
            if first < previous_end or not text[first].isupper():
                continue
            match = _match_known_name(text, start, words, at, known.get(token.form, ()))
            if match:
                yield match
                previous_end = match.end
            elif word := acronyms.get(first):
                yield _NameSpan(word.start, word.end, word.value)
                previous_end = word.end


def _match_known_name(
    text: str, start: int, words: Sequence[Token], at: int, candidates: Iterable[_KnownName]
) -> _NameSpan | None:
    """Return the longest known name that begins at a word, unless a hyphen joins it to another word.

    Args:
        text: The text.
        start: Offset of the first code point of the sentence.
        words: The tokens of the sentence.
        at: Index of the first token of the name.
        candidates: Known names that begin with this token, longest first.
    """
    for forms, value in candidates:
        matched = words[at : at + len(forms)]
        if tuple(token.form for token in matched) == forms:
            first, end = start + matched[0].start, start + matched[-1].end
            if text[end : end + 1] not in _HYPHENS and text[first - 1 : first] not in _HYPHENS:
                return _NameSpan(first, end, value)
    return None
