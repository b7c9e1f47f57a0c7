"""``tocsin assess``: what each actor intends and will do, as known on a day, on screen and in a folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.asking import (
    REPORT,
    Day,
    as_of_option,
    case_argument,
    folder_for,
    full_option,
    in_thread,
    interrupted,
    out_option,
    particles_option,
    seed_option,
    store_option,
    terminal,
    threads_option,
    variant_option,
    view_of,
    with_feeds,
)
from tocsin.cli.folder import must_be_ours, write_folder

if TYPE_CHECKING:
    from tocsin.ask.assess import Assessment
    from tocsin.case.model import Case
    from tocsin.ledger import Ledger
    from tocsin.score.record import TrackRecord
    from tocsin.score.reliability import Proof

    Records = tuple[TrackRecord, TrackRecord]  # of forecasts made in time, and in hindsight

ESTIMATE, POSTERIOR, TABLES = "estimate.json", "estimate.nc", "tables"
OURS = (REPORT, ESTIMATE, POSTERIOR, TABLES)


@click.command()
@case_argument
@as_of_option
@variant_option
@click.option("--since", type=Day(), help="Also say what changed since this earlier day.")
@particles_option()
@seed_option
@threads_option
@click.option("--phia", is_flag=True, help="Words of the United Kingdom's PHIA yardstick; else of ICD 203.")
@click.option(
    "--ledger",
    "place",
    metavar="PLACE",
    help="Ledger, as a path or postgresql://user@host/database: its resolved reports count toward their "
    "sources, and its record stands beside the answers.",
)
@click.option(
    "--half-life",
    type=click.FloatRange(min=0.0, min_open=True),
    metavar="DAYS",
    help="With --ledger: days after which a resolved report counts half; else for good.",
)
@store_option
@full_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print estimate.json alone; write files only with --out."
)
@out_option
@click.pass_context
def assess(
    ctx: click.Context,
    case: Path,
    as_of: dt.date | None,
    variant: str | None,
    since: dt.date | None,
    particles: int,
    seed: int,
    threads: int | None,
    phia: bool,
    place: str | None,
    half_life: float | None,
    store: Path | None,
    full: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    """Assess the case in folder CASE as it was known on a day: what each actor intends, prepares and will do.

    Without --as-of the day is the one on which the case puts its question, or else the last on which
    anything became known; never today, so that the same case gives the same answer tomorrow.

    With --ledger, a report that had proved right or wrong by that day changes how far its source is believed.
    The record of earlier forecasts is that of today, and touches no answer.

    A source that has a store of events speaks through it: each step's coded posture counts as a report.

    A folder then holds report.html, estimate.json, estimate.nc (draws of the posterior) and tables of the
    answers as Parquet. Exits with 0 if all went well, 1 if the case has faults, 2 if misused.
    """
    from tocsin.cli.faults import read_case

    value = view_of(read_case(ctx, case), variant)
    if out is not None:
        must_be_ours(out, OURS)
    value = with_feeds(value, case, store, as_of)
    if half_life is not None and place is None:
        raise click.UsageError("--half-life says how the reports of a ledger age; name one with --ledger")
    proofs, records = ((), None) if place is None else _from_ledger(place, as_of, value)
    try:
        answer = assessed(
            value,
            as_of,
            since=since,
            particles=particles,
            seed=seed,
            threads=threads,
            phia=phia,
            variant=variant,
            proofs=proofs,
            half_life_days=half_life,
            records=records,
        )
        target = out or (None if as_json else folder_for(case, answer.estimate.as_of, variant))
        if target is not None:
            write_folder(target, OURS, lambda folder: _fill(answer, folder))
    except KeyboardInterrupt:
        interrupted(ctx)
    _print(answer, full=full, as_json=as_json)
    if target is not None:
        click.echo(f"report: {target / REPORT}", err=as_json)


def proved(ledger: Ledger, as_of: dt.date | None, case: Case) -> tuple[Proof, ...]:
    """Reports of which it was clear by the as-of day whether they told what was so."""
    from tocsin.ask.inferred import default_day
    from tocsin.ledger.record import proofs_of

    return proofs_of(ledger.report_resolutions(until=as_of or default_day(case)))


def _from_ledger(place: str, as_of: dt.date | None, case: Case) -> tuple[tuple[Proof, ...], Records]:
    """What a ledger has proved of sources by the as-of day, and its records as of today."""
    from tocsin.ledger import Ledger
    from tocsin.ledger.record import records_of

    today = dt.datetime.now(dt.UTC).date()
    with Ledger.open(place, create=False) as ledger:
        ledger.must_be_sound("a record")
        return proved(ledger, as_of, case), records_of(ledger.questions(), today)


def assessed(
    case: Case,
    as_of: dt.date | None,
    *,
    since: dt.date | None,
    particles: int,
    seed: int,
    threads: int | None,
    phia: bool,
    variant: str | None = None,
    proofs: tuple[Proof, ...] = (),
    half_life_days: float | None = None,
    records: Records | None = None,
) -> Assessment:
    """Assess a case with progress on standard error; what cannot be asked is a misuse."""
    from tocsin.ask.assess import assess

    return in_thread(
        lambda progress, cancel: assess(
            case,
            as_of,
            particles=particles,
            seed=seed,
            since=since,
            yardstick="PHIA" if phia else "ICD 203",
            variant=variant,
            threads=threads,
            proofs=proofs,
            half_life_days=half_life_days,
            records=records,
            progress=progress,
            cancel=cancel,
        )
    )


def _print(answer: Assessment, *, full: bool, as_json: bool) -> None:
    if as_json:
        from tocsin.show.json import to_json

        click.echo(to_json(answer.estimate), nl=False)
        return
    from tocsin.show.text import render_text

    width, colour = terminal()
    click.echo(render_text(answer.estimate, full=full, width=width, colour=colour))


def _fill(answer: Assessment, folder: Path) -> None:
    from tocsin.show.json import write_json
    from tocsin.show.netcdf import thinned, write_netcdf
    from tocsin.show.parquet import write_parquet
    from tocsin.show.report import render_report

    estimate, posterior = answer.estimate, answer.posterior
    (folder / REPORT).write_text(render_report("assess", estimate), encoding="utf-8", newline="\n")
    write_json(estimate, folder / ESTIMATE)
    draws, coords = posterior.island_draws(estimate.seed)
    write_netcdf(
        folder / POSTERIOR,
        thinned(draws),
        coords=coords,
        attrs={
            "tocsin_version": estimate.version,
            "case": estimate.case,
            "case_digest": estimate.case_digest,
            "as_of": estimate.as_of.isoformat(),
            "seed": estimate.seed,
            "particles": estimate.diagnostics.particles,
        },
        sample_stats={
            "log_evidence": (("chain",), posterior.log_evidence),
            "island_weight": (("chain",), posterior.island_weight),
        },
    )
    (folder / TABLES).mkdir()
    write_parquet(estimate, folder / TABLES)
