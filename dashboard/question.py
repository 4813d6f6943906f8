"""What is asked: a scenario, what is changed in it, and which clause and member are looked at.

Knows nothing of the page. What changes a scenario is one line of text, as a person would type it and as
the address of the page carries it: `rule=majority members.POL.trust=.3`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sim.scenario import spelled

WORLDS, SEED = 2000, 0


@dataclass(frozen=True)
class WhatIf:
    """A scenario by name, what is changed in it by address, and the worlds in which it is played."""

    name: str
    changes: tuple[tuple[str, Any], ...] = ()
    worlds: int = WORLDS
    seed: int = SEED

    @property
    def baseline(self) -> WhatIf:
        """The scenario as its file has it, in the same worlds."""
        return replace(self, changes=())

    def but(self, changes: Mapping[str, Any]) -> WhatIf:
        """The same with some addresses changed further, after all others."""
        kept = (pair for pair in self.changes if pair[0] not in changes)
        return replace(self, changes=(*kept, *changes.items()))


@dataclass(frozen=True)
class Question:
    """What a page answers: a what-if, and the clause and the member that are looked at."""

    what_if: WhatIf
    clause: str
    member: str

    def link(self, others: Mapping[str, str]) -> str:
        """What follows the address of a page to get here again; `others` is what else it carries.

        >>> Question(WhatIf("toy", (("rule", "majority"),)), "strip", "HILL").link({"pins": ""})
        'scenario=toy&set=rule%3Dmajority&clause=strip&member=HILL'
        """
        asked, usual = self.what_if, WhatIf("")
        carried = {
            "scenario": asked.name,
            "set": spelled(dict(asked.changes)),
            "clause": self.clause,
            "member": self.member,
            "worlds": "" if asked.worlds == usual.worlds else asked.worlds,
            "seed": asked.seed or "",
        }
        carried |= {key: value for key, value in others.items() if key not in carried}
        return urlencode({key: value for key, value in carried.items() if value != ""})
