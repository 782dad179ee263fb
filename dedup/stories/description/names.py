"""Group the names of sources and outlets that are the same, in time in proportion to their number."""

import re
from collections.abc import Iterable
from functools import lru_cache

from dedup.text.facts.names.spelling import lookup_keys, reference_keys, refers, same_name
from dedup.text.sources.cues import cue_table
from dedup.text.tokens import fold

# A host: "www.lemonde.fr"; its name is the last part before the ending, which may have two parts ("co.uk").
_HOST = re.compile(
    r"(?:https?://)?(?:www\.)?(?:[\w-]+\.)*?([\w-]+)(?:\.(?:com?|org|net|gov|ac))?\.[a-z]{2,}/?", re.ASCII
)
_NO_LETTER = re.compile(r"[\W_]+")


class NameGroups:
    """Groups of names that are the same, each named by its first spelling, or in full if a full name is among them.

    >>> groups = NameGroups()
    >>> [groups.add(name) for name in ("Lavrov", "NHK", "Sergueï Lavrov", "Lawrow")], groups.names
    ([0, 1, 0, 0], ['Sergueï Lavrov', 'NHK'])
    """

    def __init__(self) -> None:
        """Start without names."""
        self.names: list[str] = []
        """The name of each group."""
        self._group_of: dict[str, int] = {}
        self._by_key: dict[str, list[int]] = {}

    def add(self, name: str) -> int:
        """Add a name, and return the index of its group."""
        if name in self._group_of:
            return self._group_of[name]
        keys = reference_keys(name)
        candidates = sorted({group for key in keys for group in self._by_key.get(key, ())})
        names = self.names
        group = next((at for at in candidates if same_name(name, names[at]) or refers(name, names[at])), None)
        if group is None:
            group = next((at for at in candidates if refers(names[at], name)), None)
            if group is None:
                group = len(names)
                names.append(name)
            names[group] = name
            for key in keys:
                self._by_key.setdefault(key, []).append(group)
        self._group_of[name] = group
        return group


class OutletNames:
    """The outlets of some documents, by the names under which they are credited."""

    def __init__(self, outlets: Iterable[str]) -> None:
        """Create the lookup.

        Args:
            outlets: The outlets as written.
        """
        self._by_key: dict[str, dict[str, None]] = {}
        for outlet in outlets:
            for key in _outlet_keys(outlet):
                self._by_key.setdefault(key, {})[outlet] = None

    def find(self, source: str) -> list[str]:
        """Return the outlets that a source names; see `is_outlet`.

        >>> names = OutletNames(["Le Monde", "www.lefigaro.fr", "AFP"])
        >>> names.find("Figaro"), names.find("Agence France-Presse")
        (['www.lefigaro.fr'], ['AFP'])
        """
        candidates = dict.fromkeys(outlet for key in _outlet_keys(source) for outlet in self._by_key.get(key, ()))
        return [outlet for outlet in candidates if is_outlet(source, outlet)]


@lru_cache(1 << 16)
def is_outlet(source: str, outlet: str) -> bool:
    """Return whether a credited source is an outlet.

    The names are compared as those of sources are, regardless of spelling, articles and scripts. The name of a host
    counts without its ending, and an acronym for the full name. A last name does not: "Times" is not "New York Times".

    >>> is_outlet("quotidien Le Monde", "Le Monde"), is_outlet("Times", "New York Times"), is_outlet("AFP", "afp.com")
    (False, False, True)
    """
    forms = _name_forms(outlet)
    if any(same_name(source, form) or _squashed(source) == _squashed(form) for form in forms):
        return True
    return any(
        short.isupper() and refers(short, full) for form in forms for short, full in ((source, form), (form, source))
    )


def same_outlet(left: str | None, right: str | None) -> bool:
    """Return whether two values of the outlet column are the same outlet; unknown outlets are never the same."""
    return left is not None and right is not None and outlet_key(left) == outlet_key(right)


@lru_cache(1 << 16)
def outlet_key(outlet: str) -> str:
    """Return what the spellings of an outlet have in common: its letters without case, and single spaces.

    >>> outlet_key("Le  Monde") == outlet_key("LE MONDE")
    True
    """
    return " ".join(outlet.casefold().split())


@lru_cache(1 << 16)
def is_known_medium(source: str) -> bool:
    """Return whether a source is in the lists of media of the language files.

    >>> is_known_medium("NHK"), is_known_medium("ministry of defence")
    (True, False)
    """
    table = cue_table("en")  # it has the names of all languages
    lower = source.lower()
    return table is not None and (lower in table.outlets or lower.removeprefix("the ") in table.outlets)


@lru_cache(1 << 16)
def _name_forms(outlet: str) -> tuple[str, ...]:
    """Return an outlet as written, and the name in its host: "lemonde" of "www.lemonde.fr"."""
    host = _HOST.fullmatch(outlet.strip().lower())
    return (outlet, host[1], host[1].upper()) if host else (outlet,)


def _outlet_keys(name: str) -> tuple[str, ...]:
    """Return lookup keys that a source shares with the outlet that it names."""
    keys = dict[str, None]()
    for form in _name_forms(name):
        keys |= dict.fromkeys((*lookup_keys(form), *reference_keys(form), f"={_squashed(form)}"))
    return tuple(keys)


@lru_cache(1 << 16)
def _squashed(name: str) -> str:
    """Return the letters and digits of a name, without an article at the start."""
    words = [fold(word) for word in _NO_LETTER.sub(" ", name).split()]
    joined = "".join(words)
    for article in ("the", "le", "la", "les", "el", "der", "die", "das"):
        if joined.startswith(article) and len(joined) > len(article) + 3:
            return joined.removeprefix(article)
    return joined
