"""``tocsin events import``, ``summary`` and ``refused``: the store of events."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

FORMATS = (
    "ucdp-ged",
    "acled",
    "gdelt",
    "keds",
    "keds-weis",
    "icews",
    "polecat",
)  # `events.formats`; a test compares
INTERRUPTED = 130
SHOWN = 10


@click.command("import")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), required=True, help="The feed the files come from."
)
@click.option("--into", "store", type=click.Path(path_type=Path), required=True, help="The store's file.")
@click.option(
    "--replace", is_flag=True, help="Where an event is in the store already, the new row takes its place."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@click.pass_context
def import_(
    ctx: click.Context, files: tuple[Path, ...], form: str, store: Path, replace: bool, as_json: bool
) -> None:
    """Read FILES (CSV, tab-separated, also gzipped, or Parquet) into a store, made if there is none.

    A file is taken whole or not at all and known by its digest, so the same command again takes nothing twice
    and goes on where it was cut off. Rows that cannot be used are kept in the store with their reason.
    """
    from tocsin.events.feeds import form_of, look
    from tocsin.events.store import import_file, opened

    # A name that is wrong is told before anything is made or taken.
    for path in files:
        look(path, form_of(form))
    done = []
    try:
        with opened(store, create=True) as connection, _progress(len(files)) as say:
            for path in files:
                done.append(import_file(connection, path, form_of(form), replace=replace, progress=say))
    except KeyboardInterrupt:
        click.echo(
            f"interrupted; {len(done)} of {len(files)} files are in {store}, the rest are not", err=True
        )
        ctx.exit(INTERRUPTED)
    if as_json:
        answer = {"store": str(store), "files": [one.to_json() for one in done]}
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    for one in done:
        again = " (in the store already)" if one.already else ""
        click.echo(f"{one.file}: {one.kept:,} of {one.rows:,} rows kept, {one.refused:,} refused{again}")
        for reason, n in one.reasons[:SHOWN]:
            click.echo(f"  {n:,} refused: {reason}")
        if one.replaced:
            click.echo(f"  {one.replaced:,} rows of earlier files gave way")
    click.echo(f"store: {store}")


@contextmanager
def _progress(n_files: int) -> Iterator[Callable[[str], None] | None]:
    """What is being done, on standard error where somebody looks; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        seen: dict[str, int] = {}

        def say(what: str) -> None:
            place = seen.setdefault(what.partition(":")[0], len(seen) + 1)
            status.update(f"file {place} of {n_files}: {what}")

        yield say


@click.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option(
    "--most", type=click.IntRange(min=1), default=20, show_default=True, help="Names and codes shown."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def summary(store: Path, most: int, as_json: bool) -> None:
    """Count what STORE holds: files, each feed's years, actors, codes and rungs, and what was refused."""
    from tocsin.events.store import opened
    from tocsin.events.summary import summarise

    with opened(store) as connection:
        answer = summarise(connection, most=most)
    if as_json:
        click.echo(json.dumps(answer.to_json(), indent=2, ensure_ascii=False))
        return
    from tocsin.show.events import render_summary

    click.echo(render_summary(answer), nl=False)


@click.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A .csv or .parquet file; else CSV here."
)
def refused(store: Path, out: Path | None) -> None:
    """Write every row that STORE refused: file, digest, row, reason, and what was found."""
    from tocsin.events.export import write_query
    from tocsin.events.store import opened

    query = (
        "SELECT files.name AS file, refused.file AS digest, row, reason, found FROM refused "
        "JOIN files ON files.digest = refused.file ORDER BY file, digest, row"
    )
    with opened(store) as connection:
        write_query(connection, query, out, sys.stdout)
