"""As an analyst goes: open a case, go back in time, leave a report out, move a weight, keep it, export it."""

import re
import shutil

import pytest
from playwright.sync_api import expect

import tocsin
from tests.browser import listen, needs_browser
from tests.web.served import case_in, until

pytestmark = needs_browser
SECONDS = 1_000.0  # in which Playwright counts
expect.set_options(timeout=30 * SECONDS)


@pytest.fixture(autouse=True)
def as_it_was(case, tmp_path):
    """Each journey finds the case's files as the last one did."""
    before = case_in(tmp_path)
    yield
    for file in {f.name for folder in (before, case) for f in folder.iterdir() if f.is_file()}:
        if (before / file).exists():
            shutil.copy(before / file, case / file)
        else:
            (case / file).unlink()


def headline(page):
    """The first probability in the page's answer."""
    return page.locator("main .big, main .large").first


def test_back_in_time_the_whole_page_knows_less(open_page):
    page = open_page("evidence")
    rows = page.get_by_role("checkbox", name=re.compile("counts$"))
    expect(rows.first).to_be_visible()
    later = page.inner_text("main")
    day = page.get_by_label("As-of date, as year-month-day")
    day.fill("2030-01-20")
    day.press("Enter")
    expect(page).to_have_url(re.compile("as_of=2030-01-20"))
    # r002 happened on that day, and became known only later.
    expect(page.get_by_role("checkbox", name="r002 counts")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="r001 counts")).to_have_count(1)
    assert page.inner_text("main") != later
    # What is looked at stands in the address: it holds for other pages, and can be gone back from.
    page.get_by_role("link", name="Case", exact=True).click()
    expect(page).to_have_url(re.compile("/case.*as_of=2030-01-20"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Evidence"))


def test_a_report_left_out_moves_the_answers_and_comes_back(open_page):
    page = open_page("evidence")
    shifts = page.get_by_label("The answers without some reports")
    expect(shifts).to_contain_text("Nothing left out")
    page.get_by_role("checkbox", name=re.compile("counts$")).first.uncheck()
    expect(shifts).to_contain_text("1 report left out")
    expect(shifts).to_contain_text(re.compile(r"% ±.*% ±", re.DOTALL))
    expect(page).to_have_url(re.compile("without="))
    page.get_by_role("button", name="Put it back").click()
    expect(shifts).to_contain_text("Nothing left out")


def test_a_weight_is_moved_kept_as_a_variant_and_compared(open_page, case):
    page = open_page("whatif")
    answer = page.get_by_role("region", name="The answer")
    expect(answer).to_contain_text(re.compile(r"\d % ±"))
    before = answer.inner_text()
    page.get_by_role("searchbox").fill("valleys")
    slider = page.get_by_role("region", name="The numbers").get_by_role("slider").first
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    expect(answer).not_to_have_text(before)
    expect(page.get_by_text("Not as the case is written")).to_be_visible()

    page.get_by_role("link", name="Save as a variant").first.click()
    page.get_by_label("Whose view it is, in a few words").fill("The other desk")
    page.get_by_role("button", name="Show what would be written").click()
    write = page.get_by_role("button", name="Write this file")
    expect(write).to_be_visible()
    assert "the-other-desk" not in (case / "variants.yaml").read_text()  # nothing before it was agreed to
    comments = (case / "variants.yaml").read_text().splitlines()[0]
    write.click()
    until(lambda: "the-other-desk" in (case / "variants.yaml").read_text())
    assert (case / "variants.yaml").read_text().splitlines()[0] == comments
    (kept,) = [v for v in tocsin.load(case).variants if v.id == "the-other-desk"]
    assert kept.name == "The other desk"
    assert len(kept.change) == 1

    # It stands beside the case as written, answered in full.
    expect(page.get_by_role("checkbox", name=re.compile("The other desk"))).to_be_visible()
    compared = page.get_by_role("table").filter(has_text="The other desk").first
    expect(compared).to_contain_text(re.compile(r"% ±.*% ±", re.DOTALL))


def test_the_report_that_was_saved_opens_from_disk(open_page, chromium, tmp_path):
    page = open_page("case")
    link = page.get_by_role("link", name=re.compile("Save this as a report"))
    expect(link).to_be_visible()
    title = page.inner_text("h1 + *, header select option:checked")
    with page.expect_download() as download:
        link.click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    report = chromium.new_page()
    complaints, asked = listen(report)
    report.goto(file.as_uri())
    expect(report.locator("h1")).to_be_visible()
    assert complaints == []
    assert asked == [file.as_uri()]
    assert report.inner_text("h1") in title + page.inner_text("body")
    report.close()


def test_an_edit_is_followed_and_a_faulty_one_is_told_with_its_line(open_page, case):
    page = open_page("case")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d % ±"))
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8")
    title = tocsin.load(case).title
    file.write_text(text.replace(title, "The valleys once more", 1), encoding="utf-8")
    expect(page).to_have_title(re.compile("The valleys once more"))
    expect(page.locator("main")).to_contain_text(re.compile(r"\d % ±"))

    line = next(k for k, row in enumerate(text.splitlines(), 1) if row.startswith("end:"))
    file.write_text(text.replace("end: 2030-12-30", "end: 2029-12-30"), encoding="utf-8")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"case.yaml:{line}")
    expect(alert).to_contain_text("expected")
    # The last good answer stands.
    expect(page).to_have_title(re.compile("The valleys once more"))
    expect(page.locator("main")).to_contain_text(re.compile(r"\d % ±"))

    file.write_text(text, encoding="utf-8")
    expect(alert).to_have_count(0)


def test_everything_can_be_reached_by_keyboard(open_page):
    page = open_page("case")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
    assert {"Timeline", "Evidence", "What if"} <= reached


def test_it_prints_without_its_controls(open_page):
    page = open_page("case")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d % ±"))
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(page.locator("main")).to_contain_text(re.compile(r"\d % ±"))
