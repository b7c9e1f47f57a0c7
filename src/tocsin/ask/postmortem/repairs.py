"""The case with some causes of its miss repaired: what each repair does to reports, sources and priors.

Every repair is a change of the case, or of what is known of an actor's mark of deception; the inference that
follows is the same as ever. Repairs combine: a report that was late and wrong is known in time by the one and
says what was so by the other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tocsin.ask.inferred import AskError
from tocsin.ask.postmortem.answer import COLLECTION, DECEPTION, MINDSET, SOURCES
from tocsin.ask.postmortem.hindsight import Hindsight
from tocsin.ask.postmortem.imagined import (
    Draw,
    attentive_source,
    deception_undone,
    reports_never_made,
    steps_looked_at,
)
from tocsin.case.known import as_known
from tocsin.case.model import Case, Record, Report, Source, Truth
from tocsin.case.variant import VariantError, changed
from tocsin.game.compile import compile_case
from tocsin.game.plan import Game
from tocsin.infer.evidence import owner_of

# The weight that a repaired prior puts on the disposition an actor proved to have, if it had less. Not all of
# it: what could only be learned must be left for the evidence to tell. Even odds are the least with which a
# mind does not lean against what was so (docs/postmortem.md).
CONVICTION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A case as it would have been known on a day, and the marks of deception that would have been."""

    case: Case
    flags: tuple[tuple[str, bool], ...] = ()
    dispositions: tuple[tuple[str, str], ...] = ()  # known for certain, for the forecaster who knows all


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What repairs start from: a case in its own words, a view of it, and the truth."""

    own: Case
    view: Case  # whose forecast it was
    mended: Case  # whose numbers stand in for the view's where mindset is repaired
    missing: frozenset[str]  # sources that the view does not have
    truth: Truth
    seed: int
    draws: int = 1
    conviction: float = CONVICTION

    def repaired(self, causes: Iterable[str], day: dt.date, draw: int = 0) -> Repaired:
        """The case with these causes repaired, as it would have been known at the end of a day."""
        repaired, _ = self._repair(frozenset(causes), day, draw)
        return repaired

    def changes(self, cause: str, day: dt.date) -> tuple[str, ...]:
        """What repairing one cause alone changes, in sentences."""
        _, notes = self._repair(frozenset((cause,)), day, 0)
        return notes

    def all_that_existed(self, day: dt.date) -> Repaired:
        """Every report of something before the day, known at its own date; nothing else is repaired."""
        reports = tuple(
            report.model_copy(update={"known": None}) if report.known_on > day else report
            for report in self.own.reports
            if report.date <= day
        )
        sources = (*self.view.sources, attentive_source(self.own))
        return Repaired(
            case=as_known(self.view.model_copy(update={"reports": reports, "sources": sources}), day)
        )

    def _repair(self, causes: frozenset[str], day: dt.date, draw: int) -> tuple[Repaired, tuple[str, ...]]:
        notes: list[str] = []
        case = self.mended if MINDSET in causes else self.view
        if SOURCES in causes:
            case = case.model_copy(update={"sources": self.own.sources})
        if self.missing and COLLECTION not in causes:
            case = without_sources(case, self.missing)
        elif self.missing:
            notes.append(f"sources that the view does not have are heard: {', '.join(sorted(self.missing))}")
        # The imagined source is there, silent, in every case, so that all of them draw alike.
        attentive = attentive_source(self.own)
        case = case.model_copy(update={"sources": (*case.sources, attentive)})
        case = self._in_time(case, causes, day, notes)
        game = compile_case(as_known(case, day), day)
        hindsight = Hindsight(game=game, truth=self.truth)

        flags: tuple[tuple[str, bool], ...] = ()
        honest: frozenset[str] = frozenset()
        if DECEPTION in causes:
            case, honest = self._undeceived(case, hindsight, draw, notes)
            flags = tuple(
                (actor.id, self.truth.deceives[actor.id])
                for actor in case.actors
                if actor.id in self.truth.deceives
            )
            notes.extend(
                f"that {actor} {'deceives' if deceives else 'does not deceive'} is known"
                for actor, deceives in flags
            )
        if SOURCES in causes:
            case = self._without_errors(case, hindsight, notes)
        if COLLECTION in causes:
            made = reports_never_made(
                case,
                hindsight,
                attentive,
                looked_at={i.id: steps_looked_at(self.own, hindsight, i) for i in case.indicators},
                honest=honest,
                draw=Draw(seed=self.seed, number=draw, of=self.draws),
            )
            if made:
                told = Counter(report.indicator for report in made)
                notes.append(
                    "where nobody looked, a good source tells step by step of "
                    + ", ".join(f"{name} ({count})" for name, count in told.items())
                )
            case = case.model_copy(update={"reports": (*case.reports, *made)})
        if MINDSET in causes:
            case = self._open_minded(case, notes)
        return Repaired(case=as_known(case, day), flags=flags), tuple(notes)

    def _in_time(self, case: Case, causes: frozenset[str], day: dt.date, notes: list[str]) -> Case:
        """Reports that came too late, and reports in hand that were set aside, known at their date."""
        aside = frozenset(self.truth.set_aside)
        late: list[str] = []
        taken_in: list[str] = []
        reports = []
        for report in case.reports:
            if report.date <= day < report.known_on:
                wanted = MINDSET if report.id in aside else COLLECTION
                if wanted in causes:
                    (taken_in if report.id in aside else late).append(report.id)
                    report = report.model_copy(update={"known": None})
            reports.append(report)
        if late:
            notes.append(f"known at their date instead of later: {', '.join(late)}")
        if taken_in:
            notes.append(f"set aside, and now taken in at their date: {', '.join(taken_in)}")
        return case.model_copy(update={"reports": tuple(reports)})

    def _undeceived(
        self, case: Case, hindsight: Hindsight, draw: int, notes: list[str]
    ) -> tuple[Case, frozenset[str]]:
        """Planted reports fall away, and what was hidden from those who watched shows."""
        # A report that erred is the source's own affair, whatever was hidden.
        told = tuple(report for report in case.reports if hindsight.verdict(report) != "wrong")
        undone = deception_undone(
            case, hindsight, told, draw=Draw(seed=self.seed, number=draw, of=self.draws)
        )
        if undone.gone:
            notes.append(f"planted, and now not there: {', '.join(sorted(undone.gone))}")
        if undone.shown or undone.turned:
            sightings = sum(value == "seen" for value in undone.turned.values())
            notes.append(
                "what was hidden shows, in the first draw: "
                f"{len(undone.shown)} silences become sightings, {sightings} reports tell of a true one, "
                f"{len(undone.turned) - sightings} planted ones of none"
            )
        reports = tuple(
            report.model_copy(update={"value": undone.turned[report.id]})
            if report.id in undone.turned
            else report
            for report in case.reports
            if report.id not in undone.gone
        )
        case = case.model_copy(update={"reports": (*reports, *undone.shown)})
        honest, indicators = set(), []
        for indicator in case.indicators:
            update: dict[str, float] = {}
            owner = owner_of(indicator)
            if owner is not None and hindsight.deceives(owner) is True:
                if _all_known(case, hindsight, indicator.id):
                    update["concealable"] = 0.0
                    honest.add(indicator.id)
                if all(
                    hindsight.verdict(r) is not None
                    for r in reports
                    if r.indicator == indicator.id and _in_hand(r, hindsight.game)
                ):
                    update["plantable"] = 0.0
            indicators.append(indicator.model_copy(update=update) if update else indicator)
        return case.model_copy(update={"indicators": tuple(indicators)}), frozenset(honest)

    def _without_errors(self, case: Case, hindsight: Hindsight, notes: list[str]) -> Case:
        """Wrong reports say what was so, or fall away; records count what was right, mended, or fell away."""
        mended, dropped, reports = [], [], []
        records: dict[str, Counter[str]] = {}
        counted: set[tuple[str, str | None, str | None, int]] = set()
        for report in case.reports:
            verdict = hindsight.verdict(report)
            if verdict not in ("right", "wrong") or not _in_hand(report, hindsight.game):
                reports.append(report)
                continue
            true = report if verdict == "right" else _as_it_was(report, hindsight)
            # Reports of one origin on one thing in one step prove a source once, as they count once.
            step = hindsight.game.grid.step_of(report.date)
            once = (report.origin or report.source, report.indicator, report.front, step)
            if once not in counted:
                counted.add(once)
                records.setdefault(report.source, Counter())["wrong" if true is None else "right"] += 1
            if true is None:
                dropped.append(report.id)
                continue
            if true is not report:
                mended.append(report.id)
            reports.append(true)
        if mended:
            notes.append(f"wrong, and now saying what was so: {', '.join(mended)}")
        if dropped:
            notes.append(f"wrong about what is not known even now, and gone: {', '.join(dropped)}")
        if records:
            told = ", ".join(
                f"{name} ({tally['right']} right, {tally['wrong']} wrong)" for name, tally in records.items()
            )
            notes.append(f"records count this case, as mended: {told}")
        sources = tuple(_with_record(source, records.get(source.id)) for source in case.sources)
        return case.model_copy(update={"reports": tuple(reports), "sources": sources})

    def _open_minded(self, case: Case, notes: list[str]) -> Case:
        """Each actor's prior puts at least the conviction on what it proved to be."""
        actors = []
        for actor in case.actors:
            true = self.truth.dispositions.get(actor.id)
            before = actor.dispositions.get(true, 0.0) if true is not None else 1.0
            if true is not None and before < self.conviction:
                keep = (1.0 - self.conviction) / (1.0 - before)
                moved = {name: share * keep for name, share in actor.dispositions.items()}
                moved[true] = self.conviction
                notes.append(
                    f"{actor.id} is held {true} with {100 * self.conviction:.0f} % instead of "
                    f"{100 * before:.0f} %"
                )
                actor = actor.model_copy(update={"dispositions": moved})
            actors.append(actor)
        if self.mended is not self.view:
            notes.append("numbers of another view stand in place of the forecaster's")
        return case.model_copy(update={"actors": tuple(actors)})


