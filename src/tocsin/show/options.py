"""The answer of `options` for the terminal: levers, portfolios, and the choice with what it hangs on."""

from __future__ import annotations

from tocsin.ask.options.answer import LeverAnswer, Options
from tocsin.show import options_words as words
from tocsin.show import wording as say
from tocsin.show.text import WIDTH, Page

SHORT_LEVERS, SHORT_NUMBERS = 12, 4
# Words that the table says already, and those that are said of several levers at once.
PLAIN = ("Lowers the risk.", "Raises the risk.")
UNCLEAR = "No change that can be told from none"


def render_options(answer: Options, *, full: bool = False, width: int = WIDTH, colour: bool = False) -> str:
    """The terminal view.

    Parameters
    ----------
    full : every lever by disposition, belief, effect and date, every portfolio, every regret
    width : columns, 60 at the least
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    _head(page, answer)
    _levers(page, answer)
    for lever in words.without_question(answer.levers) if full else ():
        _lever(page, lever)
    _portfolios(page, answer)
    _choice(page, answer)
    if full:
        _regrets(page, answer)
    _numbers(page, answer)
    return page.text()


def _head(page: Page, a: Options) -> None:
    page.line(say.clean(a.head.case), style="bold")
    page.line(f"Levers pulled on {a.head.as_of}. Risk: {words.what_risk(a)}")
    page.line(f"If nothing is done: {say.percent(a.nothing)}.")
    page.line(
        f"Changes are in points, on the same {a.histories:,} histories with the same chance; ± is one Monte "
        "Carlo standard error of the change.",
        style="dim",
    )


def _levers(page: Page, a: Options) -> None:
    page.heading("Each lever by itself")
    levers = words.without_question(a.levers)
    shown = levers if page.full else levers[:SHORT_LEVERS]
    rows = [
        (
            words.points(lever.risk.change),
            words.small(lever.risk.prevents),
            words.small(lever.risk.backfires),
            words.cost(lever.cost),
            say.clean(lever.id) + (" (done)" if lever.done else ""),
        )
        for lever in shown
    ]
    page.table(("change", "prevents", "backfires", "cost", "lever"), rows, right=(0, 1, 2, 3))
    if len(shown) < len(levers):
        page.line(f"and {len(levers) - len(shown)} more in --full and in the report", style="dim")
    unclear = [lever for lever in shown if lever.word.startswith(UNCLEAR)]
    if unclear:
        page.line(
            f"Cannot be told from no change: {say.listed(say.clean(lever.id) for lever in unclear)}.", hang=4
        )
    for lever in shown:
        notes = [] if lever.word.startswith(PLAIN) else [_without_head(lever.word)]
        helps = words.who_it_helps_with(lever)
        notes += [f"{say.titled(helps)}."] if helps else []
        if lever.done:
            notes.append(words.as_done(lever))
        notes += _two_sides(lever)
        told = " ".join(note for note in notes if note)
        if told:
            page.line(f"{say.clean(lever.id)}: {told}")


def _without_head(word: str) -> str:
    """What is said of a lever beyond that its change is unclear, which is said of all such together."""
    return word.partition(". ")[2] if word.startswith(UNCLEAR) else word


def _two_sides(lever: LeverAnswer) -> list[str]:
    """What a lever's threats and its provocations do by themselves, where both do something."""
    kinds = {
        kind: [e for e in lever.effects if e.kind == kind and not e.idle] for kind in ("threat", "provokes")
    }
    if not all(kinds.values()):
        return []
    told = [
        f"{say.clean(e.kind)} {say.clean(e.reference)} {words.points(e.alone.change)}"
        for parts in kinds.values()
        for e in parts
    ]
    return [f"By itself: {', '.join(told)}."]


