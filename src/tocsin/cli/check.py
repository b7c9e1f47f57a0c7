"""``tocsin check``: read a case and report every fault at once."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@click.pass_context
def check(ctx: click.Context, case: Path, as_json: bool) -> None:
    """Read the case in folder CASE, and every variant of it, and report every fault at once: where, what was
    found, what was expected, and the mend.

    Exits with 0 if the case can be used (warnings do not keep it from that) and with 1 if it cannot.
    """
    from tocsin.case.known import digest
    from tocsin.case.read import read
    from tocsin.cli.faults import print_faults, tally

    value, faults = read(case)
    counts = {} if value is None else {part: len(getattr(value, part)) for part in COUNTED}
    if as_json:
        answer = {
            "case": str(case),
            "ok": value is not None,
            "digest": digest(value) if value is not None else None,
            "counts": counts,
            "faults": [fault.as_json() for fault in faults],
        }
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        print_faults(faults)
        if value is None:
            click.echo(f"{case}: {tally(faults)}", err=True)
        else:
            click.echo(f"{case}: {tally(faults)}; digest {digest(value)[:16]}")
            click.echo(
                "  "
                + ", ".join(
                    f"{count} {part.removesuffix('s') if count == 1 else part}"
                    for part, count in counts.items()
                    if count
                )
            )
    if value is None:
        ctx.exit(1)


COUNTED = (
    "actors",
    "fronts",
    "ties",
    "factors",
    "reasons",
    "threats",
    "events",
    "deals",
    "levers",
    "indicators",
    "sources",
    "reports",
    "collectors",
    "questions",
    "outcomes",
    "variants",
)
