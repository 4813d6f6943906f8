"""The member map: equal tiles, since every member has one veto; real buttons, so that keys work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from sim import rules
from sim.charts.looks import STANCES
from sim.outcome import Outcome
from sim.scenario import Scenario
from sim.story import clause_name, member_name, percent

MAP = """
CAN ISL .   NOR SWE FIN EST
USA .   GBR DNK .   .   LVA
.   .   NLD DEU POL .   LTU
.   BEL LUX CZE SVK .   .
PRT ESP FRA SVN HUN ROU .
.   .   ITA HRV MNE BGR .
.   .   .   ALB MKD GRC TUR
"""
"""Where members lie, roughly; a member that is not here comes below."""

PLACES = {
    word: (row, column)
    for row, line in enumerate(MAP.split("\n")[1:-1])
    for column, word in enumerate(line.split())
    if word != "."
}

CSS = """
.map { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 4px;
  max-width: var(--map-width, 460px); }
.map button {
  min-height: var(--tile-height, 44px); min-width: 0; padding: 2px 0;
  border: 2px solid transparent; border-radius: 6px;
  color: white; font: 600 var(--tile-letters, 14px)/1.15 var(--st-font, sans-serif); cursor: pointer;
}
.map button span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.map button small { display: block; font-weight: 400; font-size: calc(var(--tile-letters, 14px) - 3px); }
.map button:hover { filter: brightness(1.12); }
.map button:focus-visible { outline: 3px solid var(--st-text-color); outline-offset: 1px; }
.map button[aria-pressed="true"] { border-color: #F0E442; box-shadow: 0 0 0 2px var(--st-text-color); }
.key { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 8px 0 0; padding: 0; list-style: none;
  color: var(--st-text-color); font: var(--tile-letters, 14px)/1.3 var(--st-font, sans-serif); }
.key i { display: inline-block; width: 18px; height: 18px; border-radius: 4px; color: white;
  text-align: center; font: 600 13px/18px sans-serif; margin-right: 5px; }
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const map = parentElement.querySelector(".map")
  const key = parentElement.querySelector(".key")
  map.setAttribute("aria-label", data.label)
  data.tiles.forEach((tile, place) => {
    const button = map.children[place] ?? map.appendChild(document.createElement("button"))
    button.type = "button"
    button.style.gridRow = tile.row + 1
    button.style.gridColumn = tile.column + 1
    button.style.background = tile.color
    button.setAttribute("aria-label", `${tile.name} ${tile.says}`.trim())
    button.setAttribute("aria-pressed", tile.chosen)
    button.title = `${tile.name} ${tile.says}`.trim()
    const small = document.createElement("small")
    small.textContent = `${tile.glyph} ${tile.share}`
    const id = document.createElement("span")
    id.textContent = tile.id
    button.replaceChildren(id, small)
    button.onclick = () => setTriggerValue("picked", tile.id)
  })
  while (map.children.length > data.tiles.length) map.lastChild.remove()
  key.replaceChildren(...data.key.map(({ color, glyph, word }) => {
    const item = document.createElement("li"), mark = document.createElement("i")
    mark.style.background = color
    mark.textContent = glyph
    mark.setAttribute("aria-hidden", "true")
    item.append(mark, word)
    return item
  }))
}
"""

_MAP = st.components.v2.component(
    "oneveto_member_map",
    html="""<div>
<div class="map" role="group"></div>
<ul class="key"></ul>
</div>""",
    css=CSS,
    js=JS,
)


Tile = dict[str, Any]
"""Where a tile lies, its colour, glyph and share, whether it is chosen, and what is read aloud."""


def show(outcome: Outcome, clause: str, member: str, pick: Callable[[str], None]) -> None:
    """What each member does most often on a clause; `pick` is told which tile is pressed."""
    label = f"What members do on {clause_name(outcome.scenario, clause)}"
    draw("member map", label, tiles(outcome, clause, member), pick, STANCES)


def draw(
    key: str,
    label: str,
    shown: list[Tile],
    pick: Callable[[str], None],
    legend: Mapping[str, tuple[str, str]],
) -> None:
    """Tiles as a map; `legend` says what each colour and glyph means."""
    _MAP(
        key=key,
        data={
            "label": label,
            "tiles": shown,
            "key": [
                {"color": color, "glyph": glyph, "word": word}
                for word, (color, glyph) in legend.items()
            ],
        },
        on_picked_change=lambda: pick(st.session_state[key].picked),
    )


def tiles(outcome: Outcome, clause: str, member: str) -> list[Tile]:
    """One tile a member: where it lies, what it does most often, and in which share of worlds."""
    scenario = outcome.scenario
    column = list(scenario.clauses).index(clause)
    heard = rules.named(scenario.rule.name, scenario.table).present(len(scenario.seats))
    said = [_said(outcome, seat, column) if heard[seat] else NO_SAY for seat in range(len(heard))]
    return [tile | says for tile, says in zip(blank(scenario, {member}), said)]


def blank(scenario: Scenario, chosen: Collection[str]) -> list[Tile]:
    """One tile a member that says who it is, and nothing else."""
    places = _places(list(scenario.seats))
    return [
        {
            "id": iso,
            "row": places[iso][0],
            "column": places[iso][1],
            "chosen": iso in chosen,
            "color": SLATE,
            "glyph": "",
            "share": "",
            "says": "",
            "name": member_name(scenario, iso),
        }
        for iso in scenario.seats
    ]


SLATE = "#4b5563"
"""A tile that has nothing to say; white letters stand out on it."""

NO_SAY = {"color": "#737373", "glyph": "", "share": "no say", "says": "has no say"}
"""A member that nobody asks."""


def _said(outcome: Outcome, seat: int, column: int) -> dict[str, str]:
    """What a member does most often on a clause, and in which share of worlds."""
    objects = float(outcome.share(outcome.tally.objects[seat, column]))
    supports = float(outcome.share(outcome.tally.supports[seat, column]))
    shares = dict(zip(STANCES, (supports, 1 - objects - supports, objects)))
    does = max(shares, key=shares.__getitem__)
    color, glyph = STANCES[does]
    share = percent(shares[does])
    return {
        "color": color,
        "glyph": glyph,
        "share": share.replace(" ", "\u00a0"),
        "says": f"{does.lower()} in {share} of worlds",
    }


def _places(seats: list[str]) -> dict[str, tuple[int, int]]:
    """Known members where they lie, without empty rows above; the others below, in rows of seven.

    Where more are unknown than known a few known ones would only look lost: all stand in rows.
    """
    known = {iso: PLACES[iso] for iso in seats if iso in PLACES}
    known = known if 2 * len(known) >= len(seats) else {}
    first = min((row for row, _ in known.values()), default=0)
    below = max((row for row, _ in known.values()), default=-1) + 1 - first
    others = [iso for iso in seats if iso not in known]
    return {iso: (row - first, column) for iso, (row, column) in known.items()} | {
        iso: (below + place // 7, place % 7) for place, iso in enumerate(others)
    }
