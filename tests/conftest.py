"""What tests of every layer share."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--remake-goldens",
        action="store_true",
        help="write what the golden tests compare with anew, instead of comparing; then read the diff",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the file that holds what it should be, or remake that file."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--remake-goldens"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no golden {path.name}; make it with pytest --remake-goldens"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of historical data, which is no part of the repository."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("TOCSIN_DATA") or beside)
    if not folder.is_dir():
        pytest.skip("needs the historical data at ../shared/data, or in the folder that TOCSIN_DATA names")
    return folder
