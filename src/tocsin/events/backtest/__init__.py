"""Forecasts of the past, made from what was known then, beside rivals."""
