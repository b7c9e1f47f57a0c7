"""Faults on a terminal: one shape, coloured only where somebody looks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.case.faults import Fault
from tocsin.cli.main import FAULTS_FOUND

if TYPE_CHECKING:
    from tocsin.case.model import Case

# Beyond this many a terminal is no place to read them; ``--json`` has them all.
MOST_SHOWN = 200


def print_faults(faults: Iterable[Fault]) -> None:
    """Write faults to standard error; click drops the colours where it is no terminal."""
    faults = tuple(faults)
    for fault in faults[:MOST_SHOWN]:
        head, found, mend = str(fault).split("\n")
        colour = "yellow" if fault.severity == "warning" else "red"
        place = click.style(fault.place, fg=colour, bold=True)
        click.echo(
            f"{place}{head.removeprefix(fault.place)}\n{found}\n{click.style(mend, dim=True)}", err=True
        )
    if len(faults) > MOST_SHOWN:
        click.echo(f"and {len(faults) - MOST_SHOWN} more; --json lists them all", err=True)


def tally(faults: Iterable[Fault]) -> str:
    """How many faults and warnings, in words.

    Examples
    --------
    >>> tally([])
    'no faults'
    """
    severities = [fault.severity for fault in faults]
    counts = {name: severities.count(name) for name in ("fault", "warning")}
    parts = [f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items() if count]
    return " and ".join(parts) or "no faults"


def read_case(ctx: click.Context, path: Path) -> Case:
    """A case without faults; else they are printed and the command ends."""
    from tocsin.case.read import read

    case, faults = read(path)
    if case is None:
        print_faults(faults)
        click.echo(f"{path}: {tally(faults)}; tocsin check {path} tells them all", err=True)
        ctx.exit(FAULTS_FOUND)
    return case
