"""Who is meant by the names that feeds use: a dictionary of patterns, read from the top.

A dictionary is a CSV file with the columns ``actor, pattern, from, until``. Patterns are globs, in which
``*`` stands for any letters and ``?`` for one; capitals count. The first row whose pattern fits and whose
dates hold the event's day names the actor, so a group stands above the country it lives in. ``until`` is the
first day on which a row no longer holds; empty dates are open.

The shipped dictionary, ``data/actors.csv``, knows the actors of the Levant, the Gulf and the Balkans by their
KEDS and CAMEO codes (country prefix, then role: any code with HEZ is Hezbollah, any with HMS is Hamas) and by
the names that UCDP, ICEWS and POLECAT use. It is tocsin's own reading and small; name your own actors in a
file of your own.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

from tocsin.errors import TocsinError

_COLUMNS = ("actor", "pattern", "from", "until")


class DictionaryError(TocsinError):
    """A dictionary of actors that cannot be used, or an actor that it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: names that fit `pattern` mean `actor`, from one day until before another."""

    actor: str
    pattern: str
    since: dt.date | None = None
    until: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether the row counts on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A name that means an actor from one day until before another."""

    name: str
    actor: str
    since: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """Entries from the top; the first that fits wins."""

    entries: tuple[Entry, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """Every actor that it knows, once, in its own order."""
        return tuple(dict.fromkeys(entry.actor for entry in self.entries))

    def actor(self, name: str, day: dt.date) -> str | None:
        """Who a name means on a day, or None.

        Examples
        --------
        >>> day = dt.date(1998, 6, 1)
        >>> [usual().actor(name, day) for name in ("ISRMIL", "LBNREBHEZ", "LBNGOV", "Martian")]
        ['israel', 'hezbollah', 'lebanon', None]
        """
        fitting = (e for e in self.entries if e.holds(day) and fnmatchcase(name, e.pattern))
        return next((entry.actor for entry in fitting), None)

    def spells(self, names: Iterable[str]) -> list[Spell]:
        """The same answer as `actor` for every day at once, as stretches of days for each name."""
        found: list[Spell] = []
        for name in names:
            fitting = [entry for entry in self.entries if fnmatchcase(name, entry.pattern)]
            edges = {day for e in fitting for day in (e.since, e.until) if day is not None}
            for since, until in pairwise(sorted({dt.date.min, *edges, dt.date.max})):
                actor = next((entry.actor for entry in fitting if entry.holds(since)), None)
                if actor is not None:
                    found.append(Spell(name=name, actor=actor, since=since, until=until))
        return found

    def patterns(self, actors: Iterable[str]) -> tuple[str, ...]:
        """Every pattern of some actors: what a name must fit to have a chance of meaning one of them."""
        wanted = set(actors)
        return tuple(dict.fromkeys(entry.pattern for entry in self.entries if entry.actor in wanted))

    def must_know(self, actors: Iterable[str]) -> None:
        """Refuse actors that no entry names.

        Raises
        ------
        DictionaryError with what is known
        """
        unknown = [actor for actor in dict.fromkeys(actors) if actor not in self.actors]
        if unknown:
            raise DictionaryError(
                f"found the actor{'s' if len(unknown) > 1 else ''} {', '.join(unknown)}; expected one of "
                f"{', '.join(self.actors)}\n"
                "  mend: mend the name, or give a dictionary that has it with --actors"
            )


@cache
def usual() -> Dictionary:
    """The dictionary shipped with tocsin."""
    with (resources.files("tocsin.events") / "data" / "actors.csv").open(encoding="utf-8") as stream:
        return _dictionary(stream, "actors.csv")


def read_dictionary(path: Path) -> Dictionary:
    """A dictionary of one's own.

    Raises
    ------
    DictionaryError naming the line at fault
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _dictionary(stream, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise DictionaryError(
            f"{path}\n  found a file that cannot be read ({error}); expected a dictionary of actors\n"
            "  mend: give a CSV file with the columns actor, pattern, from, until"
        ) from None


def _dictionary(lines: Iterable[str], name: str) -> Dictionary:
    reader = csv.DictReader(lines)
    if not set(_COLUMNS[:2]) <= set(reader.fieldnames or ()) <= set(_COLUMNS):
        raise DictionaryError(
            f"{name}:1\n  found the columns {', '.join(reader.fieldnames or ()) or 'none'}; "
            f"expected {', '.join(_COLUMNS)}\n  mend: name the columns in the first line"
        )
    entries = []
    for row in reader:
        place = f"{name}:{reader.line_num}"
        cells = {key: (row.get(key) or "").strip() for key in _COLUMNS}
        if not cells["actor"] or not cells["pattern"]:
            missing = "actor" if not cells["actor"] else "pattern"
            raise DictionaryError(
                f"{place}  {missing}\n  found nothing; expected an actor and a pattern\n"
                "  mend: fill both, or remove the line"
            )
        entry = Entry(
            actor=cells["actor"],
            pattern=cells["pattern"],
            since=_day(cells["from"], f"{place}  from"),
            until=_day(cells["until"], f"{place}  until"),
        )
        if entry.since is not None and entry.until is not None and entry.until <= entry.since:
            raise DictionaryError(
                f"{place}  until\n  found {entry.until}, not after {entry.since}; expected a later day\n"
                "  mend: until is the first day on which the line no longer holds"
            )
        entries.append(entry)
    if not entries:
        raise DictionaryError(
            f"{name}\n  found no actor; expected at least one line\n  mend: add a line such as israel,ISR*,,"
        )
    return Dictionary(entries=tuple(entries))


def _day(text: str, place: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise DictionaryError(
            f"{place}\n  found {text!r}; expected a date such as 1991-12-26\n  mend: mend the date"
        ) from None
