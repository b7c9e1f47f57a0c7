"""The guides are complete, and their links lead somewhere."""

import re
import subprocess
import sys

import pytest

from tests.house.source import ROOT, short

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OUTSIDE = ("http://", "https://", "mailto:")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def links(text: str) -> list[str]:
    return [
        link for link in re.findall(r"\]\(([^)\s]+)\)", without_code(text)) if not link.startswith(OUTSIDE)
    ]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as renderers of Markdown form them."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_every_link_leads_somewhere(page):
    lost = []
    for link in links(page.read_text(encoding="utf-8")):
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8"))
        ):
            lost.append(link)
    assert lost == []


def test_every_guide_is_in_the_table_of_contents():
    index = ROOT / "docs" / "index.md"
    listed = {
        (index.parent / link.partition("#")[0]).resolve() for link in links(index.read_text(encoding="utf-8"))
    }
    # A folder's own index stands for what it holds.
    folders = {path.parent for path in listed if path.name == "index.md" and path.parent != index.parent}
    missing = [
        short(page)
        for page in (ROOT / "docs").rglob("*.md")
        if page != index and page.resolve() not in listed and page.parent.resolve() not in folders
    ]
    assert missing == []


def test_every_shipped_case_explains_itself():
    cases = [path.parent for path in (ROOT / "cases").glob("*/case.yaml")]
    assert cases
    assert [short(case) for case in cases if not (case / "README.md").is_file()] == []


def test_the_glossary_keeps_its_terms_in_order_and_once():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for section in glossary.split("\n## ")[1:]:
        terms = [term.lower() for term in re.findall(r"^\| \*\*(.+?)\*\*", section, flags=re.MULTILINE)]
        assert terms == sorted(set(terms))


def python_blocks(page) -> list[str]:
    """The Python of a page that is not a session with prompts; those are run as doctests."""
    blocks = re.findall(
        r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    return [block for block in blocks if ">>>" not in block]


@pytest.mark.parametrize("page", [page for page in PAGES if python_blocks(page)], ids=short)
def test_the_python_a_page_shows_runs(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    exec(compile("\n".join(python_blocks(page)), short(page), "exec"), {"__name__": "page"})


def test_the_readme_lists_the_commands_there_are():
    program = "from tocsin.cli.main import main; main()"
    answer = subprocess.run(
        [sys.executable, "-c", program, "--help"], capture_output=True, check=True, text=True
    )
    _, _, section = answer.stdout.partition("Commands:\n")
    offered = set(re.findall(r"^  ([a-z][a-z-]*)", section, flags=re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert offered == set(re.findall(r"^\| `tocsin ([a-z-]+)", readme, flags=re.MULTILINE))
