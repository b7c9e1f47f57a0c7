"""A workbench in a real browser: a server with a small case, and pages that say what they complain of."""

import pytest

from tests.browser import browser, listen
from tests.web.served import app_of, case_in, listening


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The folder of the case that is served; tests of one module may write to it."""
    return case_in(tmp_path_factory.mktemp("cases"))


@pytest.fixture(scope="module")
def place(case):
    with listening(app_of(case)) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with browser() as opened:
        yield opened


@pytest.fixture
def open_page(chromium, place):
    """Opens the workbench at a page; at the end nothing may have complained or asked anybody else."""
    pages = []

    def opened(name="case", **how):
        page = chromium.new_page(**how)
        pages.append((page, *listen(page)))
        page.goto(f"{place}/#/north/{name}")
        return page

    yield opened
    for page, complaints, asked in pages:
        page.close()
        assert complaints == []
        assert [url for url in asked if not url.startswith((place, "data:", "blob:"))] == []
