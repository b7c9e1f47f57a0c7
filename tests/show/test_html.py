"""The report: whole, self-contained, and safe whatever a case says."""

import base64
import hashlib
import html
import html.parser
import itertools
import re
from dataclasses import replace

import pytest

from tests.show import fixtures
from tests.show.walk import KEPT
from tocsin.show.html import render_html, write_html
from tocsin.show.meaning import TERMS

ESTIMATES = {"usual": fixtures.estimate, "awkward": fixtures.awkward, "bare": fixtures.bare}
VOID = {"meta", "br", "img", "link", "input", "hr", "rect", "line", "circle", "path"}


class Page(html.parser.HTMLParser):
    """What a browser would see: elements with attributes, in order, and whether they nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.faults, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if "script" not in self.open and "style" not in self.open:
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module", params=list(ESTIMATES.values()), ids=list(ESTIMATES))
def page(request):
    return Page(render_html(request.param()))


def test_its_elements_nest(page):
    assert page.faults == []
    assert page.open == []


def test_it_asks_for_nothing_outside_itself(page):
    places = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in ("src", "href", "action", "data", "poster", "srcset")
    ]
    assert [place for place in places if not place.startswith("#")] == []
    assert {tag for tag, _ in page.elements} & {"link", "img", "iframe", "object", "embed", "base"} == set()


def test_every_link_within_it_leads_somewhere(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    links = [attributes["href"][1:] for attributes in page.all("a")]
    assert [link for link in links if link not in ids] == []


@pytest.mark.parametrize("make", [fixtures.estimate, fixtures.bare], ids=["usual", "bare"])
def test_no_two_elements_share_a_name(make):
    ids = [attributes["id"] for _, attributes in Page(render_html(make())).elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_charts_are_named_images(page):
    text = render_html(fixtures.estimate())
    charts = re.findall(r'<svg[^>]*role="img"[^>]*>(<title>.+?</title><desc>.+?</desc>)?', text)
    assert charts
    assert all(charts)
    bare = [attributes for attributes in page.all("svg") if attributes.get("role") != "img"]
    assert all(attributes.get("aria-hidden") == "true" for attributes in bare)


def test_header_cells_say_what_they_head(page):
    assert all(attributes.get("scope") in ("row", "col") for attributes in page.all("th"))


def test_headings_leave_no_level_out(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_what_scrolls_can_be_reached_by_keyboard(page):
    scrolling = [attributes for attributes in page.all("div") if attributes.get("class") == "scroll"]
    assert all(a.get("tabindex") == "0" and a.get("aria-label") for a in scrolling)


def test_markup_in_a_case_becomes_text():
    text = render_html(fixtures.awkward())
    page = Page(text)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert not any("style" in attributes for _, attributes in page.elements)
    assert "{{ 7 * 7 }}" in html.unescape(text)
    assert "\x1b" not in text
    assert "\x07" not in text


def test_every_text_of_the_estimate_is_shown():
    shown = " ".join(" ".join(Page(render_html(fixtures.awkward())).text).split())
    shown += " ".join(
        value or ""
        for _, attributes in Page(render_html(fixtures.awkward())).elements
        for value in attributes.values()
    )
    missing = {number for number in numbered(fixtures.awkward()) if number not in shown}
    assert missing == set()


# References and names for machines, which the page replaces by what they stand for.
UNSHOWN = {"id", "reference", "hypothesis", "question", "indicator", *KEPT}


def numbered(value):
    """The unique endings of the texts of an awkward estimate, those of machine names left out."""
    if hasattr(value, "__dataclass_fields__"):
        found = set()
        for name in value.__dataclass_fields__:
            if name not in UNSHOWN or (name == "question" and not isinstance(value.question, str)):
                found |= numbered(getattr(value, name))
        return found
    if isinstance(value, tuple):
        return set().union(*map(numbered, value)) if value else set()
    match = re.search(r" end (n\d+n)$", value) if isinstance(value, str) else None
    return {match[1]} if match else set()


def test_only_its_own_script_and_style_may_run(page):
    text = render_html(fixtures.estimate())
    policy = next(
        a["content"] for a in Page(text).all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        assert body is not None
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def section(text, name):
    found = re.search(rf'<section id="{name}".*?</section>', text, flags=re.DOTALL)
    assert found is not None
    return html.unescape(re.sub(r"<[^>]*>", " ", found[0]))


def test_likelihood_and_confidence_are_in_separate_boxes():
    e = fixtures.estimate()
    text = render_html(e)
    assert not re.search(r"\b(low|moderate|high)\b(?! \()", section(text, "answers").replace("very", ""))
    assert not any(q.band.word in section(text, "confidence").lower() for q in e.questions)


def test_every_answer_is_there_with_its_error():
    told = section(render_html(fixtures.estimate()), "answers")
    for figure in ("11.8 % ±0.4", "3.1 % ±0.2", "44 % ±1", "82 % ±1"):
        assert figure in told


def test_the_sign_of_a_weight_does_not_hang_on_its_colour():
    text = render_html(fixtures.estimate())
    cells = re.findall(r'<td class="cell ([pn])\d" data-value="(-?[\d.]+)"[^>]*>([+−]?)', text)
    assert cells
    assert all((sign == "+") == (kind == "p") for kind, _, sign in cells)


def test_what_nobody_asks_about_is_folded_away():
    text = render_html(fixtures.estimate())
    assert "3 fronts that no question asks about" in text


def test_a_view_is_named_in_the_title_and_the_head():
    text = render_html(replace(fixtures.estimate(), variant="worried"))
    head = text.split("<nav")[0]
    assert ", as seen by worried, as of" in head
    assert "<strong>worried</strong>" in head
    assert "worried" not in render_html(fixtures.estimate())


def test_an_estimate_without_a_comparison_has_no_such_section():
    text = render_html(replace(fixtures.estimate(), since=None))
    assert 'id="since"' not in text
    assert 'href="#since"' not in text


@pytest.mark.parametrize("name", TERMS)
def test_every_term_is_explained_at_the_end(name):
    assert html.escape(TERMS[name], quote=False).replace("'", "&#39;") in render_html(fixtures.bare())


def test_it_is_written_as_utf_8(tmp_path):
    write_html(fixtures.awkward(), tmp_path / "report.html")
    assert "東京" in (tmp_path / "report.html").read_text(encoding="utf-8")
