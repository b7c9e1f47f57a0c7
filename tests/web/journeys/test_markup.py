"""Markup in every text of a case: each page shows it as letters, and nothing of it runs."""

import re

import pytest

import tocsin
from tests.browser import needs_browser
from tests.web.served import case_in

pytestmark = needs_browser
MARKUP = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'><b>bold</b> & {{ 7 * 7 }}"
TEXTS = "title|question|name|text|note|description|look_for|basis|reason|meaning|resolution"


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The starter with markup before each of its texts that stands on a line of its own."""
    folder = case_in(tmp_path_factory.mktemp("sly"))
    count = 0
    for file in folder.glob("*.yaml"):
        quoted = MARKUP.replace("'", "''")
        written, found = re.subn(
            rf"(?m)^(\s*(?:- )?(?:{TEXTS}): )([A-Z][^'\":#{{\n]*)$",
            lambda match: f"{match[1]}'{quoted} {match[2]}'",  # noqa: B023
            file.read_text(encoding="utf-8"),
        )
        count += found
        file.write_text(written, encoding="utf-8")
    reports = folder / "reports.csv"
    head, *rows = reports.read_text(encoding="utf-8").splitlines()
    sly = [re.sub(r"(,\d,)\"?(?=[A-Z])[^\"]*?\"?(,[^,]*)$", rf'\1"{MARKUP}"\2', row) for row in rows]
    reports.write_text("\n".join([head, *sly]) + "\n", encoding="utf-8")
    assert count > 20
    assert tocsin.load(folder).title.startswith("<script>")
    return folder


@pytest.mark.parametrize(
    "name", ["case", "timeline", "actors", "evidence", "futures", "options", "watching", "whatif", "variants"]
)
def test_markup_is_shown_and_not_obeyed(open_page, name):
    page = open_page(name)
    page.wait_for_selector("main h1")
    page.wait_for_timeout(300)
    page.wait_for_selector("main progress", state="detached", timeout=60_000)
    assert "<script>window.hit = 1</script>" in page.inner_text("body")
    assert page.locator("img, main script, b").count() == 0
    assert page.evaluate("window.hit === undefined")
