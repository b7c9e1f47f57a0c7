"""Take one picture of each page of the workbench, with a real case, for the guide and the README.

    uv run scripts/screenshots.py [PAGE...]

Serves Lebanon 2023 with a ledger made of the shipped cases, goes through the pages as a reader would, and
writes ``docs/pages/PAGE.png``. Needs Chromium; takes some minutes, for every answer is computed.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import CHROMIUM, OPTIONS  # noqa: E402
from tests.web.served import listening  # noqa: E402
from tocsin.cli.main import tocsin  # noqa: E402
from tocsin.web import create_app  # noqa: E402
from tocsin.web.workspace import Workspace  # noqa: E402

CASES = ROOT / "cases"
SHOWN = "lebanon-2023"
OUT = ROOT / "docs" / "pages"
WIDTH, TALLEST = 1280, 1500
LONG = 15 * 60 * 1000  # milliseconds


def begin_all(page: Page) -> None:
    """Press every button that begins long work."""
    for label in page.locator("main form button.strong:enabled:visible").all_inner_texts():
        page.get_by_role("button", name=label, exact=True).first.click()
        page.wait_for_timeout(500)


def every_day(page: Page) -> None:
    """Work out the answers of every day."""
    page.get_by_role("button", name="Work out the answers of every day").click()


def move(page: Page) -> None:
    """Give one reason more weight."""
    page.wait_for_selector("main .chart svg")
    slider = page.get_by_role("region", name="The numbers").get_by_role("slider").nth(2)
    slider.focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")


def nothing(page: Page) -> None:
    """The page as it comes up."""


PAGES: dict[str, Callable[[Page], None]] = {
    "case": nothing,
    "timeline": every_day,
    "actors": nothing,
    "evidence": nothing,
    "futures": nothing,
    "options": begin_all,
    "watching": begin_all,
    "record": nothing,
    "whatif": move,
    "variants": nothing,
}
# What a page is about, where Lebanon's own says too little.
OF = {"variants": "ukraine-2022/variants", "whatif": f"{SHOWN}/whatif", "record": f"{SHOWN}/record"}


def ledger(folder: Path) -> str:
    """A ledger of the shipped cases as of the day of their questions, resolved as they turned out."""
    place = str(folder / "ledger.sqlite")
    for case in sorted(path.parent for path in CASES.glob("*/case.yaml")):
        for command in (["add", str(case), "--particles", "5000"], ["resolve", str(case)]):
            answer = CliRunner().invoke(tocsin, ["ledger", *command, "--ledger", place])
            if answer.exit_code:
                sys.exit(answer.output)
    return place


def main() -> None:
    """Take the pictures that were asked for, or all."""
    wanted = sys.argv[1:] or list(PAGES)
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = create_app(
            Workspace([CASES / SHOWN, CASES / "ukraine-2022"]),
            ledger=ledger(Path(folder)) if "record" in wanted else None,
        )
        with listening(app) as place:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            page = chromium.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
            for name in wanted:
                page.goto(f"{place}/#/{OF.get(name, f'{SHOWN}/{name}')}")
                page.wait_for_selector("main h1")
                page.wait_for_timeout(1_000)
                page.wait_for_selector("main progress", state="detached", timeout=LONG)
                PAGES[name](page)
                page.wait_for_timeout(1_500)
                page.wait_for_selector("main progress", state="detached", timeout=LONG)
                page.wait_for_timeout(1_500)
                page.evaluate("scrollTo(0, 0)")
                height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                page.set_viewport_size({"width": WIDTH, "height": height})
                page.wait_for_timeout(500)
                page.screenshot(path=OUT / f"{name}.png")
                page.set_viewport_size({"width": WIDTH, "height": 900})
                sys.stderr.write(f"{name}: {WIDTH} x {height}\n")
            chromium.close()


if __name__ == "__main__":
    main()
