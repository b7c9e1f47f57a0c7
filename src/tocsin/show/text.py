"""An estimate for the terminal: readable in 80 columns, and plain text that can be searched when it is piped.

Likelihood comes first; confidence has a section of its own, because how likely something is and how far the
ground of that answer can be trusted are two statements, and one sentence that mixes them is misread.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tocsin.ask.estimate import Chance, Estimate, EvidenceEstimate, FrontEstimate, IndicatorEstimate
from tocsin.score.record import TrackRecord
from tocsin.show import record as records
from tocsin.show import wording as say

Row = Sequence[str]

WIDTH = 80
LEVEL_ORDER = ("high", "moderate", "low")
# How much of each list the short view shows.
SHORT = {
    "actors": 4,
    "fronts": 2,
    "terms": 2,
    "evidence": 4,
    "conflicts": 2,
    "sources": 4,
    "reasons": 3,
    "indicators": 2,
    "blind": 3,
    "joiners": 3,
    "changes": 2,
}


def render_text(
    estimate: Estimate,
    *,
    full: bool = False,
    width: int = WIDTH,
    colour: bool = False,
) -> str:
    """The terminal view of an estimate.

    Parameters
    ----------
    full : everything; else what fits in about 120 lines
    width : columns, 60 at the least
    colour : mark headings and words with a terminal's colours

    Returns
    -------
    lines of text, ending with a newline
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    _head(page, estimate)
    _answers(page, estimate)
    _confidence(page, estimate)
    _record(page, estimate)
    _actors(page, estimate)
    _fronts(page, estimate)
    _evidence(page, estimate)
    _sources(page, estimate)
    _reasons(page, estimate)
    _indicators(page, estimate)
    _blind(page, estimate)
    _futures(page, estimate)
    _since(page, estimate)
    _diagnostics(page, estimate)
    return page.text()


class Page:
    """Lines of text under headings; what is written here is never read as markup."""

    def __init__(self, *, width: int, colour: bool, full: bool) -> None:
        self.full, self.width = full, width
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            # What it looks like is decided by the caller, not by the machine it runs on.
            _environ={},
        )

    def text(self) -> str:
        """All lines, without the blanks that fill them up."""
        return "\n".join(line.rstrip() for line in self._out.getvalue().splitlines()) + "\n"

    def heading(self, title: str) -> None:
        self._console.print()
        self._console.print(Text(say.visible(title).upper(), style="bold"))

    def line(self, text: str, *, indent: int = 0, hang: int = 2, style: str = "") -> None:
        """One paragraph; what does not fit is continued farther in."""
        width = max(self.width - 1, 40)
        # A figure, its unit and its error stay on one line; the hard spaces go again once it is wrapped.
        for part in textwrap.wrap(
            say.visible(text).replace(" %", "\xa0%").replace(" ±", "\xa0±"),
            width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_on_hyphens=False,
        ) or [""]:
            self._console.print(Text(part.replace("\xa0", " "), style=style), soft_wrap=True)

    def table(self, head: Row, rows: Iterable[Row], *, right: Iterable[int] = (), wide: int = -1) -> None:
        """Columns without rules; only the column `wide` is wrapped, so that the others can be searched."""
        rows = [list(row) for row in rows]
        if not rows:
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        last = len(head) - 1 if wide < 0 else wide
        for k, name in enumerate(head):
            table.add_column(
                say.visible(name),
                justify="right" if k in set(right) else "left",
                no_wrap=k != last,
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(say.visible(cell)) for cell in row))
        self._console.print(table)

    def cut(self, items: Sequence, name: str) -> Sequence:  # type: ignore[type-arg]
        """As much of a list as this view shows."""
        return items if self.full else items[: SHORT[name]]

    def more(self, items: Sequence, name: str, noun: str) -> None:  # type: ignore[type-arg]
        """Say what was left out."""
        rest = len(items) - len(self.cut(items, name))
        if rest > 0:
            self.line(f"and {say.counted(rest, noun)} more in --full and in the report", style="dim")


