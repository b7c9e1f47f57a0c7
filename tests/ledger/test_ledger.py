"""The ledger keeps what it is given, refuses what contradicts it, and says the same on both databases."""

import datetime as dt

import pytest

from tests.ledger.made import CLOSES, DAY, NOON, forecast, later, question, report, resolution
from tocsin.ledger import ChainError, EntryError, Ledger

AFTER = later(60)


def test_what_was_added_comes_back(ledger):
    whole = forecast(
        probability=0.125, mc_error=0.004, confidence="low", base_rate=0.05, seed=3,
        case_digest="ab" * 32, version="0.1.0", note="Łódź – 東京",
    )  # fmt: skip
    [added] = ledger.add([whole], now=NOON)
    [row] = ledger.forecasts()
    assert (row, row.value, row.recorded, row.number) == (added.row, whole, NOON, 1)


def test_an_answer_by_classes_or_by_quantiles_comes_back(ledger):
    classes = forecast(
        question=question("rung", classes=("calm", "words", "war")), probability=None, shares=(0.5, 0.3, 0.2)
    )
    number = forecast(
        question=question("deaths", number=True), probability=None, quantiles=((0.1, 3.0), (0.9, 40.0))
    )
    ledger.add([classes, number], now=NOON)
    assert [row.value for row in ledger.forecasts()] == [classes, number]


def test_a_ledger_is_there_when_it_is_opened_again(place):
    with Ledger.open(place) as first:
        first.add([forecast()], now=NOON)
        head = first.head()
    with Ledger.open(place, create=False) as again:
        assert again.verify(head=head).sound
        assert [row.value for row in again.forecasts()] == [forecast()]


def test_the_same_forecast_is_kept_once(ledger):
    ledger.add([forecast()], now=NOON)
    again = ledger.add([forecast(), forecast(), forecast(probability=0.3)], now=later(1))
    assert [added.new for added in again] == [False, False, True]
    assert [row.value.probability for row in ledger.forecasts()] == [0.2, 0.3]


def test_a_zero_written_as_a_whole_number_is_the_same_forecast(ledger):
    ledger.add([forecast(probability=0)], now=NOON)
    assert [added.new for added in ledger.add([forecast(probability=0.0)], now=NOON)] == [False]


@pytest.mark.parametrize(
    "changed", [{"text": "Will it rain?"}, {"closes": dt.date(2030, 7, 1)}, {"rule": "One agency says so."}]
)
def test_a_question_never_changes(ledger, changed):
    ledger.add([forecast()], now=NOON)
    with pytest.raises(EntryError, match="an id of its own"):
        ledger.add([forecast(question=question(**changed))], now=NOON)


def test_all_or_none_is_written(ledger):
    with pytest.raises(EntryError, match="days to come"):
        ledger.add([forecast(), forecast("drought", as_of=DAY + dt.timedelta(days=1))], now=NOON)
    assert ledger.entries() == ()


def test_a_resolution_needs_a_question(ledger):
    with pytest.raises(EntryError, match="no such question"):
        ledger.resolve([resolution()], now=AFTER)


@pytest.mark.parametrize(
    ("outcome", "changes"),
    [
        ("maybe", {}),
        ("3", {}),
        ("calm", {"classes": ("calmer", "war")}),
        ("many", {"number": True}),
        ("nan", {"number": True}),
    ],
)
def test_an_outcome_must_be_one_that_the_question_can_have(ledger, outcome, changes):
    answer: dict = {}
    if "classes" in changes:
        answer = {"probability": None, "shares": (0.5, 0.5)}
    elif changes:
        answer = {"probability": None, "quantiles": ((0.5, 1.0),)}
    ledger.add([forecast(question=question(**changes), **answer)], now=NOON)
    with pytest.raises(EntryError, match="outcome of flood"):
        ledger.resolve([resolution(outcome=outcome)], now=AFTER)


def test_what_came_about_after_the_close_does_not_count(ledger):
    ledger.add([forecast()], now=NOON)
    with pytest.raises(EntryError, match="up to its close"):
        ledger.resolve([resolution(on=CLOSES + dt.timedelta(days=1))], now=AFTER)


def test_nothing_is_resolved_before_it_came_about(ledger):
    ledger.add([forecast()], now=NOON)
    with pytest.raises(EntryError, match="still to come"):
        ledger.resolve([resolution(outcome="no")], now=later(10))


def test_a_correction_needs_a_reason_and_leaves_both(ledger):
    ledger.add([forecast()], now=NOON)
    ledger.resolve([resolution()], now=AFTER)
    with pytest.raises(EntryError, match="--because"):
        ledger.resolve([resolution(outcome="no")], now=AFTER)
    [added] = ledger.resolve([resolution(outcome="no", because="it was another river")], now=AFTER)
    first, second = ledger.resolutions()
    [asked] = ledger.questions()
    assert second.value.supersedes == first.hash
    assert (asked.resolution, asked.corrections) == (added.row, 1)


