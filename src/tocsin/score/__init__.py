"""Scores of forecasts and what is learned from them: calibration, skill, pooling, sources' records."""
