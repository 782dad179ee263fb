"""Classify reporting verbs: where the verb begins, whether it asserts, and whether reported content follows."""
# ruff: noqa: RUF002 - letters and marks that look alike

from collections.abc import Sequence

from dedup.text.sources.cues import CLOSING_QUOTES, HYPHEN_GAPS, OPENING_QUOTES, CueTable, TaggedWord
from dedup.text.sources.naming import has_tag, is_genitive

# Maximum distance in words from an auxiliary to its participle, and the same in languages with the verb at the end.
MAX_AUXILIARY_DISTANCE, MAX_AUXILIARY_DISTANCE_VERB_AT_END = 5, 9
# Maximum distance in words from a verb to the content it reports.
MAX_CONTENT_DISTANCE = 12
# Maximum number of words of adverbials after a verb, and of function words before the noun of one of them.
MAX_ADVERBIAL_WORDS, MAX_FUNCTION_WORDS = 12, 5
_FUNCTION_WORD_TAGS = frozenset(("article", "preposition", "to", "joiner"))


def verb_start(words: Sequence[TaggedWord], at: int, cues: CueTable) -> int | None:
    """Return the first word of the verb group that contains a verb: its auxiliary or the verb itself.

    Args:
        words: Words of a sentence.
        at: The verb, or its participle.
        cues: Cues of the language.

    Returns:
        Index of the word; None if the word at `at` is not a verb, or the verb is passive, negated or modal.
    """
    first = _auxiliary(words, at, cues)
    if at and "quoted" in words[at].tags and "passive_auxiliary" in words[at - 1].tags:  # "was quoted as saying"
        return at - 1
    if first is None or (at and (words[at].capital or words[at].gap in HYPHEN_GAPS)):
        return None
    if first and words[first].joined and "passive_auxiliary" in words[first - 1].tags:
        return None
    while first and words[first].joined and "auxiliary" in words[first - 1].tags:
        first -= 1
    around = range(
        max(0, first - words[first].joined), min(at + (4 if "verb_at_end" in cues.traits else 2), len(words))
    )
    is_negated = has_tag(words, around, {"negation"})
    if is_negated or has_tag(words, range(first + 1, at), {"passive_auxiliary"}):
        return None
    is_modal = first > 0 and "modal" in words[first - 1].tags
    return None if is_modal or _is_passive_before(words, at) else first


def has_pronoun_subject(words: Sequence[TaggedWord], first: int, at: int, cues: CueTable) -> bool:
    """Return whether the subject of a verb is a pronoun: "a-t-il ajouté", "dit-il", "sagte er"."""
    if has_tag(words, range(first + 1, at), {"pronoun"}):
        return True
    if at + 1 == len(words) or not words[at + 1].joined:
        return False
    after = words[at + 1]
    is_hyphenated = after.gap in HYPHEN_GAPS
    is_pronoun = "pronoun" in after.tags and (is_hyphenated or "free_order" in cues.traits)
    return is_pronoun or (is_hyphenated and after.form == "t")


def is_noun(words: Sequence[TaggedWord], start: int, at: int) -> bool:
    """Return whether a word that may be a verb is a noun: "the report", "Trump's claims"."""
    if start == 0 or not words[start].joined:
        return False
    before = words[start - 1]
    if is_genitive(before):
        return "information" in words[at].tags
    if before.capital or "as" in before.tags:
        return False
    return not before.tags.isdisjoint(("article", "joiner", "preposition", "modal"))


def is_talk(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether a verb means to talk about something: "говорил о детстве", but not "говорил, что"."""
    after = skip_adverbials(words, at + 1)
    return "talk" in words[at].tags and after < len(words) and words[after].joined and "about" in words[after].tags


def has_reported_content(words: Sequence[TaggedWord], at: int, cues: CueTable) -> bool:
    """Return whether reported content follows a verb: after "que", in quotation marks, after a colon."""
    first = skip_adverbials(words, at + 1)
    if first >= len(words):
        return False
    is_marked = any(_marks_content(word.gap) for word in words[at + 1 : first + 1])
    if is_marked or words[first].tags & {"that", "clause_subject"}:
        return True
    comma_is_marker = "comma_tells" in cues.traits
    if not words[first].joined:
        return comma_is_marker and words[first].gap.strip() == ","
    has_object = "tell" not in words[at].tags and words[first].tags.isdisjoint(("preposition", "to", "adverb"))
    for word in words[first : at + MAX_CONTENT_DISTANCE]:
        is_after_comma = comma_is_marker and word.gap.strip() == ","
        if _marks_content(word.gap) or "link" in word.tags:
            return True
        if "that" in word.tags and (is_after_comma or (word.joined and not has_object)):
            return True
        if not word.joined or word.tags & {"relative", "as", "clause"}:
            return False
    return False


def is_aside(words: Sequence[TaggedWord], first: int, at: int) -> bool:
    """Return whether subject and verb are set apart from the content: "…, Reuters reported on Monday."."""
    last = skip_adverbials(words, at + 1)
    if first == 0:
        return last == len(words)
    if words[first].joined and "as" not in words[first - 1].tags:
        return False
    return last == len(words) or not words[last].joined or "preposition" in words[last].tags


def skip_adverbials(words: Sequence[TaggedWord], at: int) -> int:
    """Return the index after adverbials of time, place and medium: "lundi", "dans un communiqué"."""
    end = min(at + MAX_ADVERBIAL_WORDS, len(words))
    while at < end and words[at].joined:
        tags = words[at].tags
        is_place = "within" in tags and at + 1 < end and "adverb" not in words[at + 1].tags
        if "time" in tags or ("adverb" in tags and "article" not in tags and not (words[at].capital or is_place)):
            at += 1
            continue
        noun = at
        while noun < min(at + MAX_FUNCTION_WORDS, end) and words[noun].tags & _FUNCTION_WORD_TAGS:
            noun += 1
        if noun in (at, end) or not words[noun].joined:
            break
        is_medium = tags & {"preposition", "to"} and "information" in words[noun].tags
        if not is_medium and "time" not in words[noun].tags and not words[noun].form.isdecimal():
            break
        at = noun + 1
    return at


def _auxiliary(words: Sequence[TaggedWord], at: int, cues: CueTable) -> int | None:
    """Return the index of the auxiliary of a participle, or of the verb if it is finite and has no auxiliary."""
    tags = words[at].tags
    if "participle" in tags or "finite" not in tags:
        is_at_end = "verb_at_end" in cues.traits
        distance = MAX_AUXILIARY_DISTANCE_VERB_AT_END if is_at_end else MAX_AUXILIARY_DISTANCE
        for index in range(at - 1, max(-1, at - 1 - distance), -1):
            if not words[index + 1].joined and not is_at_end:
                break
            is_reflexive = index > 0 and "reflexive" in words[index - 1].tags
            if "auxiliary" in words[index].tags or (is_reflexive and "passive_auxiliary" in words[index].tags):
                return index
    return at if "finite" in tags else None


def _is_passive_before(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether the next word makes a verb passive: "reported by", "said to be", but not "said to Reuters"."""
    if at + 1 == len(words) or not words[at + 1].joined:
        return False
    if "infinitive" in words[at + 1].tags:
        return at + 2 < len(words) and not words[at + 2].capital
    return "by" in words[at + 1].tags and "passive" in words[at].tags


def _marks_content(gap: str) -> bool:
    """Return whether a gap contains a colon or a quotation mark."""
    return ":" in gap or any(mark in gap for mark in (*OPENING_QUOTES, *CLOSING_QUOTES))
