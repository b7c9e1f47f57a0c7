"""From a question of a case to the reference classes that it could belong to.

What a front is like on a day is read from the case as it was known then: kinds of actors, ties, and the
highest rung that reports name on it within a month and a year. The default ladder's rungs carry their
hostility level and their deaths a week (docs/case-format.md); a case's own rungs are matched if they carry
them too. What does not fit is said, not guessed around.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.case import words
from tocsin.case.model import Actor, Case, Rule, Rung

# Ties that oblige one to come to the other's aid, as in the game; a guarantee obliges the guarantor alone.
MUTUAL, ONE_WAY = ("patron", "alliance"), ("guarantee",)
FORCE, WAR = 4, 5
MONTH_DAYS, YEAR_DAYS = 30, 365
LEAST_STANDING = 0.02
MOST_JOINERS = 4
# An improbable report tells nothing of where a front stands; one that says that a question has come true must
# be at least possibly true.
IMPROBABLE, POSSIBLE = 5, 3
# Deaths a week, by the words that the ladder has for them.
DEATHS = {"none": 0, "a few": 1, "tens": 10, "hundreds": 100, "a thousand or more": 1000}
NO_STATE = "no state, while the class counts states, the nearest that the record has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A class that the question could belong to, which of its events, and where it does not fit."""

    reference_class: str
    event: str
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A front as the record could describe it; what the case does not tell is None."""

    initiator: str
    target: str
    states: bool  # both are states
    with_state: bool  # one of them is
    fight: int  # highest hostility level of an ally's fight with the target; 0 if none
    ally: str | None
    ally_is_state: bool
    rivals: bool
    clashed: bool  # fire between the two, or worse, within a year
    now: int  # highest hostility level between the two within a month
    deaths_a_week: int  # that the rungs seen within a month stand for
    power: float | None  # log of the initiator's standing over the target's, where both are states


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Classes for a question, best first, or why there are none."""

    candidates: tuple[Candidate, ...] = ()
    none: str | None = None
    days: int = 0  # that the question asks about
    profile: Profile | None = None
    level: int = 0  # hostility level asked about; 0 if none


def match(case: Case, rule: Rule, *, as_of: dt.date, since: dt.date, by: dt.date) -> Match:
    """Reference classes of a rule.

    Parameters
    ----------
    case : as it was known on the as-of day
    rule : when the question resolves yes
    since, by : the question's own days, which a rule may narrow
    """
    since, by = rule.since or since, rule.by or by
    days = (by - max(as_of, since)).days
    if days <= 0:
        return Match(none="its day has passed: there is nothing left to count ahead")
    if rule.factor is not None:
        return Match(
            none=f"no class fits: the factor {rule.factor} is the case's own, and no record counts it"
        )
    if rule.deal is not None:
        return _deal(case, rule.deal, as_of, days)
    if rule.front is not None and rule.reaches is not None:
        return _front(case, rule.front, rule.reaches, as_of, since, days)
    parts, least = _parts(rule)
    return _several(case, parts, least, as_of, since, days)


def _parts(rule: Rule) -> tuple[tuple[Rule, ...], int]:
    if rule.any_ is not None:
        return rule.any_, 1
    if rule.all_ is not None:
        return rule.all_, len(rule.all_)
    return rule.of or (), rule.at_least or 1


def _rung(case: Case, name: str) -> Rung:
    return next(rung for rung in case.ladder.rungs if rung.id == name)


def _deaths(rung: Rung) -> int | None:
    return DEATHS.get(rung.deaths.strip().lower())


def _actor(case: Case, name: str) -> Actor:
    return next(actor for actor in case.actors if actor.id == name)


def _seen(case: Case, front: str, as_of: dt.date, days: int) -> int:
    """Index of the highest rung told of a front in the days up to the as-of day, its start included."""
    order = {rung.id: k for k, rung in enumerate(case.ladder.rungs)}
    first = as_of - dt.timedelta(days=days)
    told = [
        order[report.value]
        for report in case.reports
        if report.front == front and first < report.date <= as_of and report.grade != IMPROBABLE
    ]
    if case.start > first:
        told += [order[f.posture] for f in case.fronts if f.ref == front and f.posture is not None]
    return max(told, default=0)


def _between(case: Case, one: str, two: str, as_of: dt.date, days: int) -> Rung:
    """Highest rung told between two actors, either way."""
    highest = max(_seen(case, f"{a} -> {b}", as_of, days) for a, b in ((one, two), (two, one)))
    return case.ladder.rungs[highest]


def _tied(case: Case, actor: str) -> Iterable[str]:
    """Whom an actor is obliged to on the day."""
    for tie in case.ties:
        # A tie whose end is known on the day is over: an end in the future was taken out of the case.
        if tie.until is not None:
            continue
        if tie.from_ == actor and tie.kind in (*MUTUAL, *ONE_WAY):
            yield tie.to
        elif tie.to == actor and tie.kind in MUTUAL:
            yield tie.from_


