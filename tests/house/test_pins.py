"""Every dependency has one exact version, one reason, and no address."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest

from tests.house.source import ROOT, files, short

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = PROJECT["tool"]["uv"]["constraint-dependencies"]


def name_of(requirement: str) -> str:
    """The package's name as registries compare it: lower case, one hyphen."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


RUNTIME = sorted(name_of(requirement) for requirement in PROJECT["project"]["dependencies"])
DEVELOPMENT = sorted(name_of(requirement) for requirement in PROJECT["dependency-groups"]["dev"])


def test_uv_and_pip_are_given_the_same_versions():
    assert (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() == PINS


@pytest.mark.parametrize("pin", PINS)
def test_a_pin_is_a_name_and_a_version(pin):
    assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; [a-z0-9_'.<>= ]+)?", pin)


@pytest.mark.parametrize("name", RUNTIME + DEVELOPMENT)
def test_a_direct_dependency_is_pinned(name):
    assert name in {name_of(pin) for pin in PINS}


def test_everything_below_the_dependencies_is_pinned_too():
    """Follow what each installed distribution asks for; what is not installed is not needed here."""
    pinned = {name_of(pin) for pin in PINS}
    seen: set[str] = set()
    todo = RUNTIME + DEVELOPMENT
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        todo += [name_of(need) for need in needs if ";" not in need]
    assert seen - pinned == set()


def test_a_pin_satisfies_what_the_project_asks_for():
    """The lower bounds are a promise to users of other versions; a pin below its bound would break it."""
    versions = {name_of(pin): pin.split(" ; ")[0].split("==")[1] for pin in PINS}
    for requirement in PROJECT["project"]["dependencies"]:
        bound = requirement.split(">=")[1].split(",")[0]
        assert numbers(versions[name_of(requirement)]) >= numbers(bound), requirement


def numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def test_the_pinning_script_explains_itself():
    command = [sys.executable, str(ROOT / "scripts" / "pin.py"), "--help"]
    assert "--upgrade" in subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_no_file_names_an_address_to_download_from():
    # Joined here from halves, so that this file is held to the rule as well.
    hosts = ["py" + "pi.org", "python" + "hosted", "npm" + "js", "--index" + "-url", "--extra-index" + "-url"]
    found = [
        f"{short(path)}: {host}"
        for path in files()
        for host in hosts
        if host in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []


def reasons(heading: str) -> list[str]:
    """The packages named in bold at the head of a list item, under a heading of the dependencies page."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    items = re.findall(r"^- \*\*(.+?)\*\*: (.+)$", section, flags=re.MULTILINE)
    assert all(len(reason) > 20 for _, reason in items)
    return sorted(name_of(name) for names, _ in items for name in names.split(", "))


def test_every_runtime_dependency_has_its_reason():
    assert reasons("At run time") == RUNTIME


def test_every_development_dependency_has_its_reason():
    assert reasons("For development") == DEVELOPMENT