def workshop(
    case: Case,
    *,
    variant: str | None,
    seed: int,
    reference: str | None = None,
    draws: int = 1,
    conviction: float = CONVICTION,
) -> Workshop:
    """Everything that repairs start from.

    Parameters
    ----------
    variant : the view that made the forecast; the case as written if left out
    reference : the view whose numbers a repaired mindset has; the case as written if left out

    Raises
    ------
    AskError if the case has no truth or no such variant, or the conviction is no probability
    """
    if case.truth is None:
        raise AskError(
            "found no truth.yaml; a post-mortem needs what is known now of what was hidden then\n"
            "  mend: write dispositions, deceives, levels and reports as far as they are known"
        )
    if not 0.0 < conviction < 1.0:
        raise AskError(f"found the conviction {conviction:g}; expected a chance above 0 and below 1")
    own = case.model_copy(update={"variants": ()})
    view, missing = _view_of(case, own, variant)
    mended, _ = _view_of(case, own, reference)
    return Workshop(
        own=own,
        view=view,
        mended=view if reference == variant else mended,
        missing=missing,
        truth=case.truth,
        seed=seed,
        draws=draws,
        conviction=conviction,
    )


def _view_of(case: Case, own: Case, variant: str | None) -> tuple[Case, frozenset[str]]:
    """A view of the case with every source still in it, and the sources that the view does not have."""
    if variant is None:
        return own, frozenset()
    chosen = next((v for v in case.variants if v.id == variant), None)
    if chosen is None:
        has = ", ".join(v.id for v in case.variants) or "none"
        raise AskError(f"found the variant {variant!r}; expected one of the case's: {has}")
    try:
        view = changed(case, chosen.model_copy(update={"without": (), "only": None}))
    except VariantError as error:
        raise AskError(str(error)) from None
    missing = {
        source.id
        for source in own.sources
        if source.id in chosen.without or (chosen.only is not None and source.id not in chosen.only)
    }
    return view, frozenset(missing)


