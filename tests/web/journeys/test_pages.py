"""Every page of the workbench: it comes up, in silence, for everybody, on a desk and on a tablet."""

import re

import pytest

from tests.browser import needs_axe, needs_browser, violations
from tests.house.source import ROOT

pytestmark = needs_browser
PAGES = re.findall(r'^  \["(\w+)", "', (ROOT / "ui/src/app/workbench.svelte.ts").read_text(), re.MULTILINE)
each_page = pytest.mark.parametrize("name", PAGES)
TABLET = {"width": 768, "height": 1024}


def settled(page):
    """Wait until the page shows what it shows without being asked for more."""
    page.wait_for_selector("main h1")
    # What the page asks for on its own is on its way by then.
    page.wait_for_timeout(300)
    page.wait_for_selector("main progress", state="detached", timeout=30_000)
    return page


def test_the_pages_are_those_of_the_frame():
    assert len(PAGES) == 10


@each_page
def test_a_page_comes_up_and_holds_no_holes(open_page, name):
    page = settled(open_page(name))
    shown = page.inner_text("main")
    assert len(shown) > 200
    assert re.findall(r"\bNaN\b|\bnull\b|\bundefined\b|\[object", shown) == []


@needs_axe
@each_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(open_page, name, scheme):
    page = settled(open_page(name, color_scheme=scheme))
    assert violations(page) == []


@each_page
def test_it_fits_a_tablet(open_page, name):
    page = settled(open_page(name, viewport=TABLET))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
