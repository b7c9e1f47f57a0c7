"""Small entries for the ledger's tests."""

import datetime as dt
from dataclasses import replace

from tocsin.ledger import Forecast, Question, ReportResolution, Resolution

NOON = dt.datetime(2030, 4, 15, 12, tzinfo=dt.UTC)
DAY = NOON.date()
CLOSES = dt.date(2030, 6, 1)


def question(key="flood", **changes) -> Question:
    base = Question(key=key, text=f"Will it come to {key}?", closes=CLOSES, rule="Two agencies say so.")
    return replace(base, **changes)


def forecast(key="flood", probability=0.2, author="Anna", *, closes=CLOSES, case=None, **changes) -> Forecast:
    asked = changes.pop("question", None) or question(key, closes=closes, case=case)
    values = {"question": asked, "author": author, "as_of": DAY, "probability": probability}
    return Forecast(**(values | changes))


def resolution(key="flood", outcome="yes", on=CLOSES, **changes) -> Resolution:
    return Resolution(
        question=key, outcome=outcome, on=on, source="two agencies", rule="Both said so.", **changes
    )


def report(own="r1", right=True, on=DAY, **changes) -> ReportResolution:
    values = {"case": "north", "source": "wire", "report": own, "right": right, "resolved_on": on}
    return ReportResolution(**(values | {"why": "seen since"} | changes))


def later(days: float) -> dt.datetime:
    return NOON + dt.timedelta(days=days)
