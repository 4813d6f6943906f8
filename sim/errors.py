"""One small tree of errors, each a sentence for the person who can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SHORT = 3
"""Letters of a word that has no room for a misspelling beyond one slip: RUS is not USA."""


class OnevetoError(Exception):
    """Something a person can mend: where it is, what was found, what to write."""


class ScenarioError(OnevetoError):
    """A scenario, roster or what-if that cannot be used; every problem is one sentence."""

    def __init__(self, where: str, problems: Iterable[str]) -> None:
        self.where = where
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{where}: {problem}" for problem in self.problems))

    def __reduce__(self) -> tuple[type, tuple[str, tuple[str, ...]]]:
        """Cross a process border whole."""
        return type(self), (self.where, self.problems)


class RequestError(OnevetoError):
    """A request that makes no sense: an unknown name, a number out of range."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a question, or the list when it is short, or nothing.

    >>> did_you_mean("resolv", ["trust", "resolve"])
    'Did you mean `resolve`?'
    >>> did_you_mean("xyz", ["trust", "resolve"])
    'It can be `trust` or `resolve`.'
    """
    words = list(dict.fromkeys(known))
    near = closest(word, words)
    if near is not None:
        return f"Did you mean `{near}`?"
    if 0 < len(words) <= 12:
        return f"It can be {alternatives(words)}."
    return ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one is a misspelling of, if there is one.

    >>> closest("pol", ["DEU", "POL"]), closest("RUS", ["DEU", "USA"])
    ('POL', None)
    """
    folded = {name.casefold(): name for name in reversed(list(known))}
    typed = word.casefold()
    if len(typed) <= SHORT and typed.isalpha():
        near = [name for name in folded if name in _slips(typed) or typed in _slips(name)]
        near.sort(key=lambda name: name != typed)
    else:
        near = difflib.get_close_matches(typed, folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def _slips(word: str) -> set[str]:
    """The word itself, with one letter missing, and with two neighbours swapped.

    >>> sorted(_slips("pol"))
    ['ol', 'opl', 'pl', 'plo', 'po', 'pol']
    """
    places = range(len(word))
    missing = {word[:i] + word[i + 1 :] for i in places}
    swapped = {word[:i] + word[i + 1 : i + 2] + word[i] + word[i + 2 :] for i in places}
    return {word} | missing | swapped


def alternatives(words: Iterable[str]) -> str:
    """Words as a choice.

    >>> alternatives(["a", "b", "c"])
    '`a`, `b` or `c`'
    """
    quoted = [f"`{word}`" for word in words]
    return " or ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part)


def short(text: str, longest: int) -> str:
    """Text cut to a length that fits a sentence.

    >>> short("as long as the treaty itself", 10)
    'as long...'
    """
    return text if len(text) <= longest else text[: longest - 3].rstrip() + "..."
