"""Inference: evidence compiled, the fully adapted filter, rejuvenation, and islands pooled into a posterior."""
