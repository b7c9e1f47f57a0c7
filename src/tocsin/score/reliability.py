"""What resolved reports teach of a source: a Beta distribution of how often it is right.

The Admiralty letter says where to start, as so many reports right and so many wrong; the source's own record
adds to it, and so does every report of which it has become clear whether it told what was so (a beta-binomial
update). A letter of much weight, such as A, takes many reports to move; F, which knows nothing, few.

A report that proved right counts as one whole success, though an idle source is right now and then by luck;
so a record says how often a source is right, not how well it knows. Reports of one origin are one report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scipy.special import betaincinv

from tocsin.case import words
from tocsin.case.model import Source
from tocsin.score.inputs import ScoreError

LEVEL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A report of which it has become clear whether it told what was so."""

    source: str
    report: str
    right: bool
    on: dt.date  # the day on which it was clear
    why: str = ""
    case: str = ""  # where the report stands; reports of one name in two cases are two


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Reports right and wrong; not whole numbers where old ones count less."""

    right: float = 0.0
    wrong: float = 0.0

    @property
    def total(self) -> float:
        """Reports in all."""
        return self.right + self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How often a source is right: Beta(right, wrong)."""

    right: float
    wrong: float

    @property
    def mean(self) -> float:
        """Chance that its next report is right."""
        return self.right / (self.right + self.wrong)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The central credible interval.

        Examples
        --------
        >>> [round(end, 3) for end in Reliability(right=1.0, wrong=1.0).interval()]
        [0.05, 0.95]
        """
        if not 0.0 < level < 1.0:
            raise ScoreError(f"level: found {level:g}; expected a share between 0 and 1")
        low, high = (
            float(betaincinv(self.right, self.wrong, tail)) for tail in ((1 - level) / 2, (1 + level) / 2)
        )
        return low, high


def prior_reliability(source: Source) -> Reliability:
    """What the source's letter and its own record in the case say of it.

    Examples
    --------
    >>> prior_reliability(Source(id="s", name="S", grade="B", reason="")).mean
    0.85
    """
    right, wrong = words.RELIABILITY[source.grade]
    own = source.record
    return Reliability(right=right + (own.right if own else 0), wrong=wrong + (own.wrong if own else 0))


def tally(
    proofs: Iterable[Proof], as_of: dt.date, *, half_life_days: float | None = None
) -> Mapping[str, Tally]:
    """Reports right and wrong by source, as far as it was clear by a day.

    Parameters
    ----------
    proofs : resolved reports, in any order; those that were clear only after the day are left out
    as_of : the last day that counts
    half_life_days : days after which a report counts half; for good if left out. Sources change, and how
        fast is a judgement

    Returns
    -------
    a tally for each source that has one, in the order of their names

    Raises
    ------
    ScoreError if one report is said to be right and wrong

    Examples
    --------
    >>> day = dt.date(2030, 4, 1)
    >>> tally([Proof(source="s", report="r1", right=True, on=day)], day)
    {'s': Tally(right=1.0, wrong=0.0)}
    """
    if half_life_days is not None and not half_life_days > 0.0:
        raise ScoreError(f"half-life: found {half_life_days:g} days; expected more than 0")
    latest: dict[tuple[str, str], Proof] = {}
    for proof in proofs:
        if proof.on > as_of:
            continue
        key = (proof.case, proof.report)
        other = latest.setdefault(key, proof)
        if (other.right, other.source) != (proof.right, proof.source):
            raise ScoreError(
                f"report {proof.report}: found {_told(other)} and {_told(proof)}; expected one resolution"
            )
    counts: dict[str, list[float]] = {}
    for proof in sorted(latest.values(), key=lambda p: (p.source, p.on, p.case, p.report)):
        age = (as_of - proof.on).days
        weight = 1.0 if half_life_days is None else 0.5 ** (age / half_life_days)
        counts.setdefault(proof.source, [0.0, 0.0])[0 if proof.right else 1] += weight
    return {source: Tally(right=right, wrong=wrong) for source, (right, wrong) in counts.items()}


def _told(proof: Proof) -> str:
    return f"{'right' if proof.right else 'wrong'} ({proof.source}, {proof.on})"


def learned(source: Source, proved: Tally) -> Reliability:
    """A source's reliability with its resolved reports counted in.

    Examples
    --------
    >>> learned(Source(id="s", name="S", grade="F", reason=""), Tally(right=2, wrong=0)).mean
    0.75
    """
    before = prior_reliability(source)
    return Reliability(right=before.right + proved.right, wrong=before.wrong + proved.wrong)