def _head(page: Page, e: Estimate) -> None:
    page.line(say.clean(e.case), style="bold")
    if e.question:
        page.line(say.clean(e.question))
    if e.variant is not None:
        page.line(f"The case in the view of {say.clean(e.variant)}, not as it is written.")
    page.line(
        f"As known at the end of {e.as_of}; ± is one Monte Carlo standard error, in points.", style="dim"
    )


def _answers(page: Page, e: Estimate) -> None:
    page.heading("Likelihood")
    names = say.numbers(e)
    yardstick = e.questions[0].band.yardstick if e.questions else ""
    rows = []
    for q in e.questions:
        edge = " (at the edge)" if q.band.edge else ""
        come = ""
        if q.by < e.as_of:
            come = " (Its day has passed.)"
        elif q.already.probability >= 0.995:
            come = " It has come true already."
        answer = f"{say.titled(q.band.word)}{edge}. {say.clean(q.text)}{come}"
        rows.append((names[q.id], say.percent(q.chance), answer))
    page.table(("", "probability", f"in the words of {yardstick}, and the question"), rows)
    partly = [q for q in e.questions if q.by >= e.as_of and 0.005 <= q.already.probability < 0.995]
    for q in partly:
        page.line(f"{names[q.id]} may have come true already: {say.percent(q.already)}.")
    told = [q for q in e.questions if q.inadvertent is not None and q.inadvertent.value > 0.02]
    if told:
        parts = [
            f"{names[q.id]} {100 * q.inadvertent.value:.0f} % ±{100 * q.inadvertent.mc_error:.0f}"
            for q in told
            if q.inadvertent is not None
        ]
        page.line(f"Gone if from now on nobody misreads and no incident happens: {', '.join(parts)}.")


def _confidence(page: Page, e: Estimate) -> None:
    page.heading("Confidence in these answers")
    names = say.numbers(e)
    if page.full:
        for q in e.questions:
            page.line(f"{names[q.id]}: {q.confidence.level} confidence.")
            for ground in q.confidence.grounds:
                page.line(say.clean(ground), indent=4)
            for v in q.confidence.variations:
                page.line(f"{say.about(v.probability)}: {say.clean(v.assumption)}", indent=6)
        return
    for level in LEVEL_ORDER:
        here = [q for q in e.questions if q.confidence.level == level]
        if not here:
            continue
        page.line(f"{say.titled(level)}: {say.listed(names[q.id] for q in here)}.")
        for ground in here[0].confidence.grounds:
            page.line(f"{names[here[0].id]}  {say.clean(ground)}", indent=2, hang=4)
    page.line("The rules and what each found: --full, and in the report.", style="dim")


def _record(page: Page, e: Estimate) -> None:
    if e.record is None:
        return
    r = e.record
    page.heading("Record of earlier forecasts, which touches no answer here")
    page.line(records.scored(r))
    page.line(f"Questions: {records.standing(r.questions)}.")
    _scores(page, r)
    if e.hindsight is not None and e.hindsight.forecasts:
        told = say.counted(e.hindsight.forecasts, "forecast")
        page.line(f"In hindsight, recorded after the close and so no record: {told}.")
        _scores(page, e.hindsight)


def _scores(page: Page, r: TrackRecord) -> None:
    if not r.forecasts:
        return
    page.line(f"Brier {records.interval(r.brier)}; skill {records.interval(r.brier_skill, 2, True)}.")
    if r.impossible:
        page.line(f"Log infinite: {say.counted(r.impossible, 'forecast')} gave no chance to what came.")
    else:
        page.line(f"Log {records.interval(r.log)}; skill {records.interval(r.log_skill, 2, True)}.")
    page.line(f"Skill against {r.base}: {records.skill_words(r.brier_skill)}.", indent=2)
    if not page.full:
        return
    if r.parts is not None:
        page.line(
            f"Brier: reliability {r.parts.reliability:.4f}, resolution {r.parts.resolution:.4f}, "
            f"uncertainty {r.parts.uncertainty:.4f}, the rest {say.plus(r.parts.within_bin, 4)}.",
            indent=2,
        )
    rows = [
        (
            f"{100 * b.low:.0f} to {100 * b.high:.0f} %",
            str(b.n),
            say.share(b.forecast),
            say.share(b.observed),
            f"{say.share(b.bar_low)} to {say.share(b.bar_high)}",
        )
        for b in r.curve
    ]
    page.table(("said", "forecasts", "mean", "came", "if right, nine times in ten"), rows, right=(1,))


