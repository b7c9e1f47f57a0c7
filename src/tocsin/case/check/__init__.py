"""Whether what a case says can be: names that exist, dates in order, numbers on their scales.

Pure: a case in, findings out. A finding knows its path in the case; `tocsin.case.read` knows which
line of which file that path is. Each module here looks at one part of a case and yields what it finds.
"""

from __future__ import annotations

from tocsin.case.check.actors import check_actors
from tocsin.case.check.changes import check_changes
from tocsin.case.check.collectors import check_collectors
from tocsin.case.check.dates import check_dates
from tocsin.case.check.evidence import check_indicators, check_reports, check_sources
from tocsin.case.check.finding import Finding
from tocsin.case.check.identity import check_identity
from tocsin.case.check.names import ANYTHING, Names, Presumed
from tocsin.case.check.numbers import check_numbers
from tocsin.case.check.questions import check_outcomes, check_questions
from tocsin.case.check.truth import check_truth
from tocsin.case.check.variants import check_variants
from tocsin.case.model import Case

__all__ = ["ANYTHING", "Finding", "Presumed", "check"]

_CHECKS = (
    check_identity,
    check_dates,
    check_numbers,
    check_actors,
    check_changes,
    check_indicators,
    check_sources,
    check_reports,
    check_questions,
    check_outcomes,
    check_collectors,
    check_truth,
)


def check(case: Case, presumed: Presumed | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with a case, or likely not meant, in every view of it.

    Parameters
    ----------
    case : a case whose shape and types already hold
    presumed : names to take as defined, by top-level key, where the part that defines them was unreadable

    Returns
    -------
    findings, grouped by kind of check; `tocsin.case.read` puts them in reading order
    """
    names = Names(case, presumed or {})
    findings = [finding for look in _CHECKS for finding in look(case, names)]
    return (*findings, *check_variants(case, names, check))
