"""The time grid: the steps of a case, coarse ones with finer stretches spliced in.

Step 0 is the state at the start; step t (1 to T) covers the days ``first_days[t - 1]`` up to the day before
the next one. A posture is held from the first day of its step, so a question "by" a day counts every step
whose first day is on or before it.
"""

from __future__ import annotations

import bisect
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tocsin.case.model import Case


@dataclass(frozen=True, kw_only=True)
class Grid:
    """First days of steps 1 to T, and the first day after the last of them."""

    first_days: tuple[dt.date, ...]
    end: dt.date

    @property
    def n_steps(self) -> int:
        """T, the number of steps."""
        return len(self.first_days)

    @cached_property
    def weeks(self) -> tuple[float, ...]:
        """Length of steps 0 to T in weeks; step 0, the start, has none."""
        days = (*self.first_days, self.end)
        return (0.0, *((after - first).days / 7.0 for first, after in pairwise(days)))

    def step_of(self, day: dt.date) -> int:
        """The step that holds `day`: 0 before the start, T + 1 after the end."""
        if day >= self.end:
            return self.n_steps + 1
        return bisect.bisect_right(self.first_days, day)

    def first_day(self, step: int) -> dt.date:
        """First day of `step` (1 to T); of step 0 the start itself."""
        return self.first_days[max(step - 1, 0)]

    def day_after(self, step: int) -> dt.date:
        """First day after `step`."""
        return self.first_days[step] if step < self.n_steps else self.end


def _next_month(day: dt.date, anchor: int) -> dt.date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(anchor, last))


def build_grid(case: Case) -> Grid:
    """Lay the steps of a case from its start through its end day.

    Examples
    --------
    A fortnight by the week, its first three days by the day:

    >>> case = Case.model_validate(
    ...     {
    ...         "tocsin": 1,
    ...         "title": "t",
    ...         "question": "q",
    ...         "start": "2023-10-01",
    ...         "end": "2023-10-14",
    ...         "fine": [{"since": "2023-10-01", "until": "2023-10-04"}],
    ...         "actors": [{"id": "a", "name": "A"}],
    ...         "fronts": [{"from": "a", "to": "b"}],
    ...         "questions": [{"id": "q", "text": "t", "by": "2023-10-14", "rule": {}}],
    ...     }
    ... )
    >>> [day.day for day in build_grid(case).first_days]
    [1, 2, 3, 4, 11]
    """
    stop = case.end + dt.timedelta(days=1)
    starts = sorted(stretch.since for stretch in case.fine if stretch.since > case.start)
    days: list[dt.date] = []
    day = case.start
    while day < stop:
        days.append(day)
        stretch = next((s for s in case.fine if s.since <= day < s.until), None)
        step = stretch.step if stretch else case.step
        if step == "month":
            after = _next_month(day, case.start.day)
        else:
            after = day + dt.timedelta(days=7 if step == "week" else 1)
        if stretch:
            after = min(after, stretch.until)
        after = min([after, *(s for s in starts if s > day)])
        day = min(after, stop)
    return Grid(first_days=tuple(days), end=stop)