def _lever(page: Page, lever: LeverAnswer) -> None:
    page.heading(f"{say.clean(lever.id)}: {say.clean(lever.name)}")
    page.line(f"By {say.clean(lever.actor)}; cost {words.cost(lever.cost)}; {words.when_it_works(lever)}.")
    for text in (words.as_done(lever), lever.note, lever.word):
        if text:
            page.line(say.clean(text))
    rows: list[tuple[str, ...]] = [
        (
            words.points(o.change),
            words.interval(o.change),
            words.small(o.prevents),
            words.small(o.backfires),
            say.clean(o.name),
        )
        for o in lever.questions
    ]
    page.table(("change", "95 %", "prevents", "brings about", "question"), rows, right=(0, 1, 2, 3))
    rows = [
        (
            words.points(f.outcome.change),
            words.small(f.outcome.prevents),
            words.small(f.outcome.backfires),
            f"{say.arrow(f.front)} reaches {say.clean(f.rung)}",
        )
        for f in lever.fronts
        if f.outcome.backfires.probability + f.outcome.prevents.probability > 0.0
    ]
    page.table(("change", "prevents", "brings about", "front"), rows, right=(0, 1, 2))
    rows = [
        (words.points(e.alone.change), words.points(e.adds), words.effect(e) + (" (idle)" if e.idle else ""))
        for e in lever.effects
    ]
    page.table(("alone", "adds", "effect on the risk"), rows, right=(0, 1))
    rows = [
        (
            say.share(g.share.probability),
            words.points(g.outcome.change),
            say.percent(g.outcome.without),
            f"{say.clean(g.actor)}: {say.clean(g.label)}",
        )
        for g in lever.groups
    ]
    page.table(("share", "change", "without", "if the opponent"), rows, right=(0, 1, 2))
    rows = [
        (
            "as it is" if s.standing is None else f"{s.standing:g}",
            words.points(s.outcome.change),
            say.percent(s.outcome.without),
            say.listed(map(say.clean, s.actors)),
        )
        for s in lever.standing
    ]
    page.table(("standing", "change", "without", "of"), rows, right=(1, 2))
    rows = [
        (
            m.day.isoformat(),
            words.points(m.change),
            say.percent(m.without),
            f"{100 * m.hazard_without:.2f} → {100 * m.hazard_with:.2f} % a week",
        )
        for m in lever.over_time
    ]
    page.table(("by", "change", "without", "rate"), rows, right=(1, 2))


def _portfolios(page: Page, a: Options) -> None:
    budget = f"within a budget of {words.cost(a.budget)}" if a.budget is not None else "no budget set"
    page.heading(f"Portfolios, {budget}")
    page.line(f"Run: {a.rule}.")
    if a.left_out:
        page.line(f"{a.left_out}.")
    front = sorted((p for p in a.portfolios if p.on_front), key=lambda p: (p.cost, p.levers))
    page.line("None costs less or as much and leaves less risk than these (the Pareto front):")
    page.table(
        ("cost", "risk", "change", "backfires", "levers"),
        [
            (
                words.cost(p.cost),
                say.percent(p.risk),
                words.points(p.change),
                words.small(p.backfires),
                words.portfolio(p.levers) + (" (?)" if p.doubtful else ""),
            )
            for p in front
        ],
        right=(0, 1, 2, 3),
    )
    if any(p.doubtful for p in front):
        page.line("(?) one that costs no more cannot be told from it: within two errors.", style="dim")
    if page.full:
        page.line("All that were run, least risk first:")
        page.table(
            ("cost", "risk", "change", "worst regret", "levers"),
            [
                (
                    words.cost(p.cost),
                    say.percent(p.risk),
                    words.points(p.change),
                    words.level(p.worst_regret),
                    words.portfolio(p.levers),
                )
                for p in a.portfolios
            ],
            right=(0, 1, 2, 3),
        )


