"""Whether what a case says can be: names that exist, dates in order, numbers on their scales.

Pure: a case in, findings out. A finding knows its path in the case; `tocsin.case.read` knows which
line of which file that path is.
"""

from __future__ import annotations

from tocsin.case.check.finding import Finding
from tocsin.case.check.names import ANYTHING, Presumed
from tocsin.case.model import Case

__all__ = ["ANYTHING", "Finding", "Presumed", "check"]


def check(case: Case, presumed: Presumed | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong, or likely not meant, in a case.

    Parameters
    ----------
    case : a case whose shape and types already hold
    presumed : names to take as defined, by top-level key, because the part that defines them could not be read
    """
    return ()
