"""The command line as a whole: what it offers, how it ends, and how light it starts."""

import importlib
import subprocess
import sys
from importlib.metadata import version

import click
import pytest
from click.testing import CliRunner

from tocsin.cli import main as cli
from tocsin.errors import TocsinError


@pytest.fixture
def run():
    """Run the command line in process."""
    return lambda *arguments: CliRunner().invoke(cli.tocsin, [str(argument) for argument in arguments])


def test_help_lists_every_command(run):
    answer = run("--help")
    assert answer.exit_code == 0
    assert all(name in answer.stdout and short in answer.stdout for name, (_, short) in cli.COMMANDS.items())


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_and_the_short_help_of_the_table(run, name):
    module, _, function = cli.COMMANDS[name][0].partition(":")
    assert isinstance(getattr(importlib.import_module(module), function), click.Command)
    assert run(name, "--help").exit_code == 0


def test_the_version_is_the_package_s(run):
    assert run("--version").stdout == f"tocsin {version('tocsin')}\n"


@pytest.mark.parametrize("arguments", [["chek"], ["--no-such-option"], ["check"], ["schema", "--file", "x"]])
def test_a_misuse_exits_with_2(run, arguments):
    assert run(*arguments).exit_code == 2


def test_what_a_user_can_mend_shows_no_traceback(run, monkeypatch):
    def fail(*_):
        raise TocsinError("mend this")

    monkeypatch.setattr("tocsin.case.read.read", fail)
    answer = run("check", "x")
    assert (answer.exit_code, answer.stderr) == (1, "mend this\n")


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interrupt_is_said_in_a_word_and_exits_with_130(run, monkeypatch, raised):
    def fail(*_):
        raise raised

    monkeypatch.setattr("tocsin.case.read.read", fail)
    answer = run("check", "x")
    assert (answer.exit_code, answer.stderr) == (130, "interrupted\n")


def test_a_fault_of_tocsin_s_own_is_not_hidden(run, monkeypatch):
    def fail(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr("tocsin.case.read.read", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        raise run("check", "x").exception


def test_the_list_of_commands_imports_none_of_them():
    program = (
        "import sys; from tocsin.cli.main import tocsin; "
        "tocsin(['--help'], standalone_mode=False); "
        "print([name for name in sys.modules if name.startswith('tocsin.c')], file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert answer.stderr.strip() == "['tocsin.cli', 'tocsin.cli.main']"
