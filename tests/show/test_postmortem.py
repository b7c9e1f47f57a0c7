"""Post-mortems in the terminal: everything is said, nothing obeyed, nothing too wide."""

import dataclasses

from tests.ask.test_postmortem import answer as solved
from tocsin.ask.estimate import Chance, Number
from tocsin.show.postmortem import render_postmortem, rows_of

AWKWARD = 'a "b" <script>alert(1)</script> \x1b[31m & \u202e c'


def test_the_text_says_what_carries_the_loss_and_the_short_one_is_short():
    text = render_postmortem(solved())
    (v,) = solved().verdicts
    for name, _ in rows_of(v):
        assert name in text
    assert "They sum to the loss" in text
    assert len(text.splitlines()) <= 70
    assert len(render_postmortem(solved(), full=True)) > len(text)


def test_a_negative_part_is_said_to_be_one():
    (v,) = solved().verdicts
    hurt = dataclasses.replace(v.parts[0], nats=Number(value=-0.5, mc_error=0.1))
    answer = dataclasses.replace(solved(), verdicts=(dataclasses.replace(v, parts=(hurt, *v.parts[1:])),))
    assert "A negative part" in render_postmortem(answer)


def test_what_came_on_no_particle_is_said_to_be_a_bound_and_is_not_what_the_short_view_explains():
    (v,) = solved().verdicts
    never = dataclasses.replace(
        v,
        id="never",
        bound=True,
        given=Chance(probability=0.0, mc_error=0.01),
        loss=Number(value=8.0, mc_error=0.0),
    )
    answer = dataclasses.replace(solved(), verdicts=(never, v))
    text = render_postmortem(answer)
    assert "under 0.03 %" in text
    assert "≥ 8.00" in text
    assert f"WHY: {v.id.upper()}" in text
    assert "WHY: NEVER" not in text


def test_no_text_of_a_case_is_obeyed():
    (v,) = solved().verdicts
    verdict = dataclasses.replace(
        v,
        text=AWKWARD,
        reports=tuple(dataclasses.replace(r, text=AWKWARD, source=AWKWARD) for r in v.reports),
        beliefs=tuple(dataclasses.replace(b, label=AWKWARD) for b in v.beliefs),
    )
    repairs = tuple(dataclasses.replace(r, changes=(AWKWARD,)) for r in solved().repairs)
    head = dataclasses.replace(solved().head, case=AWKWARD, question=AWKWARD, variant=AWKWARD)
    answer = dataclasses.replace(
        solved(), head=head, verdicts=(verdict,), repairs=repairs, basis=AWKWARD, unknown=(AWKWARD,)
    )
    told = render_postmortem(answer, full=True)
    assert "\x1b" not in told
    assert "\u202e" not in told
