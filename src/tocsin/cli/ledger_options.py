"""What the ledger's commands share: where the ledger is, what time it is, and how an answer is printed."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tocsin.cli.asking import Day

__all__ = ["Day", "as_json", "case_name", "ledger_option", "looks", "now_option", "print_json"]

# As in `tocsin.ledger.store`, which takes SQLAlchemy to import; a test compares the two.
DEFAULT = "ledger.sqlite"


class Moment(click.ParamType[dt.datetime]):
    """A time written 2030-04-15T12:00+00:00."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """Read a time with its zone; anything else is a misuse."""
        if isinstance(value, dt.datetime):
            return value
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"found {value!r}; expected a time such as 2030-04-15T12:00+00:00", param, ctx)
        # A bare day is its noon by UTC, which is that day nearly everywhere.
        if moment.tzinfo is None:
            noon = dt.time(12) if len(value) == len("2030-04-15") else moment.time()
            moment = dt.datetime.combine(moment.date(), noon, dt.UTC)
        return moment


def _clock() -> dt.datetime:
    """The time here, with its zone: the one place at which the ledger's commands look at a clock."""
    return dt.datetime.now().astimezone()


ledger_option = click.option(
    "--ledger",
    "place",
    envvar="TOCSIN_LEDGER",
    default=DEFAULT,
    show_default=True,
    metavar="PLACE",
    help="A path, or postgresql://user@host/database. [env: TOCSIN_LEDGER]",
)
# For tests and worked examples; what is backdated with it is no more trusted than a clock set back.
now_option: Callable[[Any], Any] = click.option("--now", type=Moment(), default=lambda: _clock(), hidden=True)
as_json: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on standard output."
)


def print_json(value: Any) -> None:
    """One JSON object, as every command prints it."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def looks() -> dict[str, Any]:
    """Width and colour of what a terminal view is printed on."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    seen = sys.stdout.isatty()
    return {
        "width": min(shutil.get_terminal_size().columns, 110) if seen else 100,
        "colour": seen and "NO_COLOR" not in os.environ,
    }


def is_case(path: str) -> bool:
    """Whether a name is the folder of a case rather than a key of the ledger's."""
    return (Path(path) / "case.yaml").is_file()


def case_name(path: Path) -> str:
    """The name that a case has in the ledger: that of its folder."""
    from tocsin.ledger.entry import slug

    return slug(path.resolve().name)