def _choice(page: Page, a: Options) -> None:
    c = a.choice
    by = {p.levers: p for p in a.portfolios}
    page.heading("What to pick")
    least = by[c.least]
    page.line(f"Least risk: {words.portfolio(c.least)}, {say.percent(least.risk)}.", hang=4)
    page.line(
        f"Picked on half of the histories and measured on the other: {say.percent(c.elsewhere)}; the least "
        "of many looks better than it is.",
        indent=4,
        hang=0,
        style="dim",
    )
    if c.cheapest != c.least:
        others = (
            f"{c.alike} portfolios cannot be told apart" if c.alike > 2 else "The two cannot be told apart"
        )
        page.line(
            f"Cheapest that does as well: {words.portfolio(c.cheapest)}, cost "
            f"{words.cost(by[c.cheapest].cost)}. {others}.",
            hang=4,
        )
    page.line(
        f"Least worst regret, {words.level(c.minimax_regret)} points: {words.portfolio(c.minimax)}.", hang=4
    )
    page.line(
        f"Most robust: {words.portfolio(c.robust)}. How far the doubtful numbers may be off together before "
        f"the risk exceeds {100 * c.at_most:.1f} %, in standard deviations:",
        hang=4,
    )
    rows = [(words.horizon(r), words.portfolio(r.levers)) for r in a.robustness]
    page.table(("sd", "portfolio"), rows if page.full else rows[:SHORT_NUMBERS])


def _regrets(page: Page, a: Options) -> None:
    page.heading("Regret in each scenario, in points")
    short = {row.levers: f"P{k}" for k, row in enumerate(a.regrets, 1)}
    for levers, name in short.items():
        page.line(f"{name} = {words.portfolio(levers)}", hang=5)
    rows = []
    for s, scenario in enumerate(a.scenarios):
        worst = max(a.regrets, key=lambda row: row.regrets[s].value)
        chosen = next(row for row in a.regrets if row.levers == a.choice.minimax)
        rows.append(
            (
                say.share(scenario.share),
                words.level(chosen.regrets[s]),
                words.level(worst.regrets[s]),
                short.get(scenario.least) or words.portfolio(scenario.least),
                say.clean(scenario.label),
            )
        )
    page.table(("share", "of the pick", "at most", "best there", "scenario"), rows, right=(0, 1, 2))
    if a.scenarios_left_out:
        page.line(f"Too few particles: {say.listed(map(say.clean, a.scenarios_left_out))}.", style="dim")


def _numbers(page: Page, a: Options) -> None:
    page.heading("The number that would have to be wrong")
    found = words.closest(a.doubtful)
    if not a.doubtful:
        page.line("No number of this case is in doubt.")
        return
    if found is None:
        page.line(
            f"None of the {len(a.doubtful)} doubtful numbers that matter most changes the choice by itself, "
            "as far as the particles reach."
        )
    else:
        number, which, side = found
        page.line(f"{say.clean(number.label)}: {words.switch(number, which, side)}.")
    nearest = words.nearest_nothing(a.doubtful)
    if nearest is not None:
        page.line(f"{say.clean(nearest[0].label)}: the choice is {words.as_nothing(*nearest)}.")
    shown = a.doubtful if page.full else a.doubtful[:SHORT_NUMBERS]
    for number in shown:
        lever, moved = say.clean(number.lever) or "any lever", words.points(number.on_levers)
        page.line(
            f"{say.clean(number.label)} (median {words.figure(number.median)}): one sd more moves the risk "
            f"by {words.points(number.on_risk)}, and what {lever} changes by {moved}."
        )
        if page.full:
            page.line(f"lower: {words.switch(number, number.down, 0)}", indent=4)
            page.line(f"higher: {words.switch(number, number.up, 1)}", indent=4)
            for level in number.as_nothing:
                if level is not None:
                    page.line(words.as_nothing(number, level), indent=4)
    if len(shown) < len(a.doubtful):
        page.line(f"and {len(a.doubtful) - len(shown)} more in --full and in the report", style="dim")


__all__ = ["render_options"]
