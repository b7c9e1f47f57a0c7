"""What is known now of what was hidden then, in the game's own numbers; nothing after the as-of day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.case.model import Case, Indicator, Report, Truth
from tocsin.game.plan import Game


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """The truth of a case, asked by name and by step."""

    game: Game
    truth: Truth

    def disposition(self, actor: str) -> str | None:
        """The disposition that an actor proved to have; None if it is not known."""
        return self.truth.dispositions.get(actor)

    def deceives(self, actor: str) -> bool | None:
        """Whether an actor ran denial and deception; None if it is not known."""
        return self.truth.deceives.get(actor)

    def level(self, kind: str, reference: str, step: int) -> float | None:
        """What a hidden level was in a step: a rung's place, readiness 0 to 3, a factor's value, or None.

        Of a step the last day counts, of the step in progress the as-of day.
        """
        day = min(self.game.grid.day_after(step) - dt.timedelta(days=1), self.game.as_of)
        told = [
            entry
            for entry in self.truth.levels
            if getattr(entry, kind, None) == reference and entry.since <= day
        ]
        if not told:
            return None
        value = max(told, key=lambda entry: entry.since).value
        if kind in ("posture", "goal"):
            return float(self.game.rungs.index(str(value))) if str(value) in self.game.rungs else None
        return float(value)

    def shown(self, indicator: Indicator, step: int) -> float | None:
        """The level of what an indicator is about, as `tocsin.infer.simulate.chance_said` takes it."""
        kind, reference = indicator.about.target
        if kind == "disposition":
            name = self.disposition(reference)
            return float(self.game.dispositions.index(name)) if name in self.game.dispositions else None
        return self.level(kind, reference, step)

    def verdict(self, report: Report) -> str | None:
        """Whether a report was right, wrong or planted; None if it is not known."""
        return self.truth.reports.get(report.id)


def unknowns(case: Case, truth: Truth, as_of: dt.date) -> tuple[str, ...]:
    """What the truth of a case leaves open, in sentences; a repair leaves alone what is not known."""
    out = []
    for what, told, all_of in (
        ("dispositions", truth.dispositions, [actor.id for actor in case.actors]),
        ("deception", truth.deceives, [actor.id for actor in case.actors]),
    ):
        missing = [name for name in all_of if name not in told]
        if missing:
            out.append(f"{what} of {', '.join(missing)}: not known")
    told_of = {entry.target for entry in truth.levels if entry.since <= as_of}
    shown = {
        indicator.about.target for indicator in case.indicators if indicator.about.target[0] != "disposition"
    }
    hidden = sorted(f"{kind} of {reference}" for kind, reference in shown - told_of)
    if hidden:
        out.append(f"{'; '.join(hidden)}: what it was is not known, so nothing is imagined as reported of it")
    by_then = [report for report in case.reports if report.date <= as_of]
    unjudged = [report.id for report in by_then if report.id not in truth.reports]
    if unjudged:
        out.append(
            f"{len(unjudged)} of {len(by_then)} reports dated by then carry no verdict and stay as they are"
        )
    return tuple(out)


__all__ = ["Hindsight", "unknowns"]
