"""How a case can unfold: courses, cascades, times, conditions and rare outcomes."""
