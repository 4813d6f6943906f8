"""The pages, one question each."""

from __future__ import annotations

from collections.abc import Callable

from dashboard import story
from dashboard.question import Question
from dashboard.views import about, negotiation, room, rules, validation, verdict, what_if, why

View = Callable[[Question], None]

STORY = "story"
"""The page that is told without the side bar, and keeps to itself how it ends."""

PAGES: dict[str, tuple[str, View]] = {
    "verdict": ("Verdict", verdict.show),
    STORY: ("Story", story.show),
    "what-if": ("What if", what_if.show),
    "rules": ("Rules", rules.show),
    "why": ("Why", why.show),
    "negotiation": ("Negotiation", negotiation.show),
    "validation": ("Validation", validation.show),
    "room": ("Room", room.show),
    "about": ("About", about.show),
}
"""By the last word of their address: title and view; the first is the front page."""
