"""Real events: readers, the event table, postures, fits and backtests."""
