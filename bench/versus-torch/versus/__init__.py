"""Curie and PyTorch on the same work, in turn, on the same machine."""
