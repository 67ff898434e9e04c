"""What can be wrong with a model's reading of a message."""

from __future__ import annotations


class Misread(Exception):
    """The reading does not hold; the sentence says why, for the model to mend."""
