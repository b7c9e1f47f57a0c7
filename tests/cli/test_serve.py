"""``tocsin serve``: what it takes and refuses, what it prints, and that Ctrl-C ends it cleanly."""

import contextlib
import re
import shutil
import signal
import subprocess
import sysconfig
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.cli import serve as module
from tocsin.cli.main import tocsin
from tocsin.web.answering import PARTICLES

STARTER = PACKAGE / "case" / "starter"


def run(*arguments):
    return CliRunner().invoke(tocsin, ["serve", "--no-browser", *map(str, arguments)])


@contextlib.contextmanager
def served(*arguments, cwd):
    """The command in a process of its own, with the address that it printed; ended as a user ends it."""
    program = Path(sysconfig.get_path("scripts")) / "tocsin"
    command = [str(program), "serve", "--no-browser", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        yield process, line
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        finally:
            process.kill()
            process.communicate()


def address_in(line):
    found = re.search(r"http://\S+", line)
    assert found is not None, line
    return found[0]


@pytest.fixture
def cases(tmp_path):
    """A working folder with two cases under cases/, and a folder that is none."""
    for name in ("north", "south"):
        shutil.copytree(STARTER, tmp_path / "cases" / name)
    (tmp_path / "cases" / "notes").mkdir()
    return tmp_path


def test_defaults_are_those_of_the_server():
    assert module.PARTICLES == PARTICLES


def test_every_case_here_is_served_and_ctrl_c_ends_it_with_a_job_under_way(cases):
    with served("--port", 0, "--particles", 60_000, cwd=cases) as (process, line):
        place = address_in(line)
        assert line.startswith("serving north, south at http://127.0.0.1:")
        with httpx.Client(base_url=place, trust_env=False) as client:
            told = client.get("/api/cases").json()["cases"]
            assert [case["id"] for case in told] == ["north", "south"]
            assert client.get("/api/about").json()["particles"] == 60_000
            assert client.post("/api/cases/north/jobs", json={"ask": "assess"}).status_code == 202
    assert process.returncode == 0


def test_beyond_loopback_a_token_is_made_and_needed(cases):
    with served("--port", 0, "--host", "0.0.0.0", STARTER, cwd=cases) as (_, line):
        place = address_in(line)
        bare, _, token = place.partition("?token=")
        assert len(token) >= 24
        assert httpx.get(f"{bare}api/about", trust_env=False).status_code == 401
        shown = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{bare}api/about", headers=shown, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere",), "expected the folder of a case"),
        (("--host", "192.0.2.1", STARTER), "cannot listen on 192.0.2.1"),
        (("--host", "no such host", STARTER), "cannot listen on"),
        (("--particles", "10", STARTER), "1000<=x<=200000"),
        (("--port", "70000", STARTER), "0<=x<=65535"),
    ],
)
def test_misuse_is_refused(arguments, told):
    done = run(*arguments)
    assert done.exit_code == 2
    assert told in done.output


def test_without_a_case_here_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run()
    assert done.exit_code == 2
    assert "tocsin new DIR" in done.output


def test_a_ledger_that_is_not_there_is_told_before_anything_is_served(tmp_path):
    done = run("--ledger", tmp_path / "none.sqlite", STARTER)
    assert done.exit_code == 1
    assert "none.sqlite" in done.output
