"""The pages in the package are those of the sources in ``ui/``, and nothing of the tools came along."""

import hashlib
import json
import re

import pytest

from tests.house.source import ROOT

UI = ROOT / "ui"
STATIC = ROOT / "src" / "tocsin" / "web" / "static"
# The same list as in ui/vite.config.ts.
SOURCES = (
    "index.html",
    "report.html",
    "openapi.json",
    "package-lock.json",
    "svelte.config.js",
    "vite.config.ts",
)


def digest() -> str:
    """Of every source of the pages, by name and content."""
    inner = [f for f in (UI / "src").rglob("*") if f.is_file() and f.name != "api.d.ts"]
    files = {f.relative_to(UI).as_posix(): f for f in [*inner, *(UI / name for name in SOURCES)]}
    found = hashlib.sha256()
    for name in sorted(files):
        found.update(name.encode() + b"\0" + files[name].read_bytes() + b"\0")
    return found.hexdigest()


def test_the_built_pages_are_of_these_sources():
    built = (STATIC / "source.sha256").read_text().strip()
    assert built == digest(), "the sources have moved on: run npm run build in ui/ and commit what it writes"


@pytest.mark.parametrize("name", ["package.json", "package-lock.json", ".npmrc"])
def test_what_is_installed_is_pinned_and_carries_no_address(name):
    text = (UI / name).read_text(encoding="utf-8")
    assert re.findall(r'"resolved"|https?://[^"]*registry[^"]*|\.tgz', text) == []


def test_every_tool_has_one_version():
    tools = json.loads((UI / "package.json").read_text(encoding="utf-8"))
    assert "dependencies" not in tools  # what users run is built; there is nothing to install
    assert [v for v in tools["devDependencies"].values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []
