"""The report in a real browser, without a network: it loads, runs its script, and complains of nothing."""

import json
import shutil
import subprocess

import pytest

from tests.show import fixtures
from tocsin.show.html import render_html

CHROMIUM = shutil.which("chromium")
OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--log-level=0", "--virtual-time-budget=2000",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]  # fmt: skip
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


def load(folder, text):
    """The page's elements once loaded, what the console said, and the addresses that the page asked for."""
    report, log = folder / "report.html", folder / "net.json"
    report.write_text(text, encoding="utf-8")
    assert CHROMIUM is not None
    answer = subprocess.run(
        [CHROMIUM, *OPTIONS, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", "--dump-dom",
         report.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    console = [line for line in answer.stderr.splitlines() if "CONSOLE" in line]
    events = json.loads(log.read_text(encoding="utf-8", errors="replace"))["events"]
    # What the browser asks for on its own account has no page as its origin.
    asked = [
        event["params"]["url"]
        for event in events
        if event.get("params", {}).get("initiator", "not an origin") != "not an origin"
    ]
    return answer.stdout, console, asked


@pytest.mark.parametrize("make", [fixtures.estimate, fixtures.awkward], ids=["usual", "awkward"])
def test_it_loads_in_silence_and_asks_for_nothing(make, tmp_path):
    elements, console, asked = load(tmp_path, render_html(make()))
    assert console == []
    assert asked == []
    # The script has run: it turned the heads of tables into buttons.
    assert '<button type="button">' in elements


def test_markup_in_a_case_makes_no_elements(tmp_path):
    elements, _, _ = load(tmp_path, render_html(fixtures.awkward()))
    assert elements.count("<script") == 1
    assert "<img" not in elements


def test_a_page_that_asks_or_complains_is_noticed(tmp_path):
    page = '<img src="http://example.invalid/x.png"><script>console.error("trouble")</script>'
    _, console, asked = load(tmp_path, page)
    assert asked == ["http://example.invalid/x.png"]
    assert any("trouble" in line for line in console)
