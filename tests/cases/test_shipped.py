"""Every shipped case: no faults, a README, an estimate on each of its days, a golden that it agrees with."""

import re

import pytest

from tests.cases.runs import (
    DAYS,
    FOLDERS,
    GOLDEN_PARTICLES,
    GOLDEN_SEED,
    GOLDENS,
    MAIN,
    PARTICLES,
    SEED,
    answers,
    assessed,
    case_of,
)
from tocsin.ask.bands import band
from tocsin.ask.confidence import LEVELS
from tocsin.ask.estimate import Chance

RUNS = [(name, day) for name in FOLDERS for day in DAYS.get(name, ())]
# A rare event may turn up in none of 4,000 histories, and the error then says too little: grant half a point.
GRANTED = 0.005
LINE = re.compile(
    r"^  (?P<key>\S+(?:: \S+)?) +(?P<p>[\d.]+) ± (?P<error>[\d.]+)(?:  (?P<word>\w.*?)  +(?P<level>\w+))?$"
)


def golden_text(name: str) -> str:
    """What a person should read and find sensible before committing it."""
    lines = [
        f"{name}: {GOLDEN_PARTICLES} particles, seed {GOLDEN_SEED}.",
        "Probability ± Monte Carlo error, word of ICD 203, analytic confidence.",
        "Made by pytest --remake-goldens; compared in numbers, within four errors of both runs.",
    ]
    for day in DAYS[name]:
        estimate = assessed(name, day, GOLDEN_PARTICLES, GOLDEN_SEED).estimate
        found = answers(name, day, GOLDEN_PARTICLES, GOLDEN_SEED)
        lines += ["", f"as of {day}"]
        for question in estimate.questions:
            p, error = found.pop(question.id)
            wording, level = question.band.word, question.confidence.level
            lines.append(f"  {question.id:28s} {p:.4f} ± {error:.4f}  {wording:20s} {level}")
        lines += [f"  {key:28s} {p:.4f} ± {error:.4f}" for key, (p, error) in found.items()]
    return "\n".join(lines) + "\n"


def golden(name: str, day: str) -> dict[str, dict[str, str]]:
    text = (GOLDENS / f"{name}.txt").read_text(encoding="utf-8")
    section = text.partition(f"as of {day}\n")[2].partition("\n\n")[0]
    found = [LINE.match(line) for line in section.splitlines()]
    return {match["key"]: match.groupdict() for match in found if match}


@pytest.fixture(scope="session", autouse=True)
def remade(request):
    """Make the goldens anew before they are compared with, if asked to."""
    if request.config.getoption("--remake-goldens"):
        GOLDENS.mkdir(exist_ok=True)
        for name in FOLDERS:
            (GOLDENS / f"{name}.txt").write_text(golden_text(name), encoding="utf-8")


def word(p: float) -> str:
    return band(Chance(probability=min(max(p, 0.0), 1.0), mc_error=0.0)).word


@pytest.mark.parametrize("name", FOLDERS)
def test_a_shipped_case_has_no_faults(name):
    assert case_of(name).questions  # reading it raises every fault at once


@pytest.mark.parametrize("name", FOLDERS)
def test_a_shipped_case_explains_itself(name):
    assert (FOLDERS[name] / "README.md").is_file()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_shipped_case_says_on_which_days_it_is_asked_and_has_a_golden_of_each(name):
    assert name in DAYS
    assert name in MAIN
    for day in DAYS[name]:
        expected = {q.id for q in case_of(name).questions}
        expected |= {
            f"{actor}: {what}"
            for actor in MAIN[name]
            for what in (*(d.id for d in case_of(name).dispositions), "deceives")
        }
        assert set(golden(name, day)) == expected, "make it with pytest --remake-goldens"


def test_no_golden_is_of_a_case_that_is_gone():
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(FOLDERS)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "day"), RUNS)
def test_an_estimate_agrees_with_its_golden(name, day):
    """Within four standard errors of both runs, the golden's and a smaller one of another seed."""
    found, before = answers(name, day, PARTICLES, SEED), golden(name, day)
    differing = {}
    for key, (p, error) in found.items():
        was, was_error = float(before[key]["p"]), float(before[key]["error"])
        allowed = 4.0 * (error**2 + was_error**2) ** 0.5 + GRANTED
        if abs(p - was) > allowed:
            differing[key] = f"{was:.4f} before, {p:.4f} now, {allowed:.4f} allowed"
    assert differing == {}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "day"), RUNS)
def test_words_agree_with_the_golden_away_from_edges(name, day):
    found, before = answers(name, day), golden(name, day)
    for question in assessed(name, day).estimate.questions:
        p, error = found[question.id]
        reach = 4.0 * (error**2 + float(before[question.id]["error"]) ** 2) ** 0.5 + GRANTED
        if word(p - reach) == word(p + reach):
            assert question.band.word == before[question.id]["word"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "day"), RUNS)
def test_confidence_agrees_with_the_golden_to_a_level(name, day):
    """Its rules have edges of their own, so that a level may change to the next; from low to high it may not.

    Where the small run says that its arithmetic is rough, it is low for that alone, and nothing is compared.
    """
    before = golden(name, day)
    for question in assessed(name, day).estimate.questions:
        if not any(ground.startswith("Arithmetic") for ground in question.confidence.grounds):
            was = LEVELS.index(before[question.id]["level"])
            assert abs(LEVELS.index(question.confidence.level) - was) <= 1
