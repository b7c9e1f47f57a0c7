"""``tocsin ledger verify``, ``export`` and ``import``: the chain walked, here or elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tocsin.cli.ledger_options import as_json, ledger_option, print_json
from tocsin.cli.main import FAULTS_FOUND

FORMS = ("jsonl", "csv", "parquet")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--head", metavar="HASH", help="A hash noted earlier; it must still be in the chain.")
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An earlier export: show the first row that is no longer as it was, and what differs.",
)
@ledger_option
@as_json
@click.pass_context
def verify(
    ctx: click.Context, file: Path | None, head: str | None, against: Path | None, place: str, as_json: bool
) -> None:
    """Walk the chain of the ledger, or of an export FILE, and show the first row that does not follow.

    A tail cut off, or a chain made anew from its start, shows only to whoever noted the head's hash (--head)
    or kept an export (--against). Exits with 0 if all is sound and with 1 if not.
    """
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head):
        raise click.UsageError(f"--head: found {head!r}; expected a whole hash, of 64 hexadecimal digits")
    from tocsin.ledger import Ledger
    from tocsin.ledger.chain import verify as walk
    from tocsin.ledger.files import differing, read_file

    if file is not None:
        name, verdict = str(file), walk(read_file(file), head=head)
        rows = read_file(file) if against else []
    else:
        with Ledger.open(place, create=False) as ledger:
            name, verdict = ledger.name, ledger.verify(head=head)
            rows = list(ledger.entries()) if against else []
    breach = verdict.breach
    moved = None if against is None else differing(rows, read_file(against))
    if as_json:
        from tocsin.show.ledger import as_json as plain

        print_json(
            {
                "ledger": name,
                "sound": breach is None and moved is None,
                "rows": verdict.rows,
                "head": verdict.head,
                "breach": plain(breach),
                "against": plain(moved),
            }
        )
    elif breach is None and moved is None:
        since = f", which holds the noted {head[:16]}" if head else ""
        click.echo(f"{name}: {verdict.rows} rows, sound{since}\nhead {verdict.head}")
    else:
        if breach is not None:
            click.echo(f"{name}: broken after {verdict.rows} sound rows", err=True)
            click.echo(str(breach), err=True)
        if moved is not None:
            click.echo(f"{name}: not what it was when {against} was taken\n{moved}", err=True)
    ctx.exit(0 if breach is None and moved is None else FAULTS_FOUND)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--format", "form", type=click.Choice(FORMS), help="Else by the end of FILE's name.")
@ledger_option
def export(file: Path, form: str | None, place: str) -> None:
    """Write every row with its hash to FILE (.jsonl, .csv or .parquet), or to - (the screen) as JSON Lines.

    What is written can be verified anywhere: the SHA-256 of the hash before, followed by the row's text, is
    the row's hash.
    """
    from tocsin.ledger import Ledger
    from tocsin.ledger.files import as_csv, as_lines, write_parquet

    to_screen = str(file) == "-"
    form = form or ("jsonl" if to_screen else file.suffix.removeprefix("."))
    if form not in FORMS or (to_screen and form == "parquet"):
        raise click.UsageError(f"{file}: expected a name that ends with {', '.join(FORMS)}, or --format")
    with Ledger.open(place, create=False) as ledger:
        rows, head, name = ledger.entries(), ledger.head(), ledger.name
    text = None if form == "parquet" else (as_lines if form == "jsonl" else as_csv)(rows)
    if to_screen:
        click.echo(text, nl=False)
        return
    try:
        if text is None:
            write_parquet(rows, file)
        else:
            file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror or error}") from None
    click.echo(f"{name}: {len(rows)} rows to {file}\nhead {head}")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@ledger_option
@as_json
def import_(file: Path, place: str, as_json: bool) -> None:
    """Take over the rows of an export: all of them into an empty ledger, or those that a ledger lacks.

    Hashes, and so the chain, stay as they are: this is how a ledger moves from SQLite to PostgreSQL.
    """
    from tocsin.ledger import Ledger
    from tocsin.ledger.files import read_file

    rows = read_file(file)
    with Ledger.open(place) as ledger:
        new, head, name = ledger.take(rows), ledger.head(), ledger.name
    if as_json:
        print_json({"ledger": name, "new": new, "rows": len(rows), "head": head})
    else:
        click.echo(f"{name}: {new} of {len(rows)} rows were new\nhead {head}")
