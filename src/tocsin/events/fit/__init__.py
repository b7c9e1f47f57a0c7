"""The game fitted to dyads: what weeks of events say of the postures behind them, and how actors answer."""
