"""What every command that asks a case something shares: its options, its run, and where its answer goes.

A command of this kind reads a case, runs in a thread of its own so that Ctrl-C is answered at once, prints
its answer or its JSON, and writes a folder with ``report.html`` and ``NAME.json``.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tocsin.cli.folder import must_be_ours, write_folder
from tocsin.cli.main import INTERRUPTED

if TYPE_CHECKING:
    from tocsin.ask.inferred import Inferred
    from tocsin.case.model import Case

Answer = TypeVar("Answer")
Command = Callable[..., Any]

# As in `tocsin.ask.inferred`, which takes NumPy to import; a test compares the two.
PARTICLES, SEED = 50_000, 1
OUT = Path("tocsin-out")
REPORT = "report.html"
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


case_argument = click.argument("case", type=click.Path(path_type=Path))
as_of_option = click.option(
    "--as-of", type=Day(), help="Last day whose news counts; else the case's own, or its last report's."
)
variant_option = click.option(
    "--variant", metavar="ID", help="Take the case in this view of it (variants.yaml); else as it is written."
)


def particles_option(default: int = PARTICLES) -> Command:
    """The option of how many weighted histories; a command that infers often asks for fewer."""
    return click.option(
        "--particles",
        type=click.IntRange(min=1),
        default=default,
        show_default=True,
        help="Weighted histories.",
    )


seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=SEED, show_default=True, help="Seed of all chance."
)
threads_option = click.option(
    "--threads", type=click.IntRange(min=1), help="At most so many at once; else every core."
)
store_option = click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Store of events for the sources that have one; else the file that each names.",
)
full_option = click.option("--full", is_flag=True, help="Print everything, not the short view.")
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the JSON alone; write files only with --out."
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; else one under tocsin-out here.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for on the command line, by whichever command."""

    folder: Path
    as_of: dt.date | None
    variant: str | None
    particles: int
    seed: int
    threads: int | None
    store: Path | None
    full: bool
    as_json: bool
    out: Path | None


def asking(command: Command | None = None, *, particles: int = PARTICLES) -> Command:
    """Give a command the shared options; it is called with the context, a `Request` and its own options.

    Used plainly, or as ``@asking(particles=…)`` by a command with a default of its own.
    """
    if command is None:
        return partial(asking, particles=particles)

    @wraps(command)
    def taken(
        *args: Any,
        case: Path,
        as_of: dt.date | None,
        variant: str | None,
        particles: int,
        seed: int,
        threads: int | None,
        store: Path | None,
        full: bool,
        as_json: bool,
        out: Path | None,
        **own: Any,
    ) -> Any:
        request = Request(
            folder=case,
            as_of=as_of,
            variant=variant,
            particles=particles,
            seed=seed,
            threads=threads,
            store=store,
            full=full,
            as_json=as_json,
            out=out,
        )
        return command(*args, request, **own)

    for option in reversed(
        (
            case_argument,
            as_of_option,
            variant_option,
            particles_option(particles),
            seed_option,
            threads_option,
            store_option,
            full_option,
            json_option,
            out_option,
        )
    ):
        taken = option(taken)
    return taken


def case_of(ctx: click.Context, request: Request) -> Case:
    """The case asked about, in the view asked for; with its faults printed the command ends."""
    from tocsin.cli.faults import read_case

    case = view_of(read_case(ctx, request.folder), request.variant)
    return with_feeds(case, request.folder, request.store, request.as_of)


def view_of(case: Case, variant: str | None) -> Case:
    """The case in one of its views, or as it is written; a view that it has not is misuse."""
    if variant is None:
        return case
    from tocsin.case.variant import VariantError, in_variant

    try:
        return in_variant(case, variant)
    except VariantError as error:
        raise click.UsageError(str(error)) from None


def folder_for(case: Path, as_of: dt.date, *more: str | None) -> Path:
    """Where an answer about the case in a folder goes if nobody says: under tocsin-out here."""
    return OUT / "-".join((case.resolve().name, str(as_of), *(part for part in more if part)))


def with_feeds(case: Case, folder: Path, store: Path | None, until: dt.date | None) -> Case:
    """The case with what its sources' stores of events say."""
    if any(source.store is not None for source in case.sources):
        from tocsin.cli.stores import heard

        return heard(case, folder, store=store, until=until)
    if store is not None:
        raise click.UsageError("--store is for a case in which a source has a store; none here has")
    return case


