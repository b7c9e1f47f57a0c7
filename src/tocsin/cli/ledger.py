"""``tocsin ledger``: forecasts frozen when they are made, resolved when they are decided, and scored."""

from __future__ import annotations

from typing import ClassVar

import click

from tocsin.cli.main import LazyGroup

# name: (module:function, short help)
LEDGER: dict[str, tuple[str, str]] = {
    "add": ("tocsin.cli.ledger_add:add", "Freeze a case's forecasts, or one of a person's."),
    "list": ("tocsin.cli.ledger_read:list_", "Show questions, forecasts and where they stand."),
    "resolve": ("tocsin.cli.ledger_resolve:resolve", "Record how a question or a report turned out."),
    "void": ("tocsin.cli.ledger_resolve:void", "Record that a question could not be decided."),
    "score": ("tocsin.cli.ledger_read:score", "Score what is closed and resolved."),
    "verify": ("tocsin.cli.ledger_files:verify", "Walk the chain and show the first broken row."),
    "export": ("tocsin.cli.ledger_files:export", "Write every row with its hash to a file."),
    "import": ("tocsin.cli.ledger_files:import_", "Take over the rows of an export."),
}


class Ledgers(LazyGroup):
    """The group of ledger commands; one is imported when it is run."""

    table: ClassVar[dict[str, tuple[str, str]]] = LEDGER


@click.group(cls=Ledgers)
def ledger() -> None:
    """Keep forecasts where nobody can rewrite them in silence: each row is chained to the one before.

    The ledger is the file ledger.sqlite here, unless --ledger or TOCSIN_LEDGER names another: a path, or
    postgresql://user@host/database for a team.
    """
