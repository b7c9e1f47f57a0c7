"""Where to look: time to warning, worth of a look, the allocation that holds, what neglect costs."""
