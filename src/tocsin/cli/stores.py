"""Stores that a case names as sources: read them, and give the case their reports."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tocsin.case.model import Case, Report, Source


def reports_of(
    case: Case, folder: Path, source: Source, store: Path | None, until: dt.date | None
) -> tuple[Report, ...]:
    """Reports that a store gives through one source, known by a day.

    Parameters
    ----------
    folder : the case's, from which paths within it are seen
    store : instead of the one that the source names

    Raises
    ------
    SourceError if neither names a store, and whatever the store, the dictionary or the ladder refuse
    """
    from tocsin.ask.feeds import feeds_in, must_have_the_usual_ladder, spoken, without_path
    from tocsin.events.actors import read_dictionary, usual
    from tocsin.events.store import opened

    must_have_the_usual_ladder(case)
    speaks = source.store
    assert speaks is not None
    path = store or (folder / speaks.path if speaks.path else None)
    if path is None:
        raise without_path(source)
    dictionary = read_dictionary(folder / speaks.dictionary) if speaks.dictionary else usual()
    with opened(path) as connection:
        feeds = feeds_in(connection)
        if speaks.feed not in feeds:
            # It may be yet to come; that the source is silent until then should be known.
            held = ", ".join(feeds) or "none at all"
            click.echo(f"{source.id}: {path} holds no event of {speaks.feed}, but {held}", err=True)
        return spoken(case, source, connection, dictionary, until=until)


def with_stores(
    case: Case, folder: Path, *, store: Path | None = None, until: dt.date | None = None
) -> tuple[Case, tuple[Report, ...]]:
    """The case with the reports of every store that it names as a source, and those reports."""
    from tocsin.ask.feeds import fed, with_reports

    new: list[Report] = []
    for source in fed(case):
        found = reports_of(case, folder, source, store, until)
        case = with_reports(case, source, found)
        new += found
    return case, tuple(new)


def heard(case: Case, folder: Path, *, store: Path | None = None, until: dt.date | None = None) -> Case:
    """The case with what its stores say, if it names any; how much that is goes to standard error."""
    if all(source.store is None for source in case.sources):
        return case
    case, spoken = with_stores(case, folder, store=store, until=until)
    click.echo(f"{len(spoken):,} reports from stores of events", err=True)
    return case
