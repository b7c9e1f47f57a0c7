"""The report: one HTML file that holds everything it needs, opened from disk without a network.

The template renders the estimate and nothing else. All text is escaped, and the page's own policy lets no
script run but the one it was written with, so that a case can carry any text.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.ask.estimate import Estimate, EvidenceEstimate, FrontEstimate, Weight
from tocsin.show import record as records
from tocsin.show import svg
from tocsin.show import wording as say
from tocsin.show.meaning import TERMS

# Pieces of evidence in the open; the rest is folded away.
OPEN_EVIDENCE = 30
# From pale to deep in the light, from deep to bright in the dark: rank shows without colour vision.
LIGHT = ("#e6ebf0", "#c8d3de", "#f3dfa2", "#eeb765", "#dd8244", "#b04a33", "#5f1a33")
DARK = ("#2a323c", "#3d4a63", "#66508c", "#a04f86", "#dd6069", "#f6975c", "#fde490")


def render_html(estimate: Estimate, *, focus: Iterable[str] | None = None) -> str:
    """The report as one page.

    Parameters
    ----------
    focus : fronts that the questions ask about, most important first; all fronts if left out
    """
    focus = None if focus is None else tuple(focus)
    environment = _environment()
    style = Markup(environment.get_template("report.css").render(rungs=_rung_colours(len(estimate.rungs))))
    script = Markup(environment.get_template("report.js").render())
    chosen = say.in_focus(estimate, focus)
    others = tuple(front for front in estimate.fronts if front not in chosen)
    weighed = tuple(piece for piece in estimate.evidence if piece.weights)
    return environment.get_template("report.html").render(
        e=estimate,
        names=say.numbers(estimate),
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}",
        actors=say.actors_in_order(estimate, focus),
        chosen=chosen,
        others=others,
        fans={fan.ref: fan for fan in estimate.futures.fans},
        answers={question.id: question for question in estimate.questions},
        weighed=weighed,
        folded=tuple(piece for piece in estimate.evidence if not piece.weights),
        open_evidence=OPEN_EVIDENCE,
        evidence_scale=min(max((piece.diagnosticity for piece in weighed), default=0.0) * 1.25 + 1.0, 10.0),
        carriers=tuple(piece for piece in estimate.evidence if piece.carries),
        terms=TERMS,
    )


def write_html(
    estimate: Estimate, path: str | os.PathLike[str], *, focus: Iterable[str] | None = None
) -> None:
    """Write the report."""
    Path(path).write_text(
        render_html(estimate, focus=focus), encoding="utf-8", errors="xmlcharrefreplace", newline="\n"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tocsin.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every text, wherever it is put, without what would reverse or break the line it stands in.
        finalize=_finalized,
    )
    environment.filters |= {
        "percent": say.percent,
        "about": say.about,
        "share": say.share,
        "signed": say.signed,
        "plus": say.plus,
        "day": say.day,
        "titled": say.titled,
        "counted": say.counted,
        "listed": say.listed,
        "anchor": anchor,
    }
    environment.globals |= {
        "svg": svg,
        "records": records,
        "term": term,
        "heat": heat,
        "uncertain": say.is_uncertain,
        "odds": say.odds_words,
        "by_hypothesis": by_hypothesis,
        "telling": telling,
        "by_milestone": by_milestone,
        "largest_nats": largest_nats,
        "on_questions": on_questions,
    }
    return environment


def _finalized(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    # The template's own joints, such as "; ", keep their spaces.
    return value if value.isprintable() else say.clean(value)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _mix(ramp: Sequence[str], share: float) -> str:
    """A colour on a ramp, 0 its start and 1 its end.

    Examples
    --------
    >>> _mix(("#000000", "#ffffff"), 0.5)
    '#808080'
    """
    place = share * (len(ramp) - 1)
    k = min(int(place), len(ramp) - 2)
    one, other = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (ramp[k], ramp[k + 1]))
    return "#" + "".join(f"{round(a + (b - a) * (place - k)):02x}" for a, b in zip(one, other, strict=True))


def _rung_colours(count: int) -> list[tuple[str, str]]:
    shares = [k / max(count - 1, 1) for k in range(count)]
    return [(_mix(LIGHT, share), _mix(DARK, share)) for share in shares]


def anchor(text: str) -> str:
    """A name that can stand in an address within the page.

    Examples
    --------
    >>> anchor("Monte Carlo error"), anchor("a -> b")
    ('monte-carlo-error', 'a-b')
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def term(name: str, shown: str | None = None) -> Markup:
    """A technical word, which explains itself when pointed at and leads to its entry at the end.

    Examples
    --------
    >>> str(term("nat", "nats"))[:42]
    '<a class="term" href="#term-nat" title="Th'
    """
    return Markup('<a class="term" href="#term-{}" title="{}">{}</a>').format(
        anchor(name), TERMS[name], shown or name
    )


def heat(value: float, scale: float) -> str:
    """The class that colours a cell: p1 to p5 above nothing, n1 to n5 below it.

    Examples
    --------
    >>> heat(10.0, 10.0), heat(-2.0, 10.0), heat(0.01, 10.0)
    ('p5', 'n1', '')
    """
    strength = min(round(5 * abs(value) / scale) if scale else 0, 5)
    return f"{'p' if value > 0 else 'n'}{strength}" if strength else ""


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
