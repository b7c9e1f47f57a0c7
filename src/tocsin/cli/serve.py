"""``tocsin serve``: the workbench, in a browser on this machine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from tocsin.cli.asking import seed_option, store_option

# As in `tocsin.web.answering`, which takes NumPy to import; a test compares the two.
PARTICLES = 20_000
HOST, PORT = "127.0.0.1", 8765
CASES = Path("cases")


@click.command()
@click.argument("cases", metavar="[CASE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--host", default=HOST, show_default=True, help="Address to listen on; others need a token.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=PORT,
    show_default=True,
    help="Port to listen on; a free one if it is taken.",
)
@click.option(
    "--name",
    "names",
    metavar="HOST",
    multiple=True,
    help="Another name by which browsers reach this machine; may be given again.",
)
@click.option(
    "--token",
    metavar="TEXT",
    help="What a browser must show; made up where the address is not this machine's alone.",
)
@click.option("--ledger", "place", metavar="PLACE", help="Ledger whose record stands beside the answers.")
@click.option(
    "--particles",
    type=click.IntRange(1_000, 200_000),
    default=PARTICLES,
    show_default=True,
    help="Weighted histories of an answer.",
)
@seed_option
@store_option
@click.option("--no-browser", is_flag=True, help="Open no browser; print the address alone.")
def serve(
    cases: tuple[Path, ...],
    host: str,
    port: int,
    names: tuple[str, ...],
    token: str | None,
    place: str | None,
    particles: int,
    seed: int,
    store: Path | None,
    no_browser: bool,
) -> None:
    """Serve the workbench for the cases in folders CASE, or else for every case under cases/ here.

    It listens on this machine alone unless told otherwise, reads nothing but those folders, writes to them
    only what you confirmed on a page, and asks nothing of the network. An edited file is read at once; one
    with a fault is told with its line, and the last good reading stands. Ctrl-C ends it.

    Exits with 0 when ended, 1 if the ledger cannot be used, 2 if misused.
    """
    folders = cases or _under(CASES)
    for folder in folders:
        if not folder.is_dir():
            raise click.UsageError(f"found {folder}, which is no folder; expected the folder of a case")
    if place is not None:
        _must_be_a_ledger(place)
    _run(folders, host, port, names, token, place, particles, seed, store, not no_browser)


def _under(place: Path) -> tuple[Path, ...]:
    """Every case folder directly under a folder."""
    found = tuple(sorted(path.parent for path in place.glob("*/case.yaml")))
    if not found:
        raise click.UsageError(
            f"no CASE was given and {place}/ here holds none; name the folder of a case, or make one with "
            "`tocsin new DIR`"
        )
    return found


def _must_be_a_ledger(place: str) -> None:
    from tocsin.ledger import Ledger

    with Ledger.open(place, create=False):
        pass


def _run(
    folders: tuple[Path, ...],
    host: str,
    port: int,
    names: tuple[str, ...],
    token: str | None,
    place: str | None,
    particles: int,
    seed: int,
    store: Path | None,
    open_browser: bool,
) -> None:
    import secrets
    import webbrowser

    from tocsin.cli.faults import print_faults, tally
    from tocsin.web import create_app
    from tocsin.web.guard import door_for, is_loopback
    from tocsin.web.serving import Server, address, bound
    from tocsin.web.workspace import Workspace

    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(24)
    workspace = Workspace(folders, store=store)
    for folder in workspace.folders.values():
        reading, faults = folder.state
        if reading is None:
            print_faults(faults)
            click.echo(
                f"{folder.path}: {tally(faults)}; its page shows them, and follows your edits", err=True
            )
    app = create_app(
        workspace,
        particles=particles,
        seed=seed,
        ledger=place,
        door=door_for(host, names=names, token=token),
    )
    try:
        listening = bound(host, port)
    except OSError as error:
        raise click.UsageError(
            f"cannot listen on {host}, port {port}: {error.strerror or error}; name one of this machine"
        ) from None
    place_to_go = address(listening, token=token)

    def ready() -> None:
        click.echo(f"serving {', '.join(workspace.folders)} at {place_to_go}")
        click.echo("Ctrl-C ends it", err=True)
        if open_browser:
            webbrowser.open(place_to_go)

    # uvicorn ends as it was told, and then says so once more.
    with listening, suppress(KeyboardInterrupt):
        Server(app, ready=ready).run(sockets=[listening])
