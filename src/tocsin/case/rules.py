"""What a question's rule refers to."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.model import Question, Rule


def fronts_of(question: Question) -> tuple[str, ...]:
    """Fronts that a question's rule refers to, in its order.

    Examples
    --------
    >>> import datetime as dt
    >>> rule = Rule(front="a -> b", reaches="war")
    >>> fronts_of(Question(id="q", text="Will a wage war on b?", rule=rule, by=dt.date(2030, 1, 1)))
    ('a -> b',)
    """
    return tuple(dict.fromkeys(rule.front for rule in _parts(question.rule) if rule.front is not None))


def deals_of(question: Question) -> tuple[str, ...]:
    """Deals that a question's rule refers to, in its order."""
    return tuple(dict.fromkeys(rule.deal for rule in _parts(question.rule) if rule.deal is not None))


def _parts(rule: Rule) -> Iterator[Rule]:
    yield rule
    for part in (*(rule.any_ or ()), *(rule.all_ or ()), *(rule.of or ())):
        yield from _parts(part)


__all__ = ["deals_of", "fronts_of"]
