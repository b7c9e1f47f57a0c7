"""The rivals on the real theatres: nothing is claimed, all is run."""

import pytest

from tocsin.events.backtest.dyads import score_theatre
from tocsin.events.backtest.rivals import forecasters
from tocsin.events.panel import read_panels, split_week


@pytest.mark.parametrize("theatre", ["levant_cameo_1979_2007", "balkans_weis_1989_2003"])
def test_the_recent_past_of_a_real_theatre_says_more_than_its_climatology(data, theatre):
    """Both codings; the trailing year is the better rival in both scores at every horizon."""
    (panel,) = read_panels(data, theatres=(theatre,))
    made = score_theatre(
        panel,
        forecasters(1, ["climatology", "trailing"]),
        train=split_week(panel),
        until=len(panel.weeks),
    )
    assert len(panel.dyads) >= 16
    for score in ("log", "RPS"):
        for horizon in (1, 4, 12):
            at = made.horizon == horizon
            assert made.score("trailing", score)[at].mean() < made.score("climatology", score)[at].mean()