def test_a_correction_can_itself_be_corrected(ledger):
    ledger.add([forecast()], now=NOON)
    for outcome, why in (("yes", ""), ("no", "misread"), ("yes", "read rightly after all")):
        ledger.resolve([resolution(outcome=outcome, because=why)], now=AFTER)
    [asked] = ledger.questions()
    assert (asked.resolution.value.outcome, asked.corrections) == ("yes", 2)


def test_the_same_resolution_is_kept_once(ledger):
    ledger.add([forecast()], now=NOON)
    ledger.resolve([resolution()], now=AFTER)
    assert [added.new for added in ledger.resolve([resolution()], now=AFTER)] == [False]
    assert len(ledger.entries()) == 2


def test_the_ledger_is_read_as_it_stood_on_a_day(ledger):
    ledger.add([forecast()], now=NOON)
    ledger.add([forecast(probability=0.4, as_of=DAY + dt.timedelta(days=3))], now=later(3))
    ledger.resolve([resolution()], now=AFTER)
    [then] = ledger.questions(until=DAY + dt.timedelta(days=2))
    [now] = ledger.questions()
    assert (len(then.forecasts), then.resolution) == (1, None)
    assert (len(now.forecasts), now.resolution.value.outcome) == (2, "yes")
    assert ledger.questions(until=DAY - dt.timedelta(days=1)) == ()


def test_a_day_s_last_second_belongs_to_it(ledger):
    last = dt.datetime(2030, 4, 15, 23, 59, 59, 999999, tzinfo=dt.UTC)
    ledger.add([forecast()], now=last)
    assert len(ledger.forecasts(until=DAY)) == 1


def test_where_a_question_stands(ledger):
    ledger.add([forecast("flood"), forecast("drought")], now=NOON)
    ledger.resolve([resolution(on=DAY)], now=NOON)
    flood, drought = ledger.questions()
    after = CLOSES + dt.timedelta(days=1)
    assert (flood.status(CLOSES), flood.status(after)) == ("decided early", "resolved")
    assert (drought.status(CLOSES), drought.status(after)) == ("open", "overdue")


def test_reports_proved_right_or_wrong_as_was_clear_on_a_day(ledger):
    ledger.resolve_reports([report("r1"), report("r2", right=False)], now=NOON)
    ledger.resolve_reports(
        [report("r1", right=False, on=DAY + dt.timedelta(days=5), because="the picture was old")],
        now=later(9),
    )
    rights = {row.report: row.right for row in ledger.report_resolutions()}
    then = {row.report: row.right for row in ledger.report_resolutions(until=DAY + dt.timedelta(days=4))}
    assert (rights, then) == ({"r1": False, "r2": False}, {"r1": True, "r2": False})
    assert ledger.report_resolutions(until=DAY - dt.timedelta(days=1)) == ()


def test_a_report_is_not_resolved_twice_without_a_reason(ledger):
    ledger.resolve_reports([report()], now=NOON)
    with pytest.raises(EntryError, match="--because"):
        ledger.resolve_reports([report(right=False)], now=NOON)


@pytest.mark.parametrize("name", ["north:flood", "flood", "Will it come to north:flood?", "1", "#1", "HASH"])
def test_a_question_is_found_by_any_of_its_names(ledger, name):
    [added] = ledger.add([forecast("north:flood", case="north")], now=NOON)
    found = ledger.find(added.row.hash[:12] if name == "HASH" else name)
    assert found.question.key == "north:flood"


def test_a_name_of_two_questions_is_refused(ledger):
    ledger.add([forecast("north:flood"), forecast("south:flood")], now=NOON)
    with pytest.raises(EntryError, match="north:flood, south:flood"):
        ledger.find("flood")
    with pytest.raises(EntryError, match="no such question"):
        ledger.find("drought")


def test_a_ledger_moves_to_another_place_with_its_hashes(ledger, tmp_path):
    ledger.add([forecast(), forecast("drought")], now=NOON)
    with Ledger.open(str(tmp_path / "copy.sqlite")) as copy:
        assert copy.take(ledger.entries()) == 2
        assert (copy.entries(), copy.head()) == (ledger.entries(), ledger.head())
        ledger.add([forecast("storm")], now=NOON)
        assert (copy.take(ledger.entries()), copy.take(ledger.entries())) == (1, 0)


def test_ledgers_that_parted_are_not_merged(ledger, tmp_path):
    ledger.add([forecast()], now=NOON)
    with Ledger.open(str(tmp_path / "other.sqlite")) as other:
        other.add([forecast("drought")], now=NOON)
        with pytest.raises(ChainError, match="agree with the first 0"):
            other.take(ledger.entries())


def test_a_time_without_a_zone_is_refused(ledger):
    with pytest.raises(EntryError, match="without a zone"):
        ledger.add([forecast()], now=NOON.replace(tzinfo=None))