def profile_of(case: Case, front: str, as_of: dt.date) -> Profile:
    """A front on a day, in the words of the record."""
    one, two = front.split(" -> ")
    a, b = _actor(case, one), _actor(case, two)
    month, year = _between(case, one, two, as_of, MONTH_DAYS), _between(case, one, two, as_of, YEAR_DAYS)
    fights = [
        (_between(case, friend, two, as_of, MONTH_DAYS).hostility or 0, friend)
        for friend in _tied(case, one)
        if friend != two
    ]
    fight, ally = max(fights, default=(0, None), key=lambda found: found[0])
    rivals = any(
        tie.kind == "rivalry" and tie.until is None and {tie.from_, tie.to} == {one, two} for tie in case.ties
    )
    states = [actor.kind == "state" for actor in (a, b)]
    return Profile(
        initiator=a.name,
        target=b.name,
        states=all(states),
        with_state=any(states),
        fight=fight if fight >= FORCE else 0,
        ally=_actor(case, ally).name if ally is not None and fight >= FORCE else None,
        ally_is_state=ally is not None and _actor(case, ally).kind == "state",
        rivals=rivals,
        clashed=(year.hostility or 0) >= FORCE,
        now=month.hostility or 0,
        deaths_a_week=_deaths(month) or 0,
        power=_power(a, b) if all(states) else None,
    )


def _power(one: Actor, two: Actor) -> float:
    mine, theirs = (words.strength(actor.standing).median for actor in (one, two))
    return math.log(max(mine, LEAST_STANDING) / max(theirs, LEAST_STANDING))


def _front(case: Case, front: str, rung_id: str, as_of: dt.date, since: dt.date, days: int) -> Match:
    rung, order = _rung(case, rung_id), [r.id for r in case.ladder.rungs]
    profile = profile_of(case, front, as_of)
    watched = (as_of - since).days + 1
    if watched > 0 and _told_since(case, front, since, as_of) >= order.index(rung_id):
        return Match(
            none=f"reports say that {front} has reached {rung_id} already: there is nothing to count"
        )
    level = rung.hostility or 0
    if profile.states:
        if level < 3:
            return Match(
                none=f"no class fits: the rung {rung_id} is no show or use of force, and less is not counted"
            )
        candidates = _of_states(profile, level)
    else:
        threshold = _deaths(rung)
        if threshold is None or threshold < 1:
            return Match(
                none=f"no class fits: the rung {rung_id} says of deaths {rung.deaths or 'nothing'!r}, and of "
                "armed groups only deadly clashes are recorded"
            )
        candidates = _of_groups(case, front, profile, level, threshold)
    return Match(candidates=tuple(candidates), days=days, profile=profile, level=level)


def _told_since(case: Case, front: str, since: dt.date, as_of: dt.date) -> int:
    order = {rung.id: k for k, rung in enumerate(case.ladder.rungs)}
    told = [
        order[report.value]
        for report in case.reports
        if report.front == front and since <= report.date <= as_of and report.grade <= POSSIBLE
    ]
    return max(told, default=0)


def _of_states(profile: Profile, level: int) -> list[Candidate]:
    event = f"level {level}"
    fight = "war" if profile.fight >= WAR else "force"
    cautions: tuple[str, ...] = ()
    if profile.fight:
        no_state = "" if profile.ally_is_state else f"; it is {NO_STATE}"
        cautions = (
            f"{profile.ally} stands for the party to which {profile.initiator} is bound by a pact{no_state}",
        )
    pair = ["pair-rivals-clashed", "pair-rivals-quiet"]
    if not (profile.clashed or profile.now >= 3):
        pair.reverse()
    if profile.now >= FORCE:
        # The two are in it already: the question is how far it goes.
        names = ["party-force", "crisis-violent" if level >= FORCE else "party-dispute", "party-dispute"]
        names += pair[:1]
    elif profile.fight and profile.rivals:
        names = [f"outsider-ally-rival-{fight}", f"outsider-ally-{fight}", pair[0]]
    elif profile.fight:
        names = [f"outsider-ally-{fight}", f"outsider-ally-major-{fight}", f"outsider-ally-rival-{fight}"]
    elif profile.rivals:
        names = [*pair, "outsider-rival-force"]
    else:
        kind = "clashed" if profile.clashed or profile.now >= 3 else "quiet"
        cautions = ("the case does not say whether the two are neighbours; the class holds neighbours",)
        names = [f"pair-neighbours-{kind}", pair[0], "outsider-near-force"]
    seen = list(dict.fromkeys(names))[:3]
    return [Candidate(reference_class=name, event=event, cautions=cautions) for name in seen]


