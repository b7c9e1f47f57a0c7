"""The gate, the local check and the README ask for the same thing."""

import os
import re

from tests.house.source import ROOT, files, short

GATE = ROOT / ".ci" / "run"
CHECK = ROOT / "scripts" / "check"


def commands(path):
    """The lines of a script without comments and indentation."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def quick_start() -> list[str]:
    """The two commands at the head of the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"## Quick start\n.*?```(?:sh)?\n(.*?)```", readme, flags=re.DOTALL)
    assert block is not None
    return block[1].splitlines()


def test_the_quick_start_is_two_commands():
    assert quick_start() == ["uv run tocsin assess cases/lebanon-2023", "uv run pytest"]


def test_the_gate_runs_the_tests_as_the_readme_does():
    test_command = quick_start()[1]
    assert [line for line in commands(GATE) if line.startswith(f"{test_command} ") or line == test_command]
    assert any(test_command in line for line in commands(CHECK))


def test_the_gate_runs_the_local_check():
    assert any("scripts/check" in line for line in commands(GATE))


def test_the_local_check_formats_lints_types_and_builds():
    text = "\n".join(commands(CHECK))
    for step in ("uv run ruff check", "uv run ruff format --check", "uv run mypy", "uv build --wheel"):
        assert step in text


def test_the_scripts_can_be_run_and_stop_at_unset_variables():
    for script in (GATE, CHECK):
        assert os.access(script, os.X_OK), short(script)
        assert "set -euo pipefail" in commands(script)


def test_every_waiver_names_its_rule():
    """`# noqa` and `# type: ignore` without a code would hide faults that come later."""
    bare = re.compile(r"# (noqa|type: ignore)(?![:\[])")
    found = [
        f"{short(path)}:{number}"
        for path in files()
        if path.suffix == ".py" and path.name != "test_checks.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []


def test_no_file_names_a_place_on_one_machine():
    # Joined here from halves, so that this file is held to the rule as well.
    places = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/"]
    found = [
        f"{short(path)}: {place}"
        for path in files()
        for place in places
        if re.search(rf"(?<![\w.:]){place}", path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_text_files_end_with_a_newline_and_use_no_carriage_return():
    texts = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".csv", ""}
    bad = [
        short(path)
        for path in files()
        if path.suffix in texts
        and (data := path.read_bytes())
        and (not data.endswith(b"\n") or b"\r" in data)
    ]
    assert bad == []
