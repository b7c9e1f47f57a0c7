"""From what was asked to its answer: the case changed as was asked, the posterior it starts from, the act."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tocsin import __version__
from tocsin.ask.inferred import DEFAULT_SEED, Inferred, as_of_day
from tocsin.case.check import check
from tocsin.case.faults import CheckError
from tocsin.case.files import home
from tocsin.case.known import as_known
from tocsin.case.model import Case, Variant
from tocsin.case.variant import changed, in_variant
from tocsin.infer.work import Progress
from tocsin.web import asks
from tocsin.web.jobs import Answer
from tocsin.web.posteriors import Posteriors
from tocsin.web.workspace import Reading

if TYPE_CHECKING:
    from tocsin.score.record import TrackRecord
    from tocsin.score.reliability import Proof

PARTICLES = 20_000
# What infers often does it by fewer.
FEWER = {"postmortem": 10_000, "timeline": 5_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What every answer of a server is made with.

    Parameters
    ----------
    particles, seed : where a question names none
    ledger : place of the ledger that stands beside the answers, if any
    """

    posteriors: Posteriors
    particles: int = PARTICLES
    seed: int = DEFAULT_SEED
    ledger: str | None = None


def settled(ask: asks.Asked, means: Means) -> asks.Asked:
    """A question with the server's own particles and seed where it names none."""
    usual = min(means.particles, FEWER.get(_kind(ask), means.particles))
    return ask.model_copy(
        update={
            "particles": usual if ask.particles is None else ask.particles,
            "seed": means.seed if ask.seed is None else ask.seed,
        }
    )


def name_of(ask: asks.Asked, reading: Reading, means: Means) -> str:
    """The name of an answer: the same for the same question about the same reading, and for no other."""
    parts = [__version__, reading.digest, settled(ask, means).model_dump(mode="json"), _head(ask, means)]
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def answer(
    ask: asks.Asked, reading: Reading, means: Means, progress: Progress, cancel: threading.Event
) -> Answer:
    """Answer a question about a reading.

    Raises
    ------
    TocsinError if it cannot be answered, CancelledError
    """
    work = _Work(ask=settled(ask, means), case=reading.case, means=means, progress=progress, cancel=cancel)
    value = _ACTS[_kind(ask)](work)
    return Answer(value=value, text=_text(value))


def _kind(ask: asks.Asked) -> str:
    kind: str = ask.ask  # type: ignore[attr-defined]  # each form of a question has one
    return kind


def _text(value: Any) -> bytes:
    from tocsin.show.answers import as_data

    return json.dumps(as_data(value), separators=(",", ":"), allow_nan=False).encode("ascii")


def as_asked(case: Case, ask: asks.Asked, *, keep_variants: bool = False) -> Case:
    """The case in the view asked for, without the reports left out, with what was changed.

    Raises
    ------
    VariantError if there is no such view or a change cannot be made; CheckError if the changed case cannot be
    """
    seen = case if ask.variant is None or keep_variants else in_variant(case, ask.variant)
    if ask.changes or ask.without:
        gone = {f"reports.{name}": None for name in ask.without}
        seen = changed(seen, Variant(id="changed", name="as changed", change={**ask.changes, **gone}))
        faults = [
            found.fault(home(str(found.path[0])) if found.path else home(""), None)
            for found in check(seen)
            if found.severity == "fault"
        ]
        if faults:
            raise CheckError(faults)
        if keep_variants:
            seen = seen.model_copy(update={"variants": case.variants})
    return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    ask: Any  # settled
    case: Case
    means: Means
    progress: Progress
    cancel: threading.Event

    @property
    def told(self) -> dict[str, Any]:
        return {"progress": self.progress, "cancel": self.cancel}

    def asked(self) -> Case:
        return as_asked(self.case, self.ask)

    def inferred(self) -> Inferred:
        case = self.asked()
        day = as_of_day(case, self.ask.as_of)
        known = as_known(case, day)
        posterior = self.means.posteriors.infer(
            known, day, particles=self.ask.particles, seed=self.ask.seed, **self.told
        )
        return Inferred(
            written=case,
            known=known,
            as_of=day,
            seed=self.ask.seed,
            posterior=posterior,
            variant=self.ask.variant,
        )


def _assess(work: _Work) -> Any:
    from tocsin.ask.assess import assess_by

    case, ask, options = work.asked(), work.ask, work.ask.options
    day = as_of_day(case, ask.as_of)
    proofs, records = _from_ledger(work.means.ledger, day)

    def infer_at(known: Case, at: dt.date) -> Any:
        return work.means.posteriors.infer(known, at, particles=ask.particles, seed=ask.seed, **work.told)

    return assess_by(
        infer_at,
        case,
        day,
        seed=ask.seed,
        since=options.since,
        yardstick=_yardstick(options.phia),
        variant=ask.variant,
        proofs=proofs,
        half_life_days=options.half_life,
        records=records,
    ).estimate


