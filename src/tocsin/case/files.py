"""Which part of a case lives in which of its files; everything not named here lives in case.yaml."""

from __future__ import annotations

from typing import Final

CASE_FILE: Final = "case.yaml"
# In reading order. Reports are the one thing with two forms, of which a case has one.
HOMES: Final[dict[str, tuple[str, ...]]] = {
    "indicators": ("indicators.yaml",),
    "sources": ("sources.yaml",),
    "levers": ("levers.yaml",),
    "reports": ("reports.csv", "reports.yaml"),
    "collectors": ("collectors.yaml",),
    "outcomes": ("outcomes.yaml",),
    "truth": ("truth.yaml",),
    "variants": ("variants.yaml",),
}
FILES: Final = (CASE_FILE, *(file for files in HOMES.values() for file in files))


def home(key: str) -> str:
    """The file in which a top-level key of the case is written.

    Examples
    --------
    >>> home("sources"), home("actors")
    ('sources.yaml', 'case.yaml')
    """
    return HOMES.get(key, (CASE_FILE,))[0]
