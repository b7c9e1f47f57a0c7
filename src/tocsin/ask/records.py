"""Sources as their records have them: what the ledger proved of each, put into the case and shown.

A report counts toward its source's record from the day on which it was clear whether it told what was so, and
never before the as-of day allows it. A source is one across cases if it goes by one id: a ledger is one
team's, and a team that calls two sources alike should not.

A resolved report that is also evidence in this case speaks twice of its source, through its record and
through the filter, which cannot know that it was resolved. The second voice is the weaker: the filter only
sees how well the report fits the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from tocsin.ask.estimate import Number, SourceEstimate
from tocsin.case.model import Case, Record, Source
from tocsin.infer.posterior import Posterior
from tocsin.score.reliability import Proof, Tally, learned, prior_reliability, tally

NOTHING = Tally()


def clear_by(proofs: Iterable[Proof], day: dt.date) -> tuple[Proof, ...]:
    """Proofs that were clear at the end of a day."""
    return tuple(proof for proof in proofs if proof.on <= day)


def with_proofs(
    case: Case, proofs: Iterable[Proof], day: dt.date, half_life_days: float | None = None
) -> tuple[Case, Mapping[str, Tally]]:
    """The case with every source's record raised by what was clear on a day, and by how much."""
    tallies = tally(proofs, day, half_life_days=half_life_days)
    sources = tuple(_raised(source, tallies.get(source.id, NOTHING)) for source in case.sources)
    return (case.model_copy(update={"sources": sources}) if sources != case.sources else case), tallies


def as_assessed(written: Case, sources: Iterable[SourceEstimate]) -> Case:
    """The case that an estimate was made of: as written, its records raised by what the estimate counted.

    Parameters
    ----------
    written : the case as known on the estimate's day
    sources : of the estimate; those that the case does not name are passed over
    """
    proved = {s.id: Tally(right=s.proved_right, wrong=s.proved_wrong) for s in sources}
    raised = tuple(_raised(source, proved.get(source.id, NOTHING)) for source in written.sources)
    return written.model_copy(update={"sources": raised})


def _raised(source: Source, proved: Tally) -> Source:
    if not proved.total:
        return source
    own = source.record or Record(right=0, wrong=0)
    record = Record(right=own.right + proved.right, wrong=own.wrong + proved.wrong)
    return source.model_copy(update={"record": record})


def estimate_sources(
    posterior: Posterior, written: Case, tallies: Mapping[str, Tally], proofs: Iterable[Proof]
) -> tuple[SourceEstimate, ...]:
    """Every source's reliability before any proof, with its proofs, and after this case's evidence.

    Parameters
    ----------
    written : the case as the analyst wrote it, its records not raised
    tallies, proofs : what was counted, and from which reports
    """
    proofs = tuple(proofs)
    means, errors = posterior.expect(posterior.values[posterior.game.statics.reliability])
    out = []
    for source, mean, error in zip(written.sources, means, errors, strict=True):
        proved = tallies.get(source.id, NOTHING)
        prior = learned(source, proved)
        low, high = prior.interval()
        out.append(
            SourceEstimate(
                id=source.id,
                name=source.name,
                grade=source.grade,
                own_right=float(source.record.right) if source.record else 0.0,
                own_wrong=float(source.record.wrong) if source.record else 0.0,
                proved_right=proved.right,
                proved_wrong=proved.wrong,
                proved_in=tuple(sorted({proof.case for proof in proofs if proof.source == source.id})),
                before=prior_reliability(source).mean,
                prior=prior.mean,
                low=low,
                high=high,
                now=Number(value=float(mean), mc_error=float(error)),
            )
        )
    return tuple(out)
