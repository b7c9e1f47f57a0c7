"""How a change, a portfolio and an effect are written, alike in terminal and page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.options.answer import (
    DoubtfulNumber,
    EffectOutcome,
    Level,
    LeverAnswer,
    Options,
    Paired,
    Robustness,
    Switch,
)
from tocsin.show import wording as say

# Errors beyond which a change is called one.
TELLING = 2.0
NOTHING = "nothing"
UNITS = {
    "threat": "nats",
    "pull": "nats",
    "provokes": "rungs",
    "tie": "of strength",
}


def points(change: Paired | Number) -> str:
    """A change of a probability in points, with as many digits as its error supports.

    Examples
    --------
    >>> points(Paired(value=-0.0243, mc_error=0.0021, low=-0.03, high=-0.02))
    '−2.4 ±0.2'
    >>> points(Paired(value=0.0, mc_error=0.0, low=0.0, high=0.0))
    '0'
    """
    value = change.value
    if value == 0.0 and change.mc_error == 0.0:
        return "0"
    error = 100.0 * change.mc_error
    digits = 1 if error >= 0.095 else 2
    return f"{say.plus(100.0 * value, digits)} ±{error:.{digits}f}"


def level(number: Number) -> str:
    """A probability that is none of a question, such as a regret, in points.

    Examples
    --------
    >>> level(Number(value=0.0871, mc_error=0.03)), level(Number(value=0.0, mc_error=0.0))
    ('8.7 ±3.0', '0')
    """
    return points(number).removeprefix("+")


def interval(change: Paired) -> str:
    """The 95 % interval of a change, in points.

    Examples
    --------
    >>> interval(Paired(value=-0.02, mc_error=0.005, low=-0.03, high=-0.01))
    '[−3.0, −1.0]'
    """
    digits = 1 if 100.0 * change.mc_error >= 0.095 else 2
    return f"[{say.plus(100.0 * change.low, digits)}, {say.plus(100.0 * change.high, digits)}]"


def small(chance: Chance) -> str:
    """A share of histories in percent, without its error.

    Examples
    --------
    >>> small(Chance(probability=0.0123, mc_error=0.001)), small(Chance(probability=0.0, mc_error=0.0))
    ('1.2 %', '0 %')
    >>> small(Chance(probability=0.0002, mc_error=0.0001))
    'under 0.1 %'
    """
    percent = 100.0 * chance.probability
    if percent == 0.0:
        return "0 %"
    return f"{percent:.1f} %" if percent >= 0.05 else "under 0.1 %"


def told(change: Paired) -> bool:
    """Whether a change can be told from none."""
    return abs(change.value) > TELLING * change.mc_error


def portfolio(levers: Iterable[str], joint: str = " + ") -> str:
    """A portfolio by the ids of its levers.

    Examples
    --------
    >>> portfolio(()), portfolio(("a", "b"))
    ('nothing', 'a + b')
    """
    return joint.join(say.clean(lever) for lever in levers) or NOTHING


def effect(part: EffectOutcome) -> str:
    """An effect as a case states it."""
    unit = f" {UNITS[part.kind]}" if part.kind in UNITS else ""
    once = " at once" if part.at_once else ""
    if part.kind in ("deal", "table"):
        verb = {
            ("deal", True): "signs",
            ("deal", False): "ends",
            ("table", True): "puts on the table",
            ("table", False): "takes off the table",
        }[part.kind, part.shift > 0]
        return f"{verb} {say.clean(part.reference)}"
    return f"{part.kind} {say.clean(part.reference)} {say.plus(part.shift, 2)}{unit}{once}"


def cost(value: float) -> str:
    """A cost without needless digits.

    Examples
    --------
    >>> cost(4.0), cost(2.5)
    ('4', '2.5')
    """
    return f"{value:g}"


def when_it_works(lever: LeverAnswer) -> str:
    """When a lever works."""
    until = f" until {lever.works_until}" if lever.works_until else ""
    return f"works from {lever.works_from}{until}"


def as_done(lever: LeverAnswer) -> str:
    """That a lever has been pulled already, if it has."""
    if not lever.done:
        return ""
    return f"Already done ({say.listed(say.clean(e) for e in lever.done)}); shown as if pulled again."


def who_it_helps_with(lever: LeverAnswer) -> str:
    """Where a lever lowers the risk, by the opponent's disposition; empty if that makes no difference.

    It helps *only* if the opponent is so where it cannot help half as much otherwise, by the 95 % interval.
    """
    by_actor: dict[str, list[tuple[str, Paired]]] = {}
    for group in lever.groups:
        if group.kind == "disposition":
            by_actor.setdefault(group.actor, []).append((group.label, group.outcome.change))
    parts = []
    for actor, found in by_actor.items():
        helped = [label for label, change in found if told(change) and change.value < 0.0]
        hurt = [label for label, change in found if told(change) and change.value > 0.0]
        most = max((change.value for label, change in found if label in helped), default=0.0)
        rest = [change for label, change in found if label not in helped]
        if helped and rest and all(change.low > 0.5 * most for change in rest):
            parts.append(f"helps only if {say.clean(actor)} is {say.listed(map(say.clean, helped), 'or')}")
        if helped and hurt:
            parts.append(f"makes it worse if {say.clean(actor)} is {say.listed(map(say.clean, hurt), 'or')}")
    return "; ".join(parts)


def switch(number: DoubtfulNumber, which: Switch | None, side: int) -> str:
    """How wrong a number would have to be to one side, or that it cannot be told."""
    if which is not None:
        return (
            f"from {figure(number.median)} to {figure(which.median)} ({say.plus(which.shift, 2)} sd): then "
            f"{portfolio(which.instead)}, {points(which.gain)}{'' if which.clear else ', not clearly'}"
        )
    reach = number.supported[side]
    return f"none within {say.plus(reach, 2)} sd" if reach else "not known: too few particles"


def figure(value: float) -> str:
    """A number in its own unit.

    Examples
    --------
    >>> figure(-0.222)
    '−0.22'
    """
    return f"{value:.2f}".replace("-", "−")


def as_nothing(number: DoubtfulNumber, level: Level) -> str:
    """From where on a number makes the choice no better than doing nothing, by the estimate alone."""
    return (
        f"no better than nothing from {figure(number.median)} to {figure(level.median)} on "
        f"({say.plus(level.shift, 2)} sd)"
    )


def nearest_nothing(numbers: Sequence[DoubtfulNumber]) -> tuple[DoubtfulNumber, Level] | None:
    """The number that needs to be least wrong for the choice to be no better than doing nothing."""
    found = [(number, level) for number in numbers for level in number.as_nothing if level is not None]
    return min(found, key=lambda entry: abs(entry[1].shift), default=None)


def horizon(row: Robustness) -> str:
    """How far the numbers may be off, in standard deviations."""
    if row.horizon is None:
        return "does not meet it even as estimated"
    if row.reaches_end:
        return f"at least {row.horizon.value:.2f}"
    error = f" ±{row.horizon.mc_error:.2f}" if math.isfinite(row.horizon.mc_error) else ""
    return f"{row.horizon.value:.2f}{error}"


def what_risk(answer: Options) -> str:
    """What the choice is about, in a sentence."""
    if len(answer.risk) == 1:
        return say.clean(answer.risk[0][1])
    parts = [f"{say.share(weight)} {name}" for name, _, weight in answer.risk]
    return f"the weighted mean of {say.listed(parts)}"


def closest(numbers: Sequence[DoubtfulNumber]) -> tuple[DoubtfulNumber, Switch, int] | None:
    """The number that needs to be least wrong for the choice to change, clear changes first."""
    found = [
        (number, which, side)
        for number in numbers
        for side, which in enumerate((number.down, number.up))
        if which is not None
    ]
    return min(found, key=lambda entry: (not entry[1].clear, abs(entry[1].shift)), default=None)


def without_question(levers: Sequence[LeverAnswer]) -> tuple[LeverAnswer, ...]:
    """Levers, those that lower the risk most first and those done already last."""
    return tuple(sorted(levers, key=lambda lever: (bool(lever.done), lever.risk.change.value, lever.id)))
