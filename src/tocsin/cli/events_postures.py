"""``tocsin events postures`` and ``counts``: events read as postures, or only counted."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from tocsin.cli.asking import Day
from tocsin.cli.events_store import FORMATS

if TYPE_CHECKING:
    import duckdb

    from tocsin.events.feeds import Feed


class FrontName(click.ParamType[tuple[str, str]]):
    """A directed front written initiator:target."""

    name = "front"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Read a front; anything else is a misuse."""
        if isinstance(value, tuple):
            return value
        one, colon, other = str(value).partition(":")
        if not (one.strip() and colon and other.strip()):
            self.fail(f"found {value!r}; expected initiator:target, such as hezbollah:israel", param, ctx)
        return one.strip(), other.strip()


@contextmanager
def _relation(
    paths: tuple[Path, ...], form: str | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str, tuple[Feed, ...]]]:
    """A store's events, or those of files read as they are."""
    from tocsin.events import counts, feeds, store

    if form is None:
        if len(paths) != 1:
            raise click.UsageError("give one store, or files with --format")
        with store.opened(paths[0]) as connection:
            yield connection, counts.of_store(), ()
        return
    files = tuple(feeds.look(path, feeds.form_of(form)) for path in paths)
    with feeds.connect() as connection:
        yield connection, counts.of_files(files), files


def _tell_refusals(connection: duckdb.DuckDBPyConnection, files: tuple[Feed, ...]) -> dict[str, int]:
    from tocsin.events import counts

    found = counts.refusals(connection, files) if files else {}
    for reason, n in found.items():
        click.echo(f"{n:,} rows refused: {reason}", err=True)
    return found


@click.command()
@click.argument("source", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Read SOURCE as files of this feed.")
@click.option(
    "--front",
    "fronts",
    type=FrontName(),
    multiple=True,
    required=True,
    help="initiator:target; may be repeated.",
)
@click.option(
    "--step",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="Unit of time.",
)
@click.option("--since", type=Day(), help="First day; else that of the first event.")
@click.option("--until", type=Day(), help="First day after the last; else after the last event.")
@click.option("--actors", type=click.Path(path_type=Path), help="A dictionary of your own, in CSV.")
@click.option(
    "--ladder", "rungs", type=click.Path(path_type=Path), help="A table of rungs of your own, in CSV."
)
@click.option(
    "--at-least",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Events of a rung that make it the step's.",
)
@click.option("--out", type=click.Path(path_type=Path), help="A .parquet, .csv or .json file; else CSV here.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def postures(
    source: tuple[Path, ...],
    form: str | None,
    fronts: tuple[tuple[str, str], ...],
    step: Literal["day", "week", "month"],
    since: dt.date | None,
    until: dt.date | None,
    actors: Path | None,
    rungs: Path | None,
    at_least: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Read the posture of each front in each step from SOURCE: a store, or files with --format.

    One row for each feed, front and step: the coded rung, the events at each rung, and how likely this
    reading would be at each true rung. It is a reading with a known habit of misleading, never the posture.
    """
    from tocsin.events import ladder
    from tocsin.events.actors import read_dictionary, usual
    from tocsin.events.postures import postures as read_postures
    from tocsin.events.postures import span, steps_between, write_readings

    dictionary = read_dictionary(actors) if actors else usual()
    table = ladder.read_table(rungs) if rungs else None
    with _relation(source, form) as (connection, relation, files):
        if since is None or until is None:
            first, after = span(connection, relation)
            since, until = since or first, until or after
        if until <= since:
            raise click.UsageError(f"found --until {until}, not after {since}; expected a later day")
        readings = read_postures(
            connection,
            relation,
            fronts,
            steps_between(since, until, step),
            dictionary,
            table=table,
            at_least=at_least,
        )
        lost = _tell_refusals(connection, files)
    if as_json:
        answer = {"readings": [reading.to_json() for reading in readings], "refused": lost}
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    if out is not None or not as_json:
        write_readings(readings, out, sys.stdout)


@click.command()
@click.argument("source", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Read SOURCE as files of this feed.")
@click.option(
    "--step",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="Unit of time.",
)
@click.option("--since", type=Day(), help="First day that counts.")
@click.option("--until", type=Day(), help="First day that no longer counts.")
@click.option(
    "--name", "names", multiple=True, help="Count only events with a name that fits, such as 'ISR*'."
)
@click.option("--out", type=click.Path(path_type=Path), help="A .csv or .parquet file; else CSV here.")
def counts(
    source: tuple[Path, ...],
    form: str | None,
    step: Literal["day", "week", "month"],
    since: dt.date | None,
    until: dt.date | None,
    names: tuple[str, ...],
    out: Path | None,
) -> None:
    """Count the events of SOURCE (a store, or files with --format) by step, names and code, in one pass."""
    from tocsin.events import counts as counting
    from tocsin.events.export import write_query

    wanted = counting.Wanted(since=since, until=until, names=names)
    with _relation(source, form) as (connection, relation, files):
        counting.count(connection, relation, step=step, wanted=wanted)
        query = (
            "SELECT step, source, initiator, target, scheme, code, directed, n, weight FROM counted "
            "WHERE reason IS NULL ORDER BY ALL"
        )
        write_query(connection, query, out, sys.stdout)
        _tell_refusals(connection, files)
