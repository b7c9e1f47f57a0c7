"""The report of `assess`: the estimate as one page."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tocsin.ask.estimate import Estimate, EvidenceEstimate, FrontEstimate, Weight
from tocsin.show import wording as say
from tocsin.show.page import render_page

# Pieces of evidence in the open; the rest is folded away.
OPEN_EVIDENCE = 30


def render_html(estimate: Estimate) -> str:
    """The report as one page."""
    chosen = say.in_focus(estimate)
    others = tuple(front for front in estimate.fronts if front not in chosen)
    weighed = tuple(piece for piece in estimate.evidence if piece.weights)
    return render_page(
        "report.html",
        estimate.rungs,
        e=estimate,
        names=say.numbers(estimate),
        actors=say.actors_in_order(estimate),
        chosen=chosen,
        others=others,
        fans={fan.ref: fan for fan in estimate.futures.fans},
        answers={question.id: question for question in estimate.questions},
        weighed=weighed,
        folded=tuple(piece for piece in estimate.evidence if not piece.weights),
        open_evidence=OPEN_EVIDENCE,
        evidence_scale=min(max((piece.diagnosticity for piece in weighed), default=0.0) * 1.25 + 1.0, 10.0),
        carriers=tuple(piece for piece in estimate.evidence if piece.carries),
        by_hypothesis=by_hypothesis,
        telling=telling,
        by_milestone=by_milestone,
        largest_nats=largest_nats,
        on_questions=on_questions,
    )


def write_html(estimate: Estimate, path: str | os.PathLike[str]) -> None:
    """Write the report."""
    Path(path).write_text(render_html(estimate), encoding="utf-8", errors="xmlcharrefreplace", newline="\n")


def by_hypothesis(piece: EvidenceEstimate) -> dict[str, Weight]:
    """A piece's weights by what they speak to."""
    return {weight.hypothesis: weight for weight in piece.weights}


def telling(estimate: Estimate, hypothesis: str, most: int = 3) -> list[tuple[EvidenceEstimate, Weight]]:
    """The evidence that says most of a hypothesis, for or against, leaving out what hardly says anything."""
    found = [
        (piece, weight)
        for piece in estimate.evidence
        for weight in piece.weights
        if weight.hypothesis == hypothesis and abs(weight.decibans.value) >= 0.5
    ]
    return sorted(found, key=lambda pair: -abs(pair[1].decibans.value))[:most]


def by_milestone(estimate: Estimate) -> list[tuple[Any, list[tuple[str, dict[str, Any]]]]]:
    """For each day up to which it is counted: each front's chance of having reached each rung."""
    days = sorted({by for fan in estimate.futures.fans for _, by, _ in fan.reached})
    return [
        (
            day,
            [
                (fan.ref, {rung: chance for rung, by, chance in fan.reached if by == day})
                for fan in estimate.futures.fans
            ],
        )
        for day in days
    ]


def largest_nats(front: FrontEstimate) -> float:
    """The scale of a front's bars; a nat at the least, so that nothing small looks large."""
    return max([1.0, *(abs(t.nats) + t.spread for t in front.terms)])


def on_questions(piece: EvidenceEstimate, questions: Iterable[str]) -> Weight | None:
    """The piece's largest weight among the questions."""
    return say.strongest(piece, questions)
