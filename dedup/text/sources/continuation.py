"""Find the sentences that continue a credit of the sentence before: "It said …", "selon la même source"."""

from collections.abc import Sequence

from dedup.text.sources.cues import SPEECH_LISTS, TaggedWord, cue_table, has_cue, tagged_words
from dedup.text.sources.phrases import match_phrase
from dedup.text.spans import Span

# Maximum number of words between a pronoun at the start of a sentence and its reporting verb.
MAX_VERB_DISTANCE = 4
_SPEECH_TAGS = frozenset(SPEECH_LISTS)


def continues_credit(text: str, sentence: Span, language: str) -> bool:
    """Return whether a sentence reports what the source of the sentence before says, without its name.

    Args:
        text: Any text.
        sentence: Span of a sentence.
        language: ISO 639-1 code.

    >>> continues_credit("It said the port was shut.", Span(0, 26), "en")
    True
    >>> continues_credit("The port was shut on Monday.", Span(0, 28), "en")
    False
    """
    cues = cue_table(language)
    if cues is None or not has_cue(text[slice(*sentence)], language):  # each rule needs a phrase or a reporting verb
        return False
    words = tagged_words(text, sentence, language)
    if not words:
        return False
    phrases = (match_phrase(words, at, cues) for at in range(len(words)) if "phrase" in words[at].tags)
    if any(phrase.list_name == "same" for phrase in phrases):
        return True
    first = words[0]
    if "pronoun" in first.tags and not first.upper:
        return _has_verb(words, 1)
    if _has_inverted_verb(words):
        return True
    # Where verbs need no pronoun, a verb at the start of a sentence has the subject of the sentence before.
    drops_pronoun = "drops_pronoun" in cues.traits
    return drops_pronoun and _has_verb(words, 0, distance=2) and not any(word.capital for word in words[1:3])


def _has_verb(words: Sequence[TaggedWord], start: int, distance: int = MAX_VERB_DISTANCE) -> bool:
    """Return whether a reporting verb that is not negated follows, with auxiliaries and adverbs before it."""
    for word in words[start : start + distance]:
        if not word.joined and word is not words[0]:
            return False
        if word.tags & {"negation", "modal", "passive_auxiliary"}:
            return False
        if word.tags & _SPEECH_TAGS:
            return True
    return False


def _has_inverted_verb(words: Sequence[TaggedWord]) -> bool:
    """Return whether a pronoun is the subject of a reporting verb after the reported content: "…, a-t-il ajouté"."""
    for at in range(1, len(words) - 1):
        is_apart = not words[at].joined
        if is_apart and words[at].tags & (_SPEECH_TAGS | {"auxiliary"}) and "negation" not in words[at].tags:
            tail = words[at + 1 : at + 4]
            if any("pronoun" in word.tags for word in tail[:2]) and (
                words[at].tags & _SPEECH_TAGS or any(word.tags & _SPEECH_TAGS for word in tail)
            ):
                return True
        if is_apart and "pronoun" in words[at].tags and _has_verb(words, at + 1, distance=3):
            return at + 4 >= len(words) or any(not word.joined for word in words[at + 2 : at + 5])
    return False
