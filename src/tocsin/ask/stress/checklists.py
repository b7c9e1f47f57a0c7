"""The checklists by which analysts look for deception, filled in as far as the case says.

Motive, opportunity and means; past opposition practices; manipulability of sources; evaluation of evidence:
the questions are those of Heuer (Cognitive Factors in Deception and Counterdeception, in Daniel and Herbig,
Strategic Military Deception, 1982; Heuer and Pherson, Structured Analytic Techniques, 2010) and of the
Tradecraft Primer of the United States Government (CIA, March 2009, "Deception detection"), in our words. An
answer names the entries of the case that it comes from. Where the case says nothing, the answer is blank: a
blank is for the analyst to fill, not for the machine to guess.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tocsin.ask.stress.answer import Checklist, Line
from tocsin.ask.stress.tricks import origin_of, thing_of
from tocsin.ask.weights import leave_out
from tocsin.case import words
from tocsin.case.model import Actor, Case, Indicator, Report, Source
from tocsin.game.skill import TEACHING_PER_YEAR, deception_skill
from tocsin.infer.evidence import owner_of
from tocsin.infer.posterior import Posterior

# How many entries an answer quotes; it counts the rest.
QUOTED = 4

Answer = tuple[str, tuple[str, ...]]
BLANK: Answer = ("", ())


def checklists(posterior: Posterior, truth: np.ndarray, actors: Iterable[str]) -> tuple[Checklist, ...]:
    """All checklists: two for each actor that might deceive, one for each source, one for the evidence."""
    case = posterior.game.case
    by_id = {actor.id: actor for actor in case.actors}
    out: list[Checklist] = []
    for name in actors:
        out.append(_list("motive, opportunity and means", name, _motive(posterior, by_id[name])))
        out.append(_list("past opposition practices", name, _past(case, by_id[name])))
    spoke = {r.source for r in case.reports} | {s.id for s in case.sources if s.watches}
    for source in case.sources:
        if source.id in spoke:
            out.append(_list("manipulability of sources", source.id, _source(case, source)))
    out.append(_list("evaluation of evidence", "the evidence", _evidence(posterior, truth)))
    return tuple(out)


def _list(name: str, about: str, rows: Iterable[tuple[str, Answer]]) -> Checklist:
    lines = tuple(Line(question=question, answer=told, entries=entries) for question, (told, entries) in rows)
    return Checklist(name=name, about=about, lines=lines, answered=sum(bool(line.answer) for line in lines))


def _some(parts: list[str], noun: str) -> str:
    rest = len(parts) - QUOTED
    told = "; ".join(parts[:QUOTED])
    return f"{told}; and {rest} more {noun}" if rest > 0 else told


# Motive, opportunity and means


def _motive(posterior: Posterior, actor: Actor) -> list[tuple[str, Answer]]:
    case = posterior.game.case
    own = [i for i in case.indicators if owner_of(i) == actor.id]
    pulls = [r for r in case.reasons if r.front.startswith(f"{actor.id} -> ") and r.direction == "pull"]
    motive: Answer = BLANK
    if pulls:
        motive = (
            "What pulls it toward force, and so toward hiding that it means to: "
            + _some([r.text.rstrip(".") for r in pulls], "reasons"),
            tuple(f"reasons.{r.id}" for r in pulls),
        )
    threats = [t for t in case.threats if t.against == actor.id]
    risk: Answer = BLANK
    if threats:
        risk = (
            "The case says what it would face if it were seen to climb, not what being caught would cost: "
            + _some([f"{t.by}: {t.text.rstrip('.') or 'a threat'}" for t in threats], "threats"),
            tuple(f"threats.{t.by} -> {t.against}" for t in threats),
        )
    watching = [c for c in case.collectors if c.actor == actor.id]
    feedback: Answer = BLANK
    if watching:
        feedback = (
            "It has means to see how we take it: " + _some([c.name for c in watching], "collectors"),
            tuple(f"collectors.{c.id}" for c in watching),
        )
    return [
        ("Motive: what would it gain if we were deceived?", motive),
        ("Opportunity: through what channels could it reach us?", _channels(case, actor, own)),
        ("Means: how able is it to deceive?", _means(posterior, actor, own)),
        ("Risk: what would it cost to be found out?", risk),
        ("Feedback: could it see whether we believe it?", feedback),
    ]


def _channels(case: Case, actor: Actor, own: list[Indicator]) -> Answer:
    told: list[str] = []
    entries: list[str] = []
    mouths = [s for s in case.sources if s.controlled_by == actor.id]
    if mouths:
        told.append("it decides what " + _some([s.id for s in mouths], "sources") + " say")
        entries += [f"sources.{s.id}.controlled_by" for s in mouths]
    planted = [i for i in own if words.strength(i.plantable).median > 0.0]
    if planted:
        told.append(
            "it could show "
            + _some([f"{i.id} ({words.strength(i.plantable).median:.0%})" for i in planted], "indicators")
        )
        entries += [f"indicators.{i.id}.plantable" for i in planted]
    return (_sentence(told), tuple(entries)) if told else BLANK


def _means(posterior: Posterior, actor: Actor, own: list[Indicator]) -> Answer:
    game = posterior.game
    i = game.actors.index(actor.id)
    start, now = (
        float(deception_skill(game.case, day)[i]) for day in (game.case.start, posterior.game.as_of)
    )
    skill = words.strength(actor.deception).median
    told = [f"its own skill is {skill:.2f}"]
    entries = [f"actors.{actor.id}.deception"]
    teachers = [
        t
        for t in game.case.ties
        if t.kind in TEACHING_PER_YEAR
        and actor.id in (t.from_, t.to)
        and (t.to == actor.id or t.kind in MUTUAL)
    ]
    if teachers:
        told.append(
            f"with what ties could have taught it {max(start, now):.2f} by {game.as_of} ("
            + _some([f"{t.kind} with {t.from_ if t.to == actor.id else t.to}" for t in teachers], "ties")
            + ")"
        )
        entries += [f"ties.{t.from_} -> {t.to}" for t in teachers]
    hidden = [x for x in own if words.strength(x.concealable).median > 0.0]
    if hidden:
        told.append(
            "it could hide "
            + _some([f"{x.id} ({words.strength(x.concealable).median:.0%})" for x in hidden], "indicators")
        )
        entries += [f"indicators.{x.id}.concealable" for x in hidden]
    return _sentence(told), tuple(entries)


MUTUAL = ("joint command", "alliance")


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


# Past opposition practices


def _past(case: Case, actor: Actor) -> list[tuple[str, Answer]]:
    bases = [
        i
        for i in case.indicators
        if owner_of(i) == actor.id
        and i.basis
        and (words.strength(i.concealable).median > 0.0 or words.strength(i.plantable).median > 0.0)
    ]
    history: Answer = BLANK
    if bases:
        history = (
            "What the case notes where it says what can be hidden or shown: "
            + _some([f"{i.id}: {i.basis.rstrip('.')}" for i in bases], "notes"),
            tuple(f"indicators.{i.id}.basis" for i in bases),
        )
    taught = [
        t
        for t in case.ties
        if t.kind in ("training", "joint command")
        and (t.to == actor.id or (t.kind == "joint command" and t.from_ == actor.id))
    ]
    others: Answer = BLANK
    if taught:
        others = (
            "It learned from: "
            + _some(
                [
                    f"{t.from_ if t.to == actor.id else t.to} ({t.kind} since {t.since.year}"
                    + (f": {t.note.rstrip('.')})" if t.note else ")")
                    for t in taught
                ],
                "ties",
            ),
            tuple(f"ties.{t.from_} -> {t.to}" for t in taught),
        )
    return [
        ("Has it deceived before, and how?", history),
        ("From whom could it have learned, and how do they deceive?", others),
        ("Does what is seen now fit its past pattern?", BLANK),
        ("If not, are there other precedents?", BLANK),
        ("If not, what has changed that would explain deception now?", BLANK),
    ]


# Manipulability of sources


def _source(case: Case, source: Source) -> list[tuple[str, Answer]]:
    said = [r for r in case.reports if r.source == source.id]
    passed = [r for r in said if r.origin and r.origin != source.id]
    control: Answer = BLANK
    if source.controlled_by:
        control = (
            f"Yes: {source.controlled_by} decides what it says.",
            (f"sources.{source.id}.controlled_by",),
        )
    access = [f"discipline {source.discipline}"]
    entries = [f"sources.{source.id}.discipline"]
    if passed:
        access.append(f"{len(passed)} of its {len(said)} reports have another origin")
        entries += [f"reports.{r.id}.origin" for r in passed[:QUOTED]]
    record: Answer = BLANK
    if source.record is not None:
        record = (
            f"{source.record.right:g} reports proved right, {source.record.wrong:g} wrong.",
            (f"sources.{source.id}.record",),
        )
    return [
        ("Is it open to control or manipulation by the deceiver?", control),
        (
            "On what ground is it judged reliable?",
            (
                f"Graded {source.grade}: {source.reason}",
                (f"sources.{source.id}.grade", f"sources.{source.id}.reason"),
            ),
        ),
        ("Has it direct access, or only by way of others?", (_sentence(access), tuple(entries))),
        ("How good is its record?", record),
    ]


# Evaluation of evidence


def _evidence(posterior: Posterior, truth: np.ndarray) -> list[tuple[str, Answer]]:
    case = posterior.game.case
    reports = list(case.reports)
    return [
        ("Which report carries most, and how is it graded?", _critical(posterior, truth)),
        ("Can what was said be traced and checked?", _citations(reports)),
        ("Have the whole chain and the translation been checked?", BLANK),
        ("Does it come from one origin behind several sources?", _origins(reports)),
        ("Do disciplines contradict each other?", _contradictions(posterior, reports)),
        ("Do independent origins bear each other out?", _borne_out(posterior, reports)),
        ("Is something that should have been seen missing?", _missing(posterior)),
    ]


def _critical(posterior: Posterior, truth: np.ndarray) -> Answer:
    n = len(posterior.reports)
    if not n:
        return BLANK
    left = leave_out(posterior, truth[None, :], posterior.evidence_log_chance[:n])
    sure = np.abs(left.decibans[:, 0]) - 2.0 * left.error[:, 0]
    k = int(np.argmax(sure))
    if not sure[k] > 0.0:
        return "No report moves the odds by more than two of its errors.", ()
    report = next(
        r
        for r in posterior.game.case.reports
        if r.id == posterior.evidence.items[posterior.reports[k]].report
    )
    grade = next(s.grade for s in posterior.game.case.sources if s.id == report.source)
    told = (
        f"{report.id}, graded {grade}{report.grade}: {thing_of(report)} {report.value}, "
        f"{left.decibans[k, 0]:+.1f} decibans"
    )
    return told, (f"reports.{report.id}.grade",)


def _citations(reports: list[Report]) -> Answer:
    cited = [r for r in reports if r.citation]
    if not cited:
        return BLANK
    missing = [r for r in reports if not r.citation]
    told = f"{len(cited)} of {len(reports)} reports say where they can be read"
    return told, tuple(f"reports.{r.id}.citation" for r in (missing or cited)[:QUOTED])


def _origins(reports: list[Report]) -> Answer:
    behind: dict[str, list[Report]] = {}
    for r in reports:
        if r.origin:
            behind.setdefault(r.origin, []).append(r)
    several = {o: rs for o, rs in behind.items() if len({r.source for r in rs}) > 1}
    if several:
        parts = [f"{o} is behind {', '.join(r.id for r in rs)}" for o, rs in several.items()]
        return _some(parts, "origins"), tuple(f"reports.{r.id}.origin" for rs in several.values() for r in rs)
    if behind:
        named = [r for rs in behind.values() for r in rs]
        return "No origin named is behind more than one source.", tuple(
            f"reports.{r.id}.origin" for r in named[:QUOTED]
        )
    return BLANK


def _by_thing(posterior: Posterior, reports: list[Report]) -> list[list[Report]]:
    groups: dict[tuple[str, int], list[Report]] = {}
    for r in reports:
        groups.setdefault((thing_of(r), posterior.game.grid.step_of(r.date)), []).append(r)
    return [group for group in groups.values() if len({origin_of(r) for r in group}) > 1]


def _contradictions(posterior: Posterior, reports: list[Report]) -> Answer:
    discipline = {s.id: s.discipline for s in posterior.game.case.sources}
    pairs = [
        (one, other)
        for group in _by_thing(posterior, reports)
        for k, one in enumerate(group)
        for other in group[k + 1 :]
        if one.value != other.value and discipline[one.source] != discipline[other.source]
    ]
    if pairs:
        parts = [
            f"{a.id} ({discipline[a.source]}) says {a.value}, {b.id} ({discipline[b.source]}) says {b.value}"
            for a, b in pairs
        ]
        return _some(parts, "pairs"), tuple(f"reports.{r.id}.value" for pair in pairs for r in pair)
    return BLANK


def _borne_out(posterior: Posterior, reports: list[Report]) -> Answer:
    groups = [g for g in _by_thing(posterior, reports) if len({r.value for r in g}) == 1]
    if not groups:
        return BLANK
    parts = [f"{thing_of(g[0])}: {', '.join(r.id for r in g)}" for g in groups]
    return _some(parts, "things"), tuple(f"reports.{r.id}" for g in groups for r in g)


def _missing(posterior: Posterior) -> Answer:
    evidence = posterior.evidence
    silent = [
        (source, indicator, len(items))
        for (source, indicator), items in zip(evidence.watches, evidence.watch_items, strict=True)
        if len(items)
    ]
    if not silent:
        return BLANK
    silent.sort(key=lambda row: -row[2])
    parts = [f"{source} on {indicator}, {n} steps" for source, indicator, n in silent]
    return "Watched for and not reported: " + _some(parts, "watches"), tuple(
        f"sources.{source}.watches" for source, _, _ in silent
    )


__all__ = ["checklists"]
