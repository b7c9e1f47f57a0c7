"""tocsin: a workbench for strategic warning.

>>> import tocsin
>>> case = tocsin.load("cases/lebanon-2023")  # doctest: +SKIP
>>> tocsin.assess(case, as_of="2023-10-11")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["assess", "load"]

if TYPE_CHECKING:
    from tocsin.ask.assess import assess
    from tocsin.case.read import load


def __getattr__(name: str) -> Any:
    # The command line starts in a tenth of a second because nothing is imported before it is used.
    if name == "assess":
        from tocsin.ask.assess import assess

        return assess
    if name == "load":
        from tocsin.case.read import load

        return load
    raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
