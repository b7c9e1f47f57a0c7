"""Every number of a case that can be moved, with the path under which a change writes it.

A number stands in a case as a word, as itself, or with its own spread. A knob moves its middle and leaves its
spread: so that what is moved by nothing changes nothing, and what is moved by little changes little. Of
shares that sum to 1 each is a knob, and moving one scales the others (`with_share`).
"""

from __future__ import annotations

import datetime as dt

from tocsin.case.knobs.evidence import evidence_knobs
from tocsin.case.knobs.game import game_knobs
from tocsin.case.knobs.knob import Form, Knob, value_of, with_share
from tocsin.case.model import Case

__all__ = ["Form", "Knob", "knobs_of", "value_of", "with_share"]


def knobs_of(case: Case, as_of: dt.date | None = None) -> tuple[Knob, ...]:
    """Every number of a case that can be moved, part by part in the case's order.

    Parameters
    ----------
    case : a checked case
    as_of : leave out what began or became known later, which can change no answer of that day
    """
    last = as_of or dt.date.max
    return (*game_knobs(case, last), *evidence_knobs(case, last))
