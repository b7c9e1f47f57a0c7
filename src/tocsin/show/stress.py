"""How little deception it would take: a stress test for the terminal and as a page."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.ask.stress.answer import Budgeted, Checklist, Fewest, Plan, Played, Stress
from tocsin.show import wording as say
from tocsin.show.stress_fields import FIELDS
from tocsin.show.text import WIDTH, Page

# How much of each list the short view shows.
REACH_SHORT, SILENCES_SHORT, TRICKS_SHORT, FORCED_SHORT = 4, 3, 3, 4
MEANS = {"plant": "planting", "hide": "hiding", "both": "planting, hiding or changing"}
BLANK = "the case does not say"
# A bound nearer to 0 or 1 than this says nothing.
USEFUL = 0.005


def render_stress(stress: Stress, full: bool = False, width: int = WIDTH, colour: bool = False) -> str:
    """The terminal view.

    Parameters
    ----------
    full : everything; else what fits on two screens
    width : columns, 60 at the least
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    _head(page, stress)
    _fewest(page, stress)
    _plans(page, stress)
    _reach(page, stress)
    _deception(page, stress)
    _silences(page, stress)
    _checklists(page, stress)
    _strongest(page, stress)
    _how(page, stress)
    return page.text()


def _head(page: Page, s: Stress) -> None:
    page.line(say.clean(s.head.case), style="bold")
    page.line(say.clean(s.text))
    page.line(
        f"As known at the end of {s.head.as_of}: {say.percent(s.chance)}, {s.band.word}. "
        "How little deception would move that?"
    )
    if s.deceiver is not None and s.deceives is not None:
        page.line(
            f"Taken to deceive: {s.deceiver}, whose own sources cost it nothing. That it does so here: "
            f"{say.percent(s.deceives)}."
        )
    for warning in s.warnings:
        page.line(f"Warning: {say.clean(warning)}.", style="yellow")


# The fewest reports


def fewest_words(f: Fewest, s: Stress) -> str:
    """One entry of the fewest reports in a sentence or two."""
    if f.edge is None:
        return f"there is no word {'above' if f.direction == 'up' else 'below'} {s.band.word}"
    if f.plan is None:
        if not f.tried_up_to:
            return "nothing to play: no such trick moves the answer by as much as can be told from nothing"
        told = (
            "this is proved for the tricks searched"
            if f.exact
            else "the search was cut short and proves nothing"
        )
        return f"not with {say.counted(f.tried_up_to, 'report')} or fewer ({told})"
    p = f.plan
    sure = "" if f.clear else ", at the edge"
    fewer = ""
    if p.reports > 1:
        fewer = "; fewer do not do it" if f.exact else "; that fewer do not was not proved"
    return (
        f"{say.counted(p.reports, 'report')}, controlling {say.listed(p.sources)}: {say.percent(p.after)}, "
        f"{p.word}{sure}{_rough(p)}{fewer}"
    )


def _rough(p: Plan) -> str:
    return " (rough: few particles)" if p.rough else ""


def same_as_before(f: Fewest, s: Stress) -> str | None:
    """The means of an earlier entry that has the same plan."""
    for other in s.fewest:
        if other is f:
            return None
        if other.direction == f.direction and other.plan is not None and other.plan == f.plan:
            return MEANS[other.means]
    return None


def played_of(label: str, s: Stress) -> Played | None:
    """The plan as it was played, if it was."""
    return next((p for p in s.played if p.label == label), None)


def fewest_played(f: Fewest, s: Stress) -> Played | None:
    """How an entry of the fewest reports did when played."""
    by = "planting" if f.means == "plant" else "planting, hiding and changing"
    return played_of(f"fewest reports {f.direction}, by {by}", s)


def played_words(p: Played, s: Stress) -> str:
    """What was found, in a sentence."""
    if p.found is None or p.moved is None:
        return f"played, it breaks the case: {say.clean(p.note)}"
    moved = (
        "did not move beyond error"
        if say.is_uncertain(p.moved)
        else f"moved {say.signed(p.moved, 100)} points"
    )
    if p.agrees:
        told = "as foreseen"
    elif p.difference is not None:
        told = f"{say.signed(p.difference, 100)} points off what was foreseen"
    else:
        told = ""
    word = f"still {p.word}" if p.word == s.band.word else p.word
    return f"played, the answer was {say.percent(p.found)}, {word}: it {moved}, {told}"


