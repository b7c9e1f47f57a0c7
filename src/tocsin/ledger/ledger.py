"""A ledger, opened: add forecasts, resolve questions, read them back, and prove that nothing moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from tocsin.ledger import store
from tocsin.ledger.body import (
    FORECAST,
    REPORT,
    RESOLUTION,
    body_of,
    instant,
    kind_of,
    recorded_of,
    subject_of,
)
from tocsin.ledger.chain import GENESIS, Entry, Verdict, chained, verify
from tocsin.ledger.entry import (
    Forecast,
    K,
    Kept,
    Recorded,
    ReportResolution,
    Resolution,
    in_force,
)
from tocsin.ledger.errors import ChainError, EntryError
from tocsin.ledger.state import Asked, asked, must_be_possible, must_be_the_same

# Shorter beginnings of a hash are more likely a number or a name.
SHORTEST_HASH = 8
R = TypeVar("R", bound=Resolution | ReportResolution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added(Generic[K]):
    """What became of a value that was handed in.

    Parameters
    ----------
    row : as the ledger keeps it
    new : False if the ledger held the same already, and nothing was written
    """

    row: Recorded[K]
    new: bool


class Ledger:
    """A ledger that is open; use it in a ``with`` block, or `close` it.

    Every call is one transaction: what it returns is on disk, and if it raises nothing was written.

    Examples
    --------
    >>> from tocsin.ledger import Forecast, Question
    >>> noon = dt.datetime(2030, 4, 15, 12, tzinfo=dt.UTC)
    >>> question = Question(key="flood", text="Will it flood?", closes=dt.date(2030, 6, 1))
    >>> forecast = Forecast(question=question, author="Anna", as_of=noon.date(), probability=0.2)
    >>> with Ledger.open("sqlite://") as ledger:
    ...     [added] = ledger.add([forecast], now=noon)
    ...     added.row.number, ledger.verify().sound
    (1, True)
    """

    def __init__(self, opened: store.Store) -> None:
        self._store = opened

    @classmethod
    def open(cls, place: str = store.DEFAULT, *, create: bool = True) -> Self:
        """Open a ledger, moving one that an older tocsin wrote to the present form.

        Parameters
        ----------
        place : a path, ``sqlite:///path``, ``sqlite://`` (in memory) or ``postgresql://user@host/database``
        create : begin a ledger if there is none; else its absence is refused

        Raises
        ------
        StoreError if it is absent, unreachable, something else, or of a newer tocsin
        """
        return cls(store.Store(store.location(place), create=create))

    @property
    def name(self) -> str:
        """Where it lives, without a password."""
        return self._store.name

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Writing

    def add(self, forecasts: Iterable[Forecast], *, now: dt.datetime) -> tuple[Added[Forecast], ...]:
        """Freeze forecasts, all of them or none.

        Parameters
        ----------
        forecasts : of any questions; one that the ledger holds already word for word is not written again
        now : the time of recording, with its zone

        Raises
        ------
        EntryError if a question of the same key asks something else, or an issue date lies in the future
        """

        def admit(value: Forecast, earlier: list[Recorded[Any]]) -> Forecast:
            if value.as_of > now.date():
                raise EntryError(
                    f"forecast of {value.question.key}",
                    found=f"issued as of {value.as_of}",
                    expected=f"a day up to today, {now.date()}",
                    mend="a forecast knows no news of days to come",
                )
            if earlier:
                must_be_the_same(earlier[0].value.question, value.question)
            return value

        return self._write(forecasts, admit, now)

    def resolve(
        self, resolutions: Iterable[Resolution], *, now: dt.datetime
    ) -> tuple[Added[Resolution], ...]:
        """Record how questions turned out, all of them or none.

        A second resolution of a question needs its `because`, and supersedes the one in force.

        Raises
        ------
        EntryError if a question was never forecast, cannot have that outcome, or is resolved otherwise
        """
        values = tuple(resolutions)
        found = {key: self._questions_named(key) for key in {value.question for value in values}}

        def admit(value: Resolution, earlier: list[Recorded[Any]]) -> Resolution:
            question = found[value.question]
            if question is None:
                raise _unknown(value.question)
            must_be_possible(question.question, value, now.date())
            return _superseding(value, earlier)

        return self._write(values, admit, now)

    def resolve_reports(
        self, reports: Iterable[ReportResolution], *, now: dt.datetime
    ) -> tuple[Added[ReportResolution], ...]:
        """Record whether reports proved right, all of them or none; a second time as in `resolve`.

        Raises
        ------
        EntryError if a day lies in the future, or a report is resolved otherwise already
        """

        def admit(value: ReportResolution, earlier: list[Recorded[Any]]) -> ReportResolution:
            if value.resolved_on > now.date():
                raise EntryError(
                    f"report {value.key}",
                    found=f"{value.resolved_on}, which is still to come",
                    expected=f"a day up to today, {now.date()}",
                    mend="resolve it when it is clear",
                )
            return _superseding(value, earlier)

        return self._write(reports, admit, now)

    def take(self, entries: Iterable[Entry]) -> int:
        """Take over rows of another ledger that goes on where this one ends; an empty one takes all of it.

        Returns
        -------
        how many rows were new

        Raises
        ------
        ChainError if the rows are no sound chain, or part from what this ledger holds
        """
        given = list(entries)
        verdict = verify(given)
        if verdict.breach is not None:
            raise ChainError(
                "rows to import",
                found=f"a breach: {verdict.breach}",
                expected="a sound chain",
                mend="export again",
            )
        with self._store.writing() as connection:
            here = list(store.rows(connection))
            if [row.hash for row in here] != [row.hash for row in given[: len(here)]]:
                shared = next(
                    (k for k, (a, b) in enumerate(zip(here, given, strict=False)) if a.hash != b.hash),
                    min(len(here), len(given)),
                )
                raise ChainError(
                    "rows to import",
                    found=f"{len(given)} rows that agree with the first {shared} of the {len(here)} here",
                    expected="rows that begin with all that this ledger holds",
                    mend="import into an empty ledger, or the longer one into the shorter",
                )
            store.append(connection, given[len(here) :])
        return len(given) - len(here)

    def _write(
        self, values: Iterable[K], admit: Callable[[K, list[Recorded[Any]]], K], now: dt.datetime
    ) -> tuple[Added[K], ...]:
        moment = instant(now)
        done: list[Added[K]] = []
        with self._store.writing() as connection:
            end: Entry | None = store.last(connection)
            fresh: list[Entry] = []
            # What the ledger holds on each subject, with what this very call adds.
            held: dict[tuple[str, str], list[Recorded[Any]]] = {}
            for value in values:
                kind, subject = kind_of(value), subject_of(value)
                if (kind, subject) not in held:
                    rows = store.rows(connection, kind=kind, subject=subject)
                    held[kind, subject] = [recorded_of(row) for row in rows]
                earlier = held[kind, subject]
                same = _held_already(value, earlier)
                if same is not None:
                    done.append(Added(row=same, new=False))
                    continue
                value = admit(value, earlier)
                end = chained(end, kind=kind, subject=subject, recorded=moment, body=body_of(value))
                fresh.append(end)
                earlier.append(recorded_of(end))
                done.append(Added(row=earlier[-1], new=True))
            store.append(connection, fresh)
        return tuple(done)

    # Reading

    def entries(self, *, until: dt.date | None = None) -> tuple[Entry, ...]:
        """Every row as it is stored, in the order of the chain.

        Parameters
        ----------
        until : only what was recorded by the end of this day, UTC
        """
        with self._store.reading() as connection:
            return tuple(store.rows(connection, until=_bound(until)))

    def forecasts(self, *, until: dt.date | None = None) -> tuple[Recorded[Forecast], ...]:
        """Every forecast, as recorded by the end of a day."""
        return self._of_kind(FORECAST, until)

    def resolutions(self, *, until: dt.date | None = None) -> tuple[Recorded[Resolution], ...]:
        """Every resolution, those that were superseded included, as recorded by the end of a day."""
        return self._of_kind(RESOLUTION, until)

    def questions(self, *, until: dt.date | None = None) -> tuple[Asked, ...]:
        """Every question with its forecasts and its resolution in force, as recorded by the end of a day."""
        with self._store.reading() as connection:
            bound = _bound(until)
            forecasts = [recorded_of(row) for row in store.rows(connection, kind=FORECAST, until=bound)]
            resolutions = [recorded_of(row) for row in store.rows(connection, kind=RESOLUTION, until=bound)]
        return asked(forecasts, resolutions)

    def report_resolutions(self, *, until: dt.date | None = None) -> tuple[ReportResolution, ...]:
        """Which reports proved right or wrong, as was clear by the end of a day.

        Parameters
        ----------
        until : only what was clear by then, whenever it was recorded; a later correction does not count yet
        """
        rows: tuple[Recorded[ReportResolution], ...] = self._of_kind(REPORT, None)
        known = (row for row in rows if until is None or row.value.resolved_on <= until)
        return tuple(row.value for row in in_force(known))

    def find(self, name: str) -> Asked:
        """The question that a name means.

        Parameters
        ----------
        name : its key, its text, the part of its key after the case if no other has it; or the number or
            the hash (its first 8 digits at least) of one of its forecasts

        Raises
        ------
        EntryError if nothing or more than one thing goes by that name
        """
        direct = self._questions_named(name)
        if direct is not None:
            return direct
        every = self.questions()
        number = int(name.lstrip("#")) if name.lstrip("#").isdecimal() else None
        # From the surest sense of a name to the loosest; the first that fits anything decides.
        senses: tuple[Callable[[Asked], bool], ...] = (
            lambda a: a.question.text == name,
            lambda a: a.question.key.partition(":")[2] == name,
            lambda a: any(row.number == number for row in a.forecasts),
            lambda a: len(name) >= SHORTEST_HASH and any(row.hash.startswith(name) for row in a.forecasts),
        )
        for sense in senses:
            fitting = [a for a in every if sense(a)]
            if len(fitting) > 1:
                raise EntryError(
                    f"question {name}",
                    found=f"{len(fitting)} of that name: {', '.join(a.question.key for a in fitting)}",
                    expected="one",
                    mend="write its whole key",
                )
            if fitting:
                return fitting[0]
        raise _unknown(name)

    def head(self) -> str:
        """Hash of the last row; kept elsewhere, it tells later whether anything before it moved."""
        with self._store.reading() as connection:
            end = store.last(connection)
        return GENESIS if end is None else end.hash

    def verify(self, *, head: str | None = None) -> Verdict:
        """Walk the chain; see `tocsin.ledger.chain.verify`."""
        with self._store.reading() as connection, closing(store.rows(connection, stream=True)) as rows:
            return verify(rows, head=head)

    def must_be_sound(self, use: str) -> None:
        """Refuse a ledger whose chain is broken.

        Parameters
        ----------
        use : what its rows were wanted for, as in "a score"

        Raises
        ------
        ChainError at the first row that does not follow
        """
        breach = self.verify().breach
        if breach is not None:
            raise ChainError(
                self.name,
                found=f"a broken chain: {breach.what} (row {breach.number})",
                expected=f"rows as they were written, or {use} tells nothing",
                mend="tocsin ledger verify shows the row; restore the ledger from an export",
            )

    def _of_kind(self, kind: str, until: dt.date | None) -> tuple[Recorded[Any], ...]:
        with self._store.reading() as connection:
            return tuple(recorded_of(row) for row in store.rows(connection, kind=kind, until=_bound(until)))

    def _questions_named(self, key: str) -> Asked | None:
        with self._store.reading() as connection:
            forecasts = [recorded_of(row) for row in store.rows(connection, kind=FORECAST, subject=key)]
            resolutions = [recorded_of(row) for row in store.rows(connection, kind=RESOLUTION, subject=key)]
        found = asked(forecasts, resolutions)
        return found[0] if found else None


def _bound(until: dt.date | None) -> str | None:
    # Times are stored as text that sorts by time, so the day after is the bound.
    return None if until is None else (until + dt.timedelta(days=1)).isoformat()


def _unknown(name: str) -> EntryError:
    return EntryError(
        f"question {name}",
        found="no such question or forecast",
        expected="one that the ledger holds",
        mend="tocsin ledger list shows them",
    )


def _held_already(value: Kept, earlier: list[Recorded[Any]]) -> Recorded[Any] | None:
    if isinstance(value, Forecast):
        body = body_of(value)
        return next((row for row in earlier if body_of(row.value) == body), None)
    standing = in_force(earlier)
    return standing[-1] if standing and value.says(standing[-1].value) else None


def _in_a_word(value: Resolution | ReportResolution) -> str:
    if isinstance(value, Resolution):
        return value.outcome
    return "right" if value.right else "wrong"


def _superseding(value: R, earlier: list[Recorded[Any]]) -> R:
    """The value tied to what it corrects; a first word on the matter corrects nothing."""
    standing = in_force(earlier)
    if not standing:
        return replace(value, because="", supersedes=None)
    if not value.because.strip():
        now, then = _in_a_word(value), _in_a_word(standing[-1].value)
        raise EntryError(
            f"resolution of {subject_of(value)}",
            found=f"{now!r} or other words for it",
            expected=f"{then!r} as recorded on {standing[-1].recorded:%Y-%m-%d}",
            mend="to correct it, say why with --because; both stay in the ledger",
        )
    return replace(value, supersedes=standing[-1].hash)
