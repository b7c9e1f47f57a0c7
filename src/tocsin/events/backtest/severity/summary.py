"""What the backtest of severity found: scores with intervals, published figures reproduced, calibration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tocsin.events.backtest.report import ScoreLine
from tocsin.events.backtest.severity.challenge import PRINTED_ONLY, RIVALS, SAME_PAST
from tocsin.events.backtest.severity.run import OURS, QUANTILES, ScoredWindow
from tocsin.events.deaths import FloatArray
from tocsin.score.skill import block_bootstrap, paired_difference

CRPS = "CRPS"
ALL = "all"
# Whom the base distribution is meant to beat in every window.
TO_BEAT = ("conflictology-12", SAME_PAST, *PRINTED_ONLY)
TOLD_COUNTRIES = 5
# Name, fewest and most deaths in the year before the origin.
KINDS = (
    ("quiet", 0.0, 0.0),
    ("1 to 99 deaths", 1.0, 99.0),
    ("100 to 999", 100.0, 999.0),
    ("1,000 and more", 1000.0, np.inf),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A published score and the same one computed here."""

    forecaster: str
    window: int
    published: str  # with the digits it was given
    recomputed: float

    @property
    def agrees(self) -> bool:
        """Whether it is the same to the digits that were published."""
        digits = len(self.published.partition(".")[2])
        return abs(self.recomputed - float(self.published)) <= 0.5 * 10.0**-digits + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether ours has the lower mean CRPS in one window."""

    rival: str
    window: int
    ours: float
    theirs: float

    @property
    def beats(self) -> bool:
        """Strictly lower."""
        return self.ours < self.theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How often deaths fell where the forecast said, in one kind of country."""

    kind: str
    n: int
    within_half: float  # share of months inside the central half of the draws
    within_nine_tenths: float
    said_any: float  # mean chance of any deaths
    had_any: float  # share of months with deaths


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What a country adds to the difference of the mean CRPS from the rival's, in one window."""

    window: int
    country: str
    difference: float  # below 0 where ours is better
    came: float  # deaths in the year


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveritySummary:
    """Everything that is told of a run."""

    windows: tuple[int, ...]
    countries: int
    vintage: str
    draws: int
    lines: tuple[ScoreLine, ...]
    checks: tuple[Check, ...]
    verdicts: tuple[Verdict, ...]
    calibration: tuple[Calibration, ...]
    contributions: tuple[Contribution, ...]

    @property
    def beats_all(self) -> bool:
        """Whether every rival that is to be beaten is beaten in every window."""
        return bool(self.verdicts) and all(verdict.beats for verdict in self.verdicts)

    @property
    def reproduced(self) -> bool:
        """Whether every published score that can be recomputed was met."""
        return bool(self.checks) and all(check.agrees for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Plain values under the names of the fields."""
        return {
            "windows": list(self.windows),
            "countries": self.countries,
            "vintage": self.vintage,
            "draws": self.draws,
            "beats_all": self.beats_all,
            "reproduced": self.reproduced,
            "scores": [line.to_json() for line in self.lines],
            "published": [{**asdict(check), "agrees": check.agrees} for check in self.checks],
            "beats": [{**asdict(verdict), "beats": verdict.beats} for verdict in self.verdicts],
            "calibration": [asdict(part) for part in self.calibration],
            "contributions": [asdict(part) for part in self.contributions],
        }


def summarise(
    scored: Sequence[ScoredWindow],
    published: Mapping[tuple[str, int], tuple[str, ...]],
    *,
    vintage: str,
    draws: int,
    seed: int,
) -> SeveritySummary:
    """Means with 90 % intervals from resampled countries, and all else that is told."""
    return SeveritySummary(
        windows=tuple(one.year for one in scored),
        countries=len(scored[0].countries),
        vintage=vintage,
        draws=draws,
        lines=tuple(_lines(scored, seed)),
        checks=tuple(
            Check(
                forecaster=name,
                window=one.year,
                published=text,
                recomputed=float(one.crps[name].mean()),
            )
            for name in RIVALS
            for one in scored
            for text in published.get((name, one.year), ())
        ),
        verdicts=tuple(_verdicts(scored, published)),
        calibration=tuple(_calibration(scored)),
        contributions=tuple(part for one in scored for part in _contributions(one)),
    )


def _lines(scored: Sequence[ScoredWindow], seed: int) -> list[ScoreLine]:
    country = np.concatenate([_labels(one) for one in scored])
    parts = [(str(one.year), [one], _labels(one)) for one in scored]
    if len(scored) > 1:
        parts.append((ALL, list(scored), country))
    lines = []
    names = list(scored[0].crps)
    for name in names:
        for over, ones, labels in parts:
            found = block_bootstrap(_flat(ones, name), labels, seed)
            lines.append(ScoreLine.of(found, forecaster=name, score=CRPS, over=over))
    for name in names[1:]:
        for over, ones, labels in parts:
            found = paired_difference(_flat(ones, OURS), _flat(ones, name), labels, seed)
            lines.append(ScoreLine.of(found, forecaster=OURS, score=CRPS, over=over, less=name))
    return lines


def _labels(one: ScoredWindow) -> Any:
    return np.repeat(np.array(one.countries.ids), one.came.shape[1])


def _flat(ones: Sequence[ScoredWindow], name: str) -> FloatArray:
    return np.concatenate([one.crps[name].ravel() for one in ones])


def _verdicts(
    scored: Sequence[ScoredWindow], published: Mapping[tuple[str, int], tuple[str, ...]]
) -> list[Verdict]:
    found = []
    for rival in TO_BEAT:
        for one in scored:
            if rival in one.crps:
                theirs = float(one.crps[rival].mean())
            elif (rival, one.year) in published:
                theirs = float(max(published[rival, one.year], key=len))  # the one with most digits
            else:
                continue
            ours = float(one.crps[OURS].mean())
            found.append(Verdict(rival=rival, window=one.year, ours=ours, theirs=theirs))
    return found


def _calibration(scored: Sequence[ScoredWindow]) -> list[Calibration]:
    """Kinds of country by the deaths of the year before the origin."""
    active = np.concatenate([np.repeat(one.active, one.came.shape[1]) for one in scored])
    came = np.concatenate([one.came.ravel() for one in scored])
    zero = np.concatenate([one.zero.ravel() for one in scored])
    quantiles = np.concatenate([one.quantiles.reshape(-1, len(QUANTILES)) for one in scored])
    answer = []
    for kind, least, most in KINDS:
        chosen = (active >= least) & (active <= most)
        if not chosen.any():
            continue
        low, q1, _, q3, high = quantiles[chosen].T
        here = came[chosen]
        answer.append(
            Calibration(
                kind=kind,
                n=int(chosen.sum()),
                within_half=float(((here >= q1) & (here <= q3)).mean()),
                within_nine_tenths=float(((here >= low) & (here <= high)).mean()),
                said_any=float(1.0 - zero[chosen].mean()),
                had_any=float((here > 0).mean()),
            )
        )
    return answer


def _contributions(one: ScoredWindow) -> list[Contribution]:
    """The countries that move the difference from conflictology-12 most."""
    apart = (one.crps[OURS] - one.crps[TO_BEAT[0]]).sum(axis=1) / one.came.size
    order = np.argsort(-np.abs(apart), kind="stable")[:TOLD_COUNTRIES]
    return [
        Contribution(
            window=one.year,
            country=one.countries.names[i],
            difference=float(apart[i]),
            came=float(one.came[i].sum()),
        )
        for i in order
    ]


def column_of(forecaster: str) -> str:
    """The column of the rows that holds a forecaster's CRPS.

    Examples
    --------
    >>> column_of("conflictology-12")
    'crps_conflictology_12'
    """
    return "crps_" + re.sub(r"\W+", "_", forecaster)


def row_columns(scored: Sequence[ScoredWindow]) -> dict[str, Any]:
    """One row per forecast: window, country, month, what came, quantiles, chances, each forecaster's CRPS."""
    flat = {
        "window": [np.full(one.came.size, one.year) for one in scored],
        "country_id": [_labels(one) for one in scored],
        "country": [np.repeat(np.array(one.countries.names), one.came.shape[1]) for one in scored],
        "month_id": [np.tile(np.array(one.months), len(one.countries)) for one in scored],
        "actual": [one.came.ravel() for one in scored],
        "chance_of_none": [one.zero.ravel() for one in scored],
        "chance_of_fewer": [one.below.ravel() for one in scored],
    }
    for k, level in enumerate(QUANTILES):
        flat[f"q{round(100 * level):02d}"] = [one.quantiles[:, :, k].ravel() for one in scored]
    for name in scored[0].crps:
        flat[column_of(name)] = [one.crps[name].ravel() for one in scored]
    return {name: np.concatenate(parts) for name, parts in flat.items()}
