"""Inference: evidence compiled, the adapted filter, rejuvenation, and islands pooled into a posterior."""
