"""Whether crises and disputes ended in war or drew others in, forecast from what was known at their start."""
