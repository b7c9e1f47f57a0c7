"""The guide to the ledger: its commands run on the days it names, and print what it shows."""

import datetime as dt
import doctest
import re
import shlex

import pytest
from click.testing import CliRunner

from tests.house.source import ROOT
from tocsin.cli import ledger_options
from tocsin.cli.main import tocsin

GUIDE = ROOT / "docs" / "ledger.md"
SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_the_guide_s_commands_run_and_print_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOCSIN_LEDGER", raising=False)
    printed, ran = "", 0
    text = GUIDE.read_text(encoding="utf-8")
    for language, block in re.findall(r"^```(sh|text)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if language == "text":
            assert doctest.OutputChecker().check_output(block, printed, SHOWN), printed
            continue
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("# "):
                day = dt.datetime.strptime(line, "# %d %B %Y").replace(hour=12, tzinfo=dt.UTC)
                monkeypatch.setattr(ledger_options, "_clock", lambda day=day: day)
                continue
            program, *arguments = shlex.split(line)
            assert program == "tocsin"
            answer = CliRunner().invoke(tocsin, arguments)
            assert answer.exit_code == 0, f"{line}\n{answer.output}"
            printed, ran = answer.stdout, ran + 1
    assert ran >= 10


@pytest.mark.parametrize("command", ["add", "list", "resolve", "void", "score", "verify", "export", "import"])
def test_the_guide_names_every_command(command):
    assert re.search(rf"\b{command}\b", GUIDE.read_text(encoding="utf-8"))