def compiled(repaired: Repaired, day: dt.date) -> Game:
    """The game of a repaired case, with what is known for certain in place of priors."""
    game = compile_case(repaired.case, day)
    statics = game.statics
    deception, kinds = statics.deception_prior.copy(), statics.disposition_prior.copy()
    for actor, deceives in repaired.flags:
        if actor in game.actors:
            deception[game.actors.index(actor)] = float(deceives)
    for actor, disposition in repaired.dispositions:
        if actor in game.actors and disposition in game.dispositions:
            row = kinds[game.actors.index(actor)]
            row[:] = 0.0
            row[game.dispositions.index(disposition)] = 1.0
    return replace(game, statics=replace(statics, deception_prior=deception, disposition_prior=kinds))


def without_sources(case: Case, missing: frozenset[str]) -> Case:
    """The case in which some sources say nothing and watch nothing, but still stand."""
    return case.model_copy(
        update={
            "reports": tuple(report for report in case.reports if report.source not in missing),
            "sources": tuple(
                source.model_copy(update={"watches": ()}) if source.id in missing else source
                for source in case.sources
            ),
        }
    )


def _in_hand(report: Report, game: Game) -> bool:
    return report.date <= game.as_of and report.known_on <= game.as_of


def _all_known(case: Case, hindsight: Hindsight, indicator: str) -> bool:
    """Whether the true level is known wherever somebody looked, so that no concealment is left to undo."""
    found = next(i for i in case.indicators if i.id == indicator)
    game = hindsight.game
    steps = {
        game.grid.step_of(r.date) for r in case.reports if r.indicator == indicator and _in_hand(r, game)
    }
    for source in case.sources:
        for watch in source.watches:
            if watch.indicator == indicator:
                since = max(watch.since or case.start, case.start)
                until = min(watch.until or dt.date.max, game.as_of)
                if since <= until:
                    steps |= set(range(max(1, game.grid.step_of(since)), game.grid.step_of(until) + 1))
    return all(hindsight.shown(found, step) is not None for step in steps if 1 <= step <= game.now)


def _as_it_was(report: Report, hindsight: Hindsight) -> Report | None:
    """A wrong report saying what was so; None where that is not known."""
    if report.indicator is not None:
        return report.model_copy(update={"value": "not seen" if report.value == "seen" else "seen"})
    level = hindsight.level("posture", report.front or "", hindsight.game.grid.step_of(report.date))
    return None if level is None else report.model_copy(update={"value": hindsight.game.rungs[int(level)]})


def _with_record(source: Source, tally: Counter[str] | None) -> Source:
    if not tally:
        return source
    before = source.record or Record(right=0.0, wrong=0.0)
    record = Record(right=before.right + tally["right"], wrong=before.wrong + tally["wrong"])
    return source.model_copy(update={"record": record})


__all__ = ["CONVICTION", "Repaired", "Workshop", "compiled", "without_sources", "workshop"]