def _of_groups(case: Case, front: str, profile: Profile, level: int, threshold: int) -> list[Candidate]:
    prefix = "group" if profile.with_state else "groups"
    states = ["deadly", "fighting", "recent", "quiet"]
    if profile.deaths_a_week >= 10:
        now = 0
    elif profile.deaths_a_week >= 1:
        now = 1
    else:
        now = 2 if profile.clashed else 3
    event = f"{threshold} deaths a week"
    one, two = (_actor(case, name) for name in front.split(" -> "))
    cautions = [
        f"{actor.name} is a bloc; it is counted as an armed group"
        for actor in (one, two)
        if actor.kind == "bloc"
    ]
    beside = states[now - 1] if now else states[1]
    found = [
        Candidate(reference_class=f"{prefix}-{states[now]}", event=event, cautions=tuple(cautions)),
        Candidate(reference_class=f"{prefix}-{beside}", event=event, cautions=tuple(cautions)),
    ]
    if profile.fight and level >= FORCE and profile.now < WAR:
        fight = "war" if profile.fight >= WAR else "force"
        kind = "ally-rival" if profile.rivals else "ally"
        groups = [actor.name for actor in (one, two) if actor.kind != "state"]
        note = f"{' and '.join(groups)}: {NO_STATE}"
        found.append(
            Candidate(
                reference_class=f"outsider-{kind}-{fight}", event=f"level {level}", cautions=(note, *cautions)
            )
        )
    else:
        other = next(k for k in (now + 1, now + 2, now - 2) if 0 <= k < 4 and states[k] != beside)
        found.append(
            Candidate(reference_class=f"{prefix}-{states[other]}", event=event, cautions=tuple(cautions))
        )
    return found


def _deal(case: Case, name: str, as_of: dt.date, days: int) -> Match:
    deal = next(d for d in case.deals if d.id == name)
    one, two = deal.between
    profile = profile_of(case, f"{one} -> {two}", as_of)
    if profile.states:
        kind = "war" if profile.now >= WAR else "force"
        other = "force" if kind == "war" else "war"
        late = "the class counts from the first day of the dispute, the question from the as-of day"
        return Match(
            candidates=(
                Candidate(reference_class=f"settled-{kind}", event="negotiated", cautions=(late,)),
                Candidate(reference_class=f"settled-{kind}", event="ended", cautions=(late,)),
                Candidate(reference_class=f"settled-{other}", event="negotiated", cautions=(late,)),
            ),
            days=days,
            profile=profile,
        )
    # What is asked is an agreement: a settlement of states is nearer to it than a month without deaths.
    prefix = "group" if profile.with_state else "groups"
    kind = "war" if profile.now >= WAR else "force"
    parties = [_actor(case, name) for name in (one, two)]
    others = " and ".join(actor.name for actor in parties if actor.kind != "state")
    late = "the class counts from the first day of the dispute, the question from the as-of day"
    states = Candidate(
        reference_class=f"settled-{kind}", event="negotiated", cautions=(f"{others}: {NO_STATE}", late)
    )
    lull = "a month without a death is counted, whether or not anything was agreed"
    deadly = ["deadly", "fighting"] if profile.deaths_a_week >= 10 else ["fighting", "deadly"]
    lulls = [
        Candidate(reference_class=f"{prefix}-{name}", event="lull", cautions=(lull,))
        for name in deadly
        if days >= MONTH_DAYS
    ]
    return Match(candidates=(states, *lulls), days=days, profile=profile)


def _several(
    case: Case, parts: tuple[Rule, ...], least: int, as_of: dt.date, since: dt.date, days: int
) -> Match:
    """So many of several fronts: how many further states a fight drew in."""
    fronts = [part for part in parts if part.front is not None and part.reaches is not None]
    if len(fronts) < len(parts):
        return Match(none="no class fits: it mixes fronts with other conditions, and no record counts both")
    levels = [_rung(case, part.reaches).hostility or 0 for part in fronts if part.reaches is not None]
    level = min(levels)
    order = [rung.id for rung in case.ladder.rungs]
    done = sum(
        _told_since(case, part.front, part.since or since, as_of) >= order.index(part.reaches)
        for part in fronts
        if part.front is not None and part.reaches is not None
    )
    least -= done
    if least <= 0:
        return Match(none="reports say that it has come about already: there is nothing to count")
    if least > MOST_JOINERS:
        return Match(none=f"no class fits: {least} joiners are more than were counted")
    if level < 3:
        return Match(none="no class fits: one of its rungs is no show or use of force")
    actors = {name for part in fronts if part.front for name in part.front.split(" -> ")}
    now = max((_seen(case, f.ref, as_of, MONTH_DAYS) for f in case.fronts), default=0)
    fighting = case.ladder.rungs[now].hostility or 0
    if fighting < FORCE:
        return Match(
            none="no class fits: nobody fights yet in whose fight others could be counted as joining"
        )
    cautions = [f"counts any state that came in, not only the {len(fronts)} fronts of the question"]
    others = sorted(_actor(case, name).name for name in actors if _actor(case, name).kind != "state")
    if others:
        cautions.append(f"{', '.join(others)}: {NO_STATE}")
    if done:
        cautions.append(f"{done} of its parts have come about already, as reported; {least} more are counted")
    if len(set(levels)) > 1:
        cautions.append("its rungs differ; the lowest is counted")
    same = "war" if fighting >= WAR else "force"
    other = "force" if same == "war" else "war"
    names = [(same, least), (other, least), (same, least + 1 if least < MOST_JOINERS else least - 1)]
    return Match(
        candidates=tuple(
            Candidate(
                reference_class=f"drawn-in-{kind}",
                event=f"{n} joined at level {level}",
                cautions=tuple(cautions),
            )
            for kind, n in names
        ),
        days=days,
        level=level,
    )
