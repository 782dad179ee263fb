"""Verbs that tell: where one begins, whether it affirms, and whether what it tells follows."""

from collections.abc import Sequence

from dedup.text.sources.cues import CLOSING, HYPHENS, OPENING, Cues, Word
from dedup.text.sources.naming import has, is_genitive

# Words between an auxiliary and its participle, also where that ends the clause; from a verb to what it tells.
NEAR, VERB_AT_END = 5, 9
FAR = 12


def verb(words: Sequence[Word], at: int, cues: Cues) -> int | None:
    """Find the first word of the verb at a word: its auxiliary, or itself.

    Args:
        words: The words of a sentence.
        at: The verb, or its participle.
        cues: What is known of the language.

    Returns:
        None if it is no verb there, is passive, denies or only supposes.
    """
    first = _auxiliary(words, at, cues)
    if at and "quoted" in words[at].kinds and "passive_auxiliary" in words[at - 1].kinds:  # "was quoted as saying"
        return at - 1
    if first is None or (at and (words[at].capital or words[at].gap in HYPHENS)):
        return None
    if first and words[first].joined and "passive_auxiliary" in words[first - 1].kinds:
        return None
    while first and words[first].joined and "auxiliary" in words[first - 1].kinds:
        first -= 1
    around = range(max(0, first - 1), min(at + (4 if "verb_at_end" in cues.traits else 2), len(words)))
    if has(words, around, {"negation"}) or has(words, range(first + 1, at), {"passive_auxiliary"}):
        return None
    supposed = first > 0 and "modal" in words[first - 1].kinds
    return None if supposed or _is_shut(words, at) else first


def has_pronoun(words: Sequence[Word], first: int, at: int, cues: Cues) -> bool:
    """Tell whether a pronoun is the subject of a verb: "a-t-il ajouté", "dit-il", "sagte er"."""
    if has(words, range(first + 1, at), {"pronoun"}):
        return True
    if at + 1 == len(words) or not words[at + 1].joined:
        return False
    after = words[at + 1]
    tied = after.gap in HYPHENS
    return (tied and after.form == "t") or ("pronoun" in after.kinds and (tied or "free_order" in cues.traits))


def is_noun(words: Sequence[Word], start: int, at: int) -> bool:
    """Tell whether what looks like a verb is a noun: "the report", "Trump's claims"."""
    if start == 0 or not words[start].joined:
        return False
    before = words[start - 1]
    if is_genitive(before):
        return "information" in words[at].kinds
    if before.capital or "as" in before.kinds:
        return False
    return not before.kinds.isdisjoint(("article", "joiner", "preposition", "modal"))


def tells(words: Sequence[Word], at: int, cues: Cues) -> bool:
    """Tell whether what a verb tells follows it: after "que", in quotation marks, after a colon."""
    one = past_times(words, at + 1)
    if one >= len(words):
        return False
    marked = any(_marks(words[between].gap) for between in range(at + 1, one + 1))
    if marked or words[one].kinds & {"that", "clause_subject"}:
        return True
    if not words[one].joined:
        return "comma_tells" in cues.traits and words[one].gap.strip() == ","
    direct = "tell" not in words[at].kinds and words[one].kinds.isdisjoint(("preposition", "to", "adverb"))
    for later in range(one, min(at + FAR, len(words))):
        kinds, joined = words[later].kinds, words[later].joined
        comma = words[later].gap.strip() == "," and "comma_tells" in cues.traits
        if _marks(words[later].gap) or "link" in kinds or ("that" in kinds and (comma or (joined and not direct))):
            return True
        if not joined or kinds & {"relative", "as", "clause"}:
            return False
    return False


def is_aside(words: Sequence[Word], first: int, at: int) -> bool:
    """Tell whether subject and verb stand aside from what they tell: "…, Reuters reported on Monday."."""
    last = past_times(words, at + 1)
    if first == 0:
        return last == len(words)
    if words[first].joined and "as" not in words[first - 1].kinds:
        return False
    return last == len(words) or not words[last].joined or "preposition" in words[last].kinds


def past_times(words: Sequence[Word], at: int) -> int:
    """Skip when and where something was told: "lundi", "dans un communiqué"."""
    end = min(at + FAR, len(words))
    while at < end and words[at].joined:
        kinds = words[at].kinds
        if "time" in kinds or ("adverb" in kinds and "article" not in kinds and not words[at].capital):
            at += 1
            continue
        past = at
        while past < min(at + NEAR, end) and words[past].kinds & {"article", "preposition", "to", "joiner"}:
            past += 1
        if past in (at, end) or not words[past].joined:
            break
        written = kinds & {"preposition", "to"} and "information" in words[past].kinds
        if not written and "time" not in words[past].kinds and not words[past].form.isdecimal():
            break
        at = past + 1
    return at


def _auxiliary(words: Sequence[Word], at: int, cues: Cues) -> int | None:
    """Find the auxiliary of a participle, or the verb itself where it needs none."""
    kinds = words[at].kinds
    if "participle" in kinds or "finite" not in kinds:
        at_end = "verb_at_end" in cues.traits
        for one in range(at - 1, max(-1, at - 1 - (VERB_AT_END if at_end else NEAR)), -1):
            if not words[one + 1].joined and not at_end:
                break
            reflexive = one > 0 and "reflexive" in words[one - 1].kinds
            if "auxiliary" in words[one].kinds or (reflexive and "passive_auxiliary" in words[one].kinds):
                return one
    return at if "finite" in kinds else None


def _is_shut(words: Sequence[Word], at: int) -> bool:
    """Tell whether the word after a verb shuts it: "reported by", "said to be", but not "said to Reuters"."""
    if at + 1 == len(words) or not words[at + 1].joined:
        return False
    if "infinitive" in words[at + 1].kinds:
        return at + 2 < len(words) and not words[at + 2].capital
    return "by" in words[at + 1].kinds and "passive" in words[at].kinds


def _marks(gap: str) -> bool:
    return ":" in gap or any(mark in gap for mark in (*OPENING, *CLOSING))
