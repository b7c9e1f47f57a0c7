"""The report in a real browser, from disk: it draws itself, complains of nothing, asks nobody, suits all."""

import re

import pytest

from tests.browser import browser, listen, needs_axe, needs_browser, violations
from tests.show import fixtures
from tests.show.samples import MADE
from tests.show.walk import with_texts
from tocsin.show.answers import KINDS
from tocsin.show.report import render_report

pytestmark = needs_browser
each_kind = pytest.mark.parametrize("ask", KINDS)
DRAWN = "main h2"  # there once the page has drawn itself


@pytest.fixture(scope="module")
def chromium():
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Each kind's report on disk, made once."""
    folder = tmp_path_factory.mktemp("reports")
    for ask in KINDS:
        (folder / f"{ask}.html").write_text(render_report(ask, MADE[ask]()), encoding="utf-8")
    return folder


def opened(chromium, file, **how):
    page = chromium.new_page(**how)
    complaints, asked = listen(page)
    page.goto(file.as_uri())
    page.wait_for_selector(DRAWN)
    return page, complaints, asked


@each_kind
def test_it_draws_itself_in_silence_and_asks_for_nothing(chromium, reports, ask):
    page, complaints, asked = opened(chromium, reports / f"{ask}.html")
    assert complaints == []
    assert asked == [(reports / f"{ask}.html").as_uri()]
    shown = page.inner_text("main")
    assert MADE[ask]().head.case in shown if ask != "assess" else MADE[ask]().case in shown
    assert re.findall(r"\bNaN\b|\bnull\b|\bundefined\b|\[object", shown) == []
    page.close()


@needs_axe
@each_kind
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(chromium, reports, ask, scheme):
    page, _, _ = opened(chromium, reports / f"{ask}.html", color_scheme=scheme)
    assert violations(page) == []
    page.close()


@each_kind
def test_it_fits_a_tablet(chromium, reports, ask):
    page, _, _ = opened(chromium, reports / f"{ask}.html", viewport={"width": 768, "height": 1024})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@each_kind
def test_markup_in_a_case_is_shown_and_not_obeyed(chromium, tmp_path, ask):
    file = tmp_path / "report.html"
    file.write_text(render_report(ask, with_texts(MADE[ask](), fixtures.AWKWARD)), encoding="utf-8")
    page, complaints, asked = opened(chromium, file)
    assert complaints == []
    assert asked == [file.as_uri()]
    assert page.locator("main img, main script").count() == 0
    shown = page.inner_text("main")
    assert "<script>alert('x')</script>" in shown
    assert "\x1b" not in shown
    page.close()


def test_a_page_that_asks_or_complains_is_noticed(chromium, tmp_path):
    file = tmp_path / "bad.html"
    file.write_text(
        '<main><h2>x</h2></main><img src="http://example.invalid/x.png"><script>console.error("trouble")</script>'
    )
    page, complaints, asked = opened(chromium, file)
    page.wait_for_load_state()
    assert "http://example.invalid/x.png" in asked
    assert any("trouble" in text for text in complaints)
    page.close()