def inferred(
    case: Case, request: Request, progress: Any, cancel: threading.Event, *, keep_past: bool = False
) -> Inferred:
    """The posterior that a request starts from."""
    from tocsin.ask.inferred import infer

    return infer(
        case,
        request.as_of,
        particles=request.particles,
        seed=request.seed,
        threads=request.threads,
        variant=request.variant,
        keep_past=keep_past,
        progress=progress,
        cancel=cancel,
    )


def in_thread(work: Callable[[Any, threading.Event], Answer]) -> Answer:
    """Do `work` with a progress bar and a mark that says when to stop; what cannot be asked is misuse."""
    from tocsin.ask.inferred import AskError

    if not are_compiled():
        click.echo(COMPILING, err=True)
    cancel = threading.Event()
    # In a thread of its own, so that whoever interrupts is answered at once and not when an island is done.
    executor = ThreadPoolExecutor(1)
    try:
        with progress_bar() as progress:
            return executor.submit(work, progress, cancel).result()
    except AskError as error:
        raise click.UsageError(str(error)) from None
    finally:
        cancel.set()
        executor.shutdown(wait=False, cancel_futures=True)


def respond(
    ctx: click.Context,
    request: Request,
    name: str,
    work: Callable[[Any, threading.Event], Answer],
    *,
    text: Callable[[Answer, bool, int, bool], str],
) -> Answer:
    """Run a question, print its answer, and write its files.

    Parameters
    ----------
    name : of the question; its JSON is NAME.json, its folder CASE-DATE-NAME, or CASE-DATE-NAME-VARIANT
    work : answers, given progress to report and a mark that says when to stop
    text : the terminal view, given the answer, whether in full, the width and whether in colour

    Returns
    -------
    the answer, whose `head` is a `Heading`
    """
    if request.out is not None:
        must_be_ours(request.out, (REPORT, f"{name}.json"))
    try:
        answer = in_thread(work)
    except KeyboardInterrupt:
        interrupted(ctx)
    deliver(
        ctx,
        name,
        answer,
        folder=request.folder,
        variant=request.variant,
        full=request.full,
        as_json=request.as_json,
        out=request.out,
        text=text,
    )
    return answer


def deliver(
    ctx: click.Context,
    name: str,
    answer: Answer,
    *,
    folder: Path,
    variant: str | None,
    full: bool,
    as_json: bool,
    out: Path | None,
    text: Callable[[Answer, bool, int, bool], str],
) -> None:
    """Print an answer and write its files; the last that `respond` does, and all where nothing is drawn."""
    from tocsin.show.plain import to_json
    from tocsin.show.report import render_report

    ours = (REPORT, f"{name}.json")
    target, data = out, to_json(answer)
    if target is None and not as_json:
        target = folder_for(folder, answer.head.as_of, name, variant)  # type: ignore[attr-defined]
    if target is not None:

        def fill(folder: Path) -> None:
            for file, written in zip(ours, (render_report(name, answer), data), strict=True):
                (folder / file).write_text(
                    written, encoding="utf-8", errors="xmlcharrefreplace", newline="\n"
                )

        try:
            write_folder(target, ours, fill)
        except KeyboardInterrupt:
            interrupted(ctx)
    if as_json:
        click.echo(data, nl=False)
    else:
        width, colour = terminal()
        click.echo(text(answer, full, width, colour))
    if target is not None:
        click.echo(f"report: {target / REPORT}", err=as_json)


def interrupted(ctx: click.Context) -> NoReturn:
    """End a command that somebody interrupted before it had written anything."""
    click.echo("interrupted; nothing was written", err=True)
    ctx.exit(INTERRUPTED)


def terminal() -> tuple[int, bool]:
    """Width and whether in colour; what the encoding lacks is shown as a question mark."""
    # An answer is no place to fail.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    looked_at = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80
    return width, looked_at


def are_compiled() -> bool:
    """Whether the kernels' compiled code is on disk already; if that cannot be told, they are said to be."""
    from tocsin.game import kernel

    try:
        return bool(kernel.advance._cache._cache_file._load_index())
    except (AttributeError, OSError):
        return True


@contextmanager
def progress_bar() -> Iterator[Any]:
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