def flag_words(p: Played) -> list[str]:
    """What became of the probabilities that actors deceive."""
    verb = {"rises": "rises", "falls": "falls", "stays": "stays within error"}
    return [
        f"that {f.actor} deceives {verb[f.rises]}: {say.percent(f.before)}, then {say.percent(f.found)}"
        for f in p.flags
    ]


def _fewest(page: Page, s: Stress) -> None:
    page.heading("The fewest reports that move it into another word")
    for f in s.fewest:
        again = same_as_before(f, s)
        if again is not None:
            if page.full:
                page.line(f"{say.titled(f.direction)}, by {MEANS[f.means]}: the same as by {again}", hang=4)
            continue
        page.line(f"{say.titled(f.direction)}, by {MEANS[f.means]}: {fewest_words(f, s)}.", hang=4)
        if f.plan is None:
            continue
        _tricks(page, f.plan)
        _played(page, fewest_played(f, s), s)


def _tricks(page: Page, plan: Plan) -> None:
    for trick in plan.tricks:
        chance = f"; the rest gives that {say.share(trick.chance)}" if trick.chance is not None else ""
        page.line(f"- {say.clean(trick.text)}{chance}", indent=4)


def _played(page: Page, played: Played | None, s: Stress) -> None:
    if played is None:
        return
    page.line(f"{say.titled(played_words(played, s))}.", indent=4)
    for told in flag_words(played):
        page.line(f"{say.titled(told)}.", indent=4)


# Budgets


def bound_words(b: Budgeted) -> str:
    """What is proved of other plans."""
    if b.exact:
        return "the best there is, of the tricks searched"
    if not USEFUL < b.bound < 1.0 - USEFUL:
        return "the best found; no bound of use was proved"
    side = "above" if b.direction == "up" else "below"
    return f"the best found; proved: none goes {side} {say.share(b.bound)}"


def _plans(page: Page, s: Stress) -> None:
    page.heading(f"The best plan for a deceiver with {s.budget:g} to spend")
    for direction in ("up", "down"):
        ways = [b for b in s.plans if b.direction == direction]
        for b in ways if page.full else ways[-1:]:
            if b.plan is None:
                page.line(
                    f"{say.titled(direction)}, {b.budget:g} to spend: nothing that it buys does.", hang=4
                )
                continue
            p = b.plan
            page.line(
                f"{say.titled(direction)}, {p.cost:g} of {b.budget:g} spent on {say.listed(p.sources)}: "
                f"{say.percent(p.after)}, {p.word}{_rough(p)}; {bound_words(b)}.",
                hang=4,
            )
            _tricks(page, p)
            _played(page, played_of(f"budget {b.budget:g}, {direction}", s), s)
        if not page.full and len(ways) > 1:
            parts = [
                f"{b.budget:g} buys {say.percent(b.plan.after)}" for b in ways[:-1] if b.plan is not None
            ]
            if parts:
                page.line(f"For less: {'; '.join(parts)}.", indent=4)
    if page.full:
        _prices(page, s)
    else:
        page.line(
            "What sources and reports cost: --full. The table is judgement; override it with --price.",
            style="dim",
        )


def _prices(page: Page, s: Stress) -> None:
    page.line("What it costs to control a source (judgement; override with --price):")
    page.table(
        ("source", "grade", "discipline", "price"),
        [
            (p.source, p.grade, p.discipline, "its own" if p.own and not p.price else f"{p.price:g}")
            for p in s.source_prices
        ],
        right=(3,),
        wide=0,
    )
    page.line(
        f"Each report planted {s.prices.plant:g}, hidden {s.prices.hide:g}, changed {s.prices.change:g}.",
        indent=2,
    )


# Reach


def _reach(page: Page, s: Stress) -> None:
    page.heading(
        f"How far one part of what is heard can drive it, with {say.counted(s.most_reports, 'report')}"
    )
    kinds = {
        "source": "One source",
        "origin": "One origin",
        "discipline": "One discipline",
        "actor": "One actor's own",
    }
    for kind, title in kinds.items():
        able = [r for r in s.reach if r.kind == kind and (r.lowest or r.highest)]
        none = [r for r in s.reach if r.kind == kind and not (r.lowest or r.highest)]
        if not able:
            continue
        rows = [
            (
                say.clean(r.name),
                end_words(r.lowest, s),
                end_words(r.highest, s),
                "" if r.exact else "at least",
            )
            for r in (able if page.full else able[:REACH_SHORT])
        ]
        page.table((title, "down to", "up to", ""), rows, wide=0)
        rest = len(able) - len(rows)
        if rest > 0:
            page.line(f"and {rest} more in --full and in the report", indent=2, style="dim")
        if none and page.full:
            page.line(f"Cannot move it: {say.listed(r.name for r in none)}.", indent=2)
    page.line('"At least": the search was cut short, and more may be possible.', style="dim")