def _sources(page: Page, e: Estimate) -> None:
    proved = [s for s in e.sources if records.moved_by_proofs(s)]
    chosen = e.sources if page.full else proved
    if not chosen:
        return
    page.heading("Sources: how often each is right")
    for s in page.cut(chosen, "sources"):
        learned = ""
        if records.moved_by_proofs(s):
            told = records.tally(s.proved_right, s.proved_wrong)
            learned = f"; {told} in {say.listed(map(say.clean, s.proved_in))} make it {say.share(s.prior)}"
        own = ""
        if s.own_right + s.own_wrong:
            own = f" and its own record ({records.tally(s.own_right, s.own_wrong)})"
        page.line(
            f"{say.clean(s.name)}: by its {s.grade}{own} {say.share(s.before)}{learned}; after what was "
            f"heard here {100 * s.now.value:.0f} % ±{100 * s.now.mc_error:.1f}",
            hang=4,
        )
    page.more(chosen, "sources", "source")


def _actors(page: Page, e: Estimate) -> None:
    page.heading("Actors: what they are, and whether they deceive")
    actors = say.actors_in_order(e)
    kinds = [*(say.clean(name) for name, _, _ in actors[0].dispositions), "deceives"] if actors else []
    rows = []
    for actor in page.cut(actors, "actors"):
        cells = [_moved(chance, prior) for _, chance, prior in actor.dispositions]
        rows.append((say.clean(actor.name), *cells, _moved(actor.deceives, actor.deceives_prior)))
    columns = [max(len(row[k]) for row in [("", *kinds), *rows]) for k in range(1, len(kinds) + 1)]
    room = page.width - sum(columns) - 2 * len(columns)
    if room >= 12:
        page.table(("", *kinds), [(row[0][:room].rstrip(), *row[1:]) for row in rows])
    else:
        for name, *cells in rows:
            pairs = zip(kinds, cells, strict=True)
            page.line(f"{name}: {', '.join(f'{kind} {cell}' for kind, cell in pairs)}")
    page.line("In percent; in brackets the change from the prior, in points.", style="dim")
    page.more(actors, "actors", "actor")
    readying = sorted(e.fronts, key=lambda front: -front.preparing.probability)
    parts = [
        f"{say.arrow(front.ref)} {say.percent(front.preparing)}"
        for front in readying[: None if page.full else 3]
        if front.preparing.probability >= 0.01 or page.full
    ]
    told = ", ".join(parts) or "nobody, as far as can be told"
    page.line(f"Means more than it is ready for, and so prepares: {told}.")


def _moved(chance: Chance, prior: float) -> str:
    told = say.percent(chance).replace(" %", "")
    return f"{told} ({say.plus(100 * (chance.probability - prior), 0)})"


def _fronts(page: Page, e: Estimate) -> None:
    page.heading("Fronts: what pushes, what holds back (in nats)")
    chosen = e.fronts if page.full else say.in_focus(e)
    for front in page.cut(chosen, "fronts"):
        _front(page, e, front)
    page.more(chosen, "fronts", "front")


def _front(page: Page, e: Estimate, front: FrontEstimate) -> None:
    def likeliest(chances: Sequence[Chance]) -> str:
        return ", ".join(f"{name} {say.percent(c)}" for name, c in say.likeliest(e.rungs, chances, 3, 0.1))

    page.line(say.arrow(front.ref), style="bold")
    page.line(f"now {likeliest(front.posture)}; means {likeliest(front.goal)}", indent=2)
    if front.terms:
        page.line(f"toward {front.against}, against a mere exchange of blows:", indent=2)
    pushes = [t for t in front.terms if t.nats > 0.005]
    holds = [t for t in reversed(front.terms) if t.nats < -0.005]
    for terms in (pushes, holds):
        for t in terms if page.full else terms[: SHORT["terms"]]:
            told = f"{say.plus(t.nats, 2):>6}  {say.clean(t.label)} ({say.clean(t.words)})"
            page.line(told, indent=2, hang=8)


