"""``tocsin assess``: what each actor intends and will do, as known on a day, on screen and in a folder."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tocsin.ask.assess import Assessment
    from tocsin.case.model import Case, Rule
    from tocsin.ledger import Ledger
    from tocsin.score.record import TrackRecord
    from tocsin.score.reliability import Proof

    Records = tuple[TrackRecord, TrackRecord]  # of forecasts made in time, and in hindsight

# As in `tocsin.ask.assess`, which takes NumPy to import; a test compares the two.
PARTICLES, SEED = 50_000, 1
OUT = Path("tocsin-out")
REPORT, ESTIMATE, POSTERIOR, TABLES = "report.html", "estimate.json", "estimate.nc", "tables"
INTERRUPTED = 130
COMPILING = "compiling the game's kernels (first run only)…"


class Day(click.ParamType[dt.date]):
    """A date written 2023-10-11."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read a date; anything else is a misuse."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"found {value!r}; expected a date such as 2023-10-11", param, ctx)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=Day(), help="Last day whose news counts; else the case's own, or its last report's."
)
@click.option("--since", type=Day(), help="Also say what changed since this earlier day.")
@click.option(
    "--particles",
    type=click.IntRange(min=1),
    default=PARTICLES,
    show_default=True,
    help="Weighted histories.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=SEED, show_default=True, help="Seed of all chance."
)
@click.option("--threads", type=click.IntRange(min=1), help="At most so many at once; else every core.")
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
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Store of events for the sources that have one; else the file that each names.",
)
@click.option("--full", is_flag=True, help="Print everything, not the short view.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print estimate.json alone; write files only with --out."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; else tocsin-out/CASE-DATE here.",
)
@click.pass_context
def assess(
    ctx: click.Context,
    case: Path,
    as_of: dt.date | None,
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

    value = read_case(ctx, case)
    if out is not None:
        _must_be_ours(out)
    if any(source.store is not None for source in value.sources):
        from tocsin.cli.stores import heard

        value = heard(value, case, store=store, until=as_of)
    elif store is not None:
        raise click.UsageError("--store is for a case in which a source has a store; none here has")
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
            proofs=proofs,
            half_life_days=half_life,
            records=records,
        )
        focus = asked_about(value)
        target = out or (None if as_json else OUT / f"{case.resolve().name}-{answer.estimate.as_of}")
        if target is not None:
            _must_be_ours(target)
            write_answer(answer, target, focus)
    except KeyboardInterrupt:
        click.echo("interrupted; nothing was written", err=True)
        ctx.exit(INTERRUPTED)
    _print(answer, focus, full=full, as_json=as_json)
    if target is not None:
        click.echo(f"report: {target / REPORT}", err=as_json)


def proved(ledger: Ledger, as_of: dt.date | None, case: Case) -> tuple[Proof, ...]:
    """Reports of which it was clear by the as-of day whether they told what was so."""
    from tocsin.ask.assess import default_day
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
    proofs: tuple[Proof, ...] = (),
    half_life_days: float | None = None,
    records: Records | None = None,
) -> Assessment:
    """Assess a case with progress on standard error; what cannot be asked is a misuse."""
    from tocsin.ask.assess import AssessError, assess

    if not are_compiled():
        click.echo(COMPILING, err=True)
    cancel = threading.Event()
    # In a thread of its own, so that whoever interrupts is answered at once and not when an island is done.
    executor = ThreadPoolExecutor(1)
    try:
        with _progress() as progress:
            return executor.submit(
                assess,
                case,
                as_of,
                particles=particles,
                seed=seed,
                since=since,
                yardstick="PHIA" if phia else "ICD 203",
                threads=threads,
                proofs=proofs,
                half_life_days=half_life_days,
                records=records,
                progress=progress,
                cancel=cancel,
            ).result()
    except AssessError as error:
        raise click.UsageError(str(error)) from None
    finally:
        cancel.set()
        executor.shutdown(wait=False, cancel_futures=True)


def are_compiled() -> bool:
    """Whether the kernels' compiled code is on disk already; if that cannot be told, they are said to be."""
    from tocsin.game import kernel

    try:
        return bool(kernel.advance._cache._cache_file._load_index())
    except (AttributeError, OSError):
        return True


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on standard error where somebody looks; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda done, total, what: bar.update(task, completed=done, total=total, description=what)


def asked_about(case: Case) -> tuple[str, ...]:
    """Fronts that the questions' rules refer to, in the order of the questions."""
    found: dict[str, None] = {}

    def visit(rule: Rule) -> None:
        if rule.front is not None:
            found.setdefault(rule.front)
        for inner in (*(rule.any_ or ()), *(rule.all_ or ()), *(rule.of or ())):
            visit(inner)

    for question in case.questions:
        visit(question.rule)
    return tuple(found)


def _print(answer: Assessment, focus: tuple[str, ...], *, full: bool, as_json: bool) -> None:
    if as_json:
        from tocsin.show.json import to_json

        click.echo(to_json(answer.estimate), nl=False)
        return
    from tocsin.show.text import render_text

    # What the terminal's encoding lacks is shown as a question mark; an answer is no place to fail.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    looked_at = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80
    click.echo(render_text(answer.estimate, focus=focus, full=full, width=width, colour=looked_at))


def _must_be_ours(folder: Path) -> None:
    """Refuse a folder that holds anything that an earlier run did not write: it is about to be replaced."""
    if not folder.exists():
        return
    strange = sorted({entry.name for entry in folder.iterdir()} - {REPORT, ESTIMATE, POSTERIOR, TABLES})
    if strange:
        raise click.UsageError(f"{folder} holds other things, such as {strange[0]}; name a new folder")


def write_answer(answer: Assessment, folder: Path, focus: tuple[str, ...]) -> None:
    """Write every file of an answer, all of them or none; an earlier answer there is replaced in one step."""
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        new, old = beside / "new", beside / "old"
        new.mkdir()
        _fill(answer, new, focus)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _fill(answer: Assessment, folder: Path, focus: tuple[str, ...]) -> None:
    from tocsin.show.html import write_html
    from tocsin.show.json import write_json
    from tocsin.show.netcdf import thinned, write_netcdf
    from tocsin.show.parquet import write_parquet

    estimate, posterior = answer.estimate, answer.posterior
    write_html(estimate, folder / REPORT, focus=focus)
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
