"""Pieces of a text replaced by others; whatever lies between them stays as it was, to the last byte."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.errors import TocsinError

# What ends a line for the reader's YAML parser; CSV knows the first two.
LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class EditError(TocsinError, ValueError):
    """A change that cannot be written into the case's files; nothing is written then."""

    def __init__(self, *, found: str, expected: str, mend: str, where: str | None = None) -> None:
        super().__init__(f"{where + ': ' if where else ''}found {found}; expected {expected}\n  mend: {mend}")
        self.found, self.expected, self.mend, self.where = found, expected, mend, where


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Put `text` in place of what stands from `start` to `end`, counted in characters."""

    start: int
    end: int
    text: str


def patched(text: str, patches: Iterable[Patch]) -> str:
    """The text with every patch made; of two at one place the first given comes first.

    Raises
    ------
    EditError if two overlap

    Examples
    --------
    >>> patched("a: 1", [Patch(start=3, end=4, text="2"), Patch(start=4, end=4, text="  # two")])
    'a: 2  # two'
    """
    parts: list[str] = []
    at = 0
    for patch in sorted(patches, key=lambda p: (p.start, p.end)):
        if patch.start < at:
            raise EditError(
                found="changes that touch each other",
                expected="changes of separate things",
                mend="make them one after the other",
            )
        parts += [text[at : patch.start], patch.text]
        at = patch.end
    return "".join([*parts, text[at:]])


def line_end_of(text: str) -> str:
    """How the lines of a text end: as its first one does.

    Examples
    --------
    >>> line_end_of("a\\r\\nb"), line_end_of("a")
    ('\\r\\n', '\\n')
    """
    first = LINE_END.search(text)
    return first[0] if first is not None and first[0] in ("\r\n", "\r") else "\n"


def end_of_line(text: str, at: int) -> int:
    """Where the line of `at` ends, before its line end."""
    found = LINE_END.search(text, at)
    return found.start() if found is not None else len(text)


def start_of_line(text: str, at: int) -> int:
    """Where the line of `at` starts."""
    starts = [0]
    starts += [text.rfind(end, 0, at) + 1 for end in "\n\x85\u2028\u2029"]
    # A lone return ends a line too; one before a line feed is part of that one's end.
    lone = text.rfind("\r", 0, at)
    if lone >= 0 and text[lone + 1 : lone + 2] != "\n":
        starts.append(lone + 1)
    return max(starts)


def before_line(text: str, at: int) -> int:
    """Where the line before that of `at` ends, before its line end; 0 if there is none."""
    start = start_of_line(text, at)
    if start == 0:
        return 0
    return start - (2 if text[start - 2 : start] == "\r\n" else 1)