def _evidence(page: Page, e: Estimate) -> None:
    names = say.numbers(e)
    weighed = [piece for piece in e.evidence if piece.weights]
    page.heading("Strongest evidence (in decibans: +3 doubles the odds, +10 makes them ten times)")
    if not weighed:
        page.line("No report or silence carries any weight yet: the answers are the case's priors.")
        return
    for piece in page.cut(weighed, "evidence"):
        _piece(page, piece, names)
    page.more(weighed, "evidence", "piece")
    carriers = [piece for piece in e.evidence if piece.carries]
    if carriers:
        page.heading("Carry an answer alone: without it, another word")
        for piece in page.cut(carriers, "evidence"):
            carried = say.listed(names[q] for q in piece.carries if q in names)
            page.line(f"{say.clean(piece.id)} carries {carried}", hang=4)
    if e.conflicts:
        page.heading("Reports that contradict each other, or everything else")
        for conflict in page.cut(e.conflicts, "conflicts"):
            ids = say.listed(say.clean(report) for report in conflict.reports)
            page.line(f"{ids} on {say.clean(conflict.about)}: {say.clean(conflict.text)}", hang=4)
        page.more(e.conflicts, "conflicts", "conflict")


def _piece(page: Page, piece: EvidenceEstimate, names: dict[str, str]) -> None:
    weight = say.strongest(piece, names)
    if weight is None:
        return
    rough = "" if piece.reliable else "; rough, few particles do without it"
    if say.is_uncertain(weight.decibans):
        rough += "; within two errors of nothing"
    page.line(
        f"{say.signed(weight.decibans):>10}  {names[weight.hypothesis]}  {say.clean(piece.id)} "
        f"({say.clean(piece.source)}, {piece.grade}): without it {say.about(weight.without)}{rough}",
        hang=12,
    )
    if piece.text and (page.full or piece.kind == "report"):
        text = say.clean(piece.text)
        if not page.full:
            text = textwrap.shorten(text, page.width - 14, placeholder=" …")
        page.line(text, indent=12, hang=0)
    if page.full:
        others = [w for w in piece.weights if w.hypothesis in names and w is not weight]
        parts = [f"{names[w.hypothesis]} {say.signed(w.decibans)}" for w in others]
        if parts:
            page.line("also " + ", ".join(parts), indent=12, hang=2)


def _reasons(page: Page, e: Estimate) -> None:
    if not e.reasons:
        return
    page.heading("Reasons that matter most: were it no reason, in points")
    names = say.numbers(e)
    for reason in page.cut(e.reasons, "reasons"):
        shifts = sorted(reason.shifts, key=lambda pair: -abs(pair[1].value))
        parts = [
            f"{names[q]} {say.signed(n, 100)}"
            for q, n in (shifts if page.full else shifts[:2])
            if abs(n.value) >= say.TELLING_SHIFT or page.full
        ]
        rough = "; rough, few particles behind it" if reason.effective_share < 0.05 else ""
        told = ", ".join(parts) or "hardly anything"
        page.line(f"{say.clean(reason.label)} [{reason.kind}]: {told}{rough}", hang=4)
    page.more(e.reasons, "reasons", "reason")


def _indicators(page: Page, e: Estimate) -> None:
    if not e.indicators:
        return
    page.heading("What would change it")
    names = say.numbers(e)
    answers = {q.id: q.chance for q in e.questions}
    for sign in page.cut(e.indicators, "indicators"):
        chance = f"{say.about(sign.chance_seen)} to be reported by {sign.by}"
        page.line(f"{say.clean(sign.name)} ({chance})", hang=4)
        if sign.look_for and sign.look_for != sign.name:
            page.line(f"look for: {say.clean(sign.look_for)}", indent=4, hang=2)
        for expectation in _telling(sign)[: len(names) if page.full else 1]:
            now = say.percent(answers[expectation.question])
            page.line(
                f"{names[expectation.question]} from {now} to {say.about(expectation.if_seen)} if seen, "
                f"{say.about(expectation.if_not_seen)} if watched for and not seen",
                indent=4,
            )
    page.more(e.indicators, "indicators", "sign")


