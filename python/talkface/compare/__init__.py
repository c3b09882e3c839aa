"""Blind comparison of two systems: a page for raters, and a table of what they chose."""

from talkface.compare.page import build
from talkface.compare.score import Preference, render, score

__all__ = ["Preference", "build", "render", "score"]