def _futures(work: _Work) -> Any:
    from tocsin.ask.outlook.outlook import foresee

    options = work.ask.options
    return foresee(
        work.inferred(),
        weeks=options.weeks,
        conditions=options.conditions,
        effort=options.effort,
        **work.told,
    )


def _options(work: _Work) -> Any:
    from tocsin.ask.options import options as act

    options = work.ask.options
    return act(
        work.inferred(),
        budget=options.budget,
        questions=options.questions,
        by=options.by,
        most=options.most,
        at_most=options.at_most,
        histories=options.histories,
        **work.told,
    )


def _ceasefire(work: _Work) -> Any:
    from tocsin.ask.ceasefire import ceasefire

    options = work.ask.options
    return ceasefire(work.inferred(), deal=options.deal, by=options.by, push=options.push, **work.told)


def _collect(work: _Work) -> Any:
    from tocsin.ask.collect.collect import collect

    options = work.ask.options
    return collect(
        work.inferred(),
        within_weeks=options.within,
        horizon_weeks=options.horizon,
        unit=options.unit,
        spared=options.spared,
        weights=options.weights,
        moves=tuple((move.collector, move.actor, move.share) for move in options.moves),
        side=options.side,
        **work.told,
    )


def _stress(work: _Work) -> Any:
    from tocsin.ask.stress import stress
    from tocsin.ask.stress.stressed import must_be_asked, settled

    options, yardstick = work.ask.options, _yardstick(work.ask.options.phia)
    # Whatever is refused is refused before the inference, which takes longest.
    must_be_asked(options.budget, options.reports, options.window, options.plausible, yardstick)
    settled(work.asked(), options.question, options.deceiver, options.prices)
    return stress(
        work.inferred(),
        options.question,
        budget=options.budget,
        deceiver=options.deceiver,
        prices=options.prices,
        reports=options.reports,
        window_days=options.window,
        plausible=options.plausible,
        yardstick=yardstick,
        check=options.check,
        **work.told,
    )


def _postmortem(work: _Work) -> Any:
    from tocsin.ask.postmortem import postmortem

    ask, options = work.ask, work.ask.options
    # The view is taken within, for its repair is the case's own numbers.
    return postmortem(
        as_asked(work.case, ask, keep_variants=True),
        ask.as_of,
        question=options.question,
        variant=ask.variant,
        reference=options.reference,
        particles=ask.particles,
        seed=ask.seed,
        draws=options.draws,
        days=options.days,
        enough=options.enough,
        conviction=options.conviction,
        **work.told,
    )


def _ties(work: _Work) -> Any:
    from tocsin.ask.ties import ties

    return ties(work.asked(), work.ask.as_of, variant=work.ask.variant)


def _timeline(work: _Work) -> Any:
    from tocsin.ask.timeline import timeline

    ask, options = work.ask, work.ask.options
    # Its many small posteriors are of no use to other answers, and so are not kept.
    return timeline(
        work.asked(),
        ask.as_of,
        particles=ask.particles,
        seed=ask.seed,
        most=options.most,
        yardstick=_yardstick(options.phia),
        variant=ask.variant,
        **work.told,
    )


_ACTS: Mapping[str, Callable[[_Work], Any]] = {
    "assess": _assess,
    "futures": _futures,
    "options": _options,
    "ceasefire": _ceasefire,
    "collect": _collect,
    "stress": _stress,
    "postmortem": _postmortem,
    "ties": _ties,
    "timeline": _timeline,
}
ASKS = tuple(_ACTS)


def _yardstick(phia: bool) -> str:
    return "PHIA" if phia else "ICD 203"


def _head(ask: asks.Asked, means: Means) -> str | None:
    """What the ledger holds, where the answer rests on it."""
    if means.ledger is None or not isinstance(ask, asks.AskAssess):
        return None
    from tocsin.ledger import Ledger

    with Ledger.open(means.ledger, create=False) as ledger:
        return ledger.head()


def _from_ledger(
    place: str | None, day: dt.date
) -> tuple[tuple[Proof, ...], tuple[TrackRecord, TrackRecord] | None]:
    """What a ledger has proved of sources by a day, and its records as of today."""
    if place is None:
        return (), None
    from tocsin.ledger import Ledger
    from tocsin.ledger.record import proofs_of, records_of

    today = dt.datetime.now(dt.UTC).date()
    with Ledger.open(place, create=False) as ledger:
        ledger.must_be_sound("a record")
        return proofs_of(ledger.report_resolutions(until=day)), records_of(ledger.questions(), today)


__all__ = ["ASKS", "PARTICLES", "Means", "answer", "as_asked", "name_of", "settled"]