def _telling(sign: IndicatorEstimate) -> list:  # type: ignore[type-arg]
    return sorted(sign.expectations, key=lambda expectation: -expectation.expected_shift)


def _blind(page: Page, e: Estimate) -> None:
    if not e.blind_spots:
        return
    page.heading("Where we are blind")
    for spot in page.cut(e.blind_spots, "blind"):
        covered = f"; {say.about(spot.coverage)} a week that a sighting gets through" if spot.coverage else ""
        page.line(f"{say.clean(spot.name)} ({say.clean(spot.about)}): {say.clean(spot.why)}{covered}", hang=4)
    page.more(e.blind_spots, "blind", "blind spot")


def _futures(page: Page, e: Estimate) -> None:
    f = e.futures
    page.heading(f"Who may reach {f.joining_rung} by {f.horizon}, and in what order")
    if not f.joiners:
        page.line("No front is below that rung now, or no time is left.")
    rows = [
        (
            say.arrow(j.ref),
            say.percent(j.joins),
            say.percent(j.first),
            f"{j.place:.1f}",
            say.day(j.median_day),
        )
        for j in page.cut(f.joiners, "joiners")
    ]
    page.table(("front", "joins", "joins first", "place", "even chance by"), rows, right=(3,), wide=0)
    page.more(f.joiners, "joiners", "front")
    if page.full:
        for fan in f.fans:
            page.line(f"{say.arrow(fan.ref)}, chance of having reached:")
            page.table(
                ("rung", "by", "chance"), [(rung, say.day(by), say.percent(c)) for rung, by, c in fan.reached]
            )


def _since(page: Page, e: Estimate) -> None:
    if e.since is None:
        return
    page.heading(f"Since {e.since.day}")
    names = say.numbers(e)
    reports, events = len(e.since.new_reports), len(e.since.new_events)
    page.line(f"{say.counted(reports, 'new report')}, {say.counted(events, 'new event')}.")
    changes = sorted(e.since.changes, key=lambda c: -abs(c.after.probability - c.before.probability))
    for change in page.cut(changes, "changes"):
        moved = change.moved_by if page.full else change.moved_by[:2]
        parts = [f"{say.clean(report)} {say.plus(100 * shift)}" for report, shift in moved]
        by = f"; by report: {', '.join(parts)}" if parts else ""
        rest = f"; time and the interplay of reports {say.plus(100 * change.rest)}" if parts else ""
        moved_to = f"from {say.percent(change.before)} to {say.percent(change.after)}"
        page.line(f"{names[change.question]} {moved_to}{by}{rest}", hang=4)
    page.more(changes, "changes", "answer")


def _diagnostics(page: Page, e: Estimate) -> None:
    d = e.diagnostics
    page.heading("How exactly it was computed")
    page.line(
        f"{d.particles:,} particles on {d.islands} islands, worth {d.effective_sample_size:,.0f} of equal "
        f"weight on {d.effective_islands:.1f} islands; {d.surviving_ancestors:,} of the first still have "
        "descendants."
    )
    if page.full:
        page.line(
            f"Log evidence {d.log_evidence.value:.2f} ±{d.log_evidence.mc_error:.2f}; "
            f"{d.resamplings:.1f} resamplings an island; worst step {d.worst_step}, which left "
            f"{say.share(d.worst_share)}."
        )
    for warning in d.warnings:
        page.line(f"Warning: {say.clean(warning)}.", style="yellow")
    again = f"seed {e.seed}, case {e.case_digest[:16]}, tocsin {e.version}"
    page.line(f"The same numbers again with {again}.")