def end_words(plan: Plan | None, s: Stress) -> str:
    """One end of a reach."""
    if plan is None:
        return f"{say.share(s.chance.probability)} (as it is)"
    return say.percent(plan.after) + (" rough" if plan.rough else "")


# Deception on and off


def _deception(page: Page, s: Stress) -> None:
    page.heading("Were it known who deceives")
    if not s.deception:
        page.line("No report or silence tells of what an actor could hide or show: it makes no difference.")
        return
    low = min(s.deception, key=lambda f: f.after.probability)
    high = max(s.deception, key=lambda f: f.after.probability)
    page.line(
        f"From {say.percent(low.after)} ({low.assumption}) to {say.percent(high.after)} ({high.assumption})."
    )
    ordered = sorted(s.deception, key=lambda f: -abs(f.shift.value))
    for f in ordered if page.full else ordered[:FORCED_SHORT]:
        told = " (rough)" if f.rough else ""
        page.line(
            f"{say.titled(f.assumption)}: {say.percent(f.after)}, {say.signed(f.shift, 100)} points{told}",
            hang=4,
        )


def _silences(page: Page, s: Stress) -> None:
    if not s.silences:
        return
    page.heading("What silences then mean, in decibans")
    rows = [
        (
            f"{say.clean(x.source)} on {say.clean(x.indicator)}",
            x.actor,
            f"{say.signed(x.deceiving)}",
            f"{say.signed(x.honest)}",
        )
        for x in (s.silences if page.full else s.silences[:SILENCES_SHORT])
    ]
    page.table(("silence of", "actor", "if it deceives", "if not"), rows, wide=0)


# Checklists


def _checklists(page: Page, s: Stress) -> None:
    page.heading("Checklists, as far as the case fills them in")
    if not page.full:
        rows = [(c.name, c.about, f"{c.answered} of {len(c.lines)}") for c in _short(s.checklists)]
        page.table(("checklist", "about", "answered"), rows, wide=1)
        page.line("Questions, answers and where each comes from: --full, and in the report.", style="dim")
        return
    for c in s.checklists:
        page.line(
            f"{say.titled(c.name)}: {say.clean(c.about)} ({c.answered} of {len(c.lines)} answered)",
            style="bold",
        )
        for line in c.lines:
            page.line(line.question, indent=2, hang=2)
            page.line(say.clean(line.answer) or f"[ ] {BLANK}", indent=4, hang=2)
            if line.entries:
                page.line(
                    f"from {', '.join(line.entries[:6])}{' …' if len(line.entries) > 6 else ''}",
                    indent=4,
                    style="dim",
                )


def _short(lists: Sequence[Checklist]) -> list[Checklist]:
    others = [c for c in lists if c.name != "manipulability of sources"]
    weakest = sorted((c for c in lists if c.name == "manipulability of sources"), key=lambda c: c.answered)
    return [*others, *weakest[:2]]


def _strongest(page: Page, s: Stress) -> None:
    if not page.full or not s.strongest:
        return
    page.heading("The strongest single tricks, in points")
    for trick in s.strongest:
        page.line(f"{say.signed(trick.alone, 100):>10}  {say.clean(trick.text)}", hang=12)


def _how(page: Page, s: Stress) -> None:
    c = s.considered
    page.heading("How it was found")
    page.line(
        f"Of {c.plants + c.hides + c.changes:,} tricks ({c.plants:,} to plant, {c.hides:,} to hide, "
        f"{c.changes:,} to change) {c.implausible:,} would not be believed (the rest gives them under "
        f"{say.share(c.plausible)}), {c.untold:,} do nothing that can be told from chance on these "
        f"particles, and {c.kept:,} were searched."
    )
    page.line(
        f"{s.head.particles:,} particles, worth {s.effective:,.0f}; searched on {c.searched_particles:,}. "
        "What a search takes for the best is a little flattered by luck: trust what was found when played."
    )
    if page.full:
        page.line("Not considered:")
        for text in c.left_out:
            page.line(f"- {text}", indent=2)
    again = f"seed {s.head.seed}, case {s.head.case_digest[:16]}, tocsin {s.head.version}"
    page.line(f"The same numbers again with {again}.")


# The page


__all__ = ["FIELDS", "render_stress"]
