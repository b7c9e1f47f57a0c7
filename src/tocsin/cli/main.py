"""The `tocsin` command: a group whose commands are imported only when they are run.

A command is one line in `COMMANDS`, with the help that the list of commands shows, so that neither
``tocsin --help`` nor one command pays for what another needs.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any, ClassVar

import click

from tocsin.errors import TocsinError

# name: (module:function, short help)
COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("tocsin.cli.new:new", "Write a small case that works, to start from."),
    "check": ("tocsin.cli.check:check", "Read a case and report every fault at once."),
    "serve": (
        "tocsin.cli.serve:serve",
        "Open the workbench in a browser: every answer on pages.",
    ),
    "assess": ("tocsin.cli.assess:assess", "Say what each actor intends and will do, as known on a day."),
    "futures": ("tocsin.cli.futures:futures", "Say how it can unfold, and how likely each way is."),
    "options": ("tocsin.cli.options:options", "Say what each lever does to the odds, and which holds up."),
    "ceasefire": ("tocsin.cli.ceasefire:ceasefire", "Say whether a deal comes and holds, and who spoils it."),
    "collect": ("tocsin.cli.collect:collect", "Say where to look, and what neglect costs."),
    "stress": ("tocsin.cli.stress:stress", "Say how little deception would fool us."),
    "postmortem": ("tocsin.cli.postmortem:postmortem", "Say why a forecast missed, with the outcome known."),
    "ties": ("tocsin.cli.ties:ties", "Say who could have learned concealment from whom, and by when."),
    "precedents": ("tocsin.cli.precedents:precedents", "Say how often it came to that before."),
    "ledger": ("tocsin.cli.ledger:ledger", "Keep forecasts that cannot be rewritten, and score them."),
    "events": ("tocsin.cli.events:events", "Bring in real events, and read them as postures."),
    "fit": ("tocsin.cli.fit:fit", "Learn from histories of events how actors decide."),
    "backtest": ("tocsin.cli.backtest:backtest", "Forecast the past as it came, and score it beside rivals."),
    "schema": ("tocsin.cli.schema:schema", "Print the JSON Schema of a case's files."),
}
FAULTS_FOUND = 1
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that imports a command when it is run, not when the group is.

    A group of its own kind names its own table of commands.
    """

    table: ClassVar[dict[str, tuple[str, str]]] = COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Names of the commands, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import one command; None if there is none of that name."""
        if cmd_name not in self.table:
            return None
        module, _, function = self.table[cmd_name][0].partition(":")
        command: Any = getattr(importlib.import_module(module), function)
        assert isinstance(command, click.Command), cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in self.table.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what a user can mend is told without a traceback."""
        try:
            return super().invoke(ctx)
        except TocsinError as error:
            click.echo(str(error), err=True)
            ctx.exit(FAULTS_FOUND)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except RuntimeError as error:
            # DuckDB takes the signal for itself while a query runs, and says so in this way.
            if str(error) != "Query interrupted":
                raise
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        # Reading a package's metadata is slow enough to be left until it is asked for.
        from importlib.metadata import version

        click.echo(f"tocsin {version('tocsin')}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
def tocsin() -> None:
    """A workbench for strategic warning: what will they do, how sure are we, how could we be fooled?"""


def main() -> None:
    """Run the command line; exit with 0 if all is well, 1 for faults, 2 for misuse, 130 when interrupted."""
    sys.exit(tocsin(prog_name="tocsin"))
