"""The hash chain: each row's fingerprint covers the row and the fingerprint of the row before.

A row's text is the canonical JSON of everything in it: keys in order, no blanks, characters as they are. Its
hash is the SHA-256 of the hash before it, in hexadecimal, followed by that text; the first row stands on
`GENESIS`. Whoever changes, removes or inserts a row breaks every hash from there on. Whoever recomputes all
of them, or cuts off the end, is found out by one hash that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


def canonical(value: Any) -> str:
    """The one JSON text of a value.

    Raises
    ------
    ValueError if it holds a number that JSON does not know

    Examples
    --------
    >>> canonical({"b": 0.1, "a": ["é", None]})
    '{"a":["é",null],"b":0.1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a ledger as it is stored.

    Parameters
    ----------
    number : its place, from 1 without a gap
    kind : "forecast", "resolution" or "report"
    subject : key of the question or report that it is about
    recorded : when it was written, as text in UTC
    body : canonical JSON of what it says
    previous : hash of the row before, or `GENESIS`
    hash : of this row
    """

    number: int
    kind: str
    subject: str
    recorded: str
    body: str
    previous: str
    hash: str

    @property
    def text(self) -> str:
        """What is hashed after `previous`: the row as canonical JSON."""
        # The body is canonical already and goes in as it is stored, so that no byte of it escapes the hash.
        return (
            f'{{"body":{self.body},"kind":{canonical(self.kind)},"number":{self.number},'
            f'"recorded":{canonical(self.recorded)},"subject":{canonical(self.subject)}}}'
        )


def fingerprint(previous: str, text: str) -> str:
    """SHA-256, in hexadecimal, of the hash before and the row's text."""
    return hashlib.sha256((previous + text).encode("utf-8", "surrogatepass")).hexdigest()


def chained(last: Entry | None, *, kind: str, subject: str, recorded: str, body: str) -> Entry:
    """The row that follows `last`.

    Examples
    --------
    >>> first = chained(None, kind="forecast", subject="q", recorded="2030-01-01T00:00:00.000000Z", body="{}")
    >>> first.number, first.previous == GENESIS, first.hash[:12]
    (1, True, '6dadb29f21ed')
    """
    row = Entry(
        number=1 if last is None else last.number + 1,
        kind=kind,
        subject=subject,
        recorded=recorded,
        body=body,
        previous=GENESIS if last is None else last.hash,
        hash="",
    )
    return Entry(
        number=row.number,
        kind=kind,
        subject=subject,
        recorded=recorded,
        body=body,
        previous=row.previous,
        hash=fingerprint(row.previous, row.text),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """The first place at which the rows are not a chain.

    Parameters
    ----------
    number : of the row
    what : what was done, as far as the rows tell
    found, expected : what differs
    row : the row that stands there; None if there is none
    """

    number: int
    what: str
    found: str
    expected: str
    row: Entry | None = None

    def __str__(self) -> str:
        shown = "" if self.row is None else f"\n  the row now says: {self.row.text}"
        return f"row {self.number}: {self.what}\n  found {self.found}; expected {self.expected}{shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a walk along the chain found.

    Parameters
    ----------
    rows : how many were read before the walk ended
    head : hash of the last sound row, `GENESIS` if there is none
    breach : the first fault; None if all is well
    """

    rows: int
    head: str
    breach: Breach | None

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return self.breach is None


def verify(entries: Iterable[Entry], *, head: str | None = None) -> Verdict:
    """Walk a chain and stop at the first row that does not follow.

    Parameters
    ----------
    entries : rows in their order
    head : a hash noted earlier, or its first digits; it must still be in the chain, which shows a tail cut
        off and a chain recomputed from the start

    Examples
    --------
    >>> first = chained(None, kind="forecast", subject="q", recorded="2030-01-01T00:00:00.000000Z", body="{}")
    >>> verify([first]).sound, verify([], head=first.hash).sound
    (True, False)
    """
    previous, rows = GENESIS, 0
    seen = head is None or (GENESIS.startswith(head) and bool(head))
    for entry in entries:
        breach = _breach(entry, rows + 1, previous)
        if breach is not None:
            return Verdict(rows=rows, head=previous, breach=breach)
        previous, rows = entry.hash, rows + 1
        seen = seen or (head is not None and previous.startswith(head))
    if seen:
        return Verdict(rows=rows, head=previous, breach=None)
    lost = Breach(
        number=rows + 1,
        what="the noted head is not in the chain: its end was cut off, or all of it was written anew",
        found=f"{rows} sound rows that end with {previous}",
        expected=f"a row with the hash {head}",
    )
    return Verdict(rows=rows, head=previous, breach=lost)


def _breach(entry: Entry, number: int, previous: str) -> Breach | None:
    if entry.number != number:
        what = "a row is missing" if entry.number > number else "a row stands twice"
        return Breach(
            number=number, what=what, found=f"row {entry.number}", expected=f"row {number}", row=entry
        )
    if entry.previous != previous:
        return Breach(
            number=number,
            what="it does not follow the row before, which was replaced or taken from elsewhere",
            found=f"previous {entry.previous}",
            expected=f"previous {previous}",
            row=entry,
        )
    computed = fingerprint(previous, entry.text)
    if entry.hash != computed:
        return Breach(
            number=number,
            what="its content is not what was written",
            found=f"content that gives the hash {computed}",
            expected=f"content that gives the stored hash {entry.hash}",
            row=entry,
        )
    return None
