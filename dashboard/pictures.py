"""Pictures on a page: in the colour of its letters, with a name, and to be taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from altair.utils import schemapi

from sim.charts import Picture

schemapi.disable_debug_mode()  # tests check every picture; here that would take as long as drawing

INK = {"light": "#262730", "dark": "#fafafa"}
"""Letters inside pictures, by the theme of the page; those of axes follow it by themselves."""


FAR = {
    "fontSize": {"expr": "containerSize()[0] < 400 ? 12 : 16"},
    "labelLimit": {"expr": "containerSize()[0] < 400 ? 120 : 280"},
}
"""Letters that are read from the last row, where the column has room for them; in pixels."""


def show(
    chart: Any, key: str, says: str, *, letters: Mapping[str, Any] | None = None, **asked: Any
) -> None:
    """A picture as wide as its column; `says` is read aloud instead of it.

    letters: how large they are and how much room they have, if not as in the picture: `FAR`.
    """
    drawn = _drawn(chart)
    config: dict[str, Any] = {"text": {"color": INK[st.context.theme.type or "light"]}}
    if letters:
        drawn, size = _lettered(drawn, letters), letters["fontSize"]
        axes = {"labelFontSize": size, "titleFontSize": size}
        config = {"text": config["text"] | {"fontSize": size}, "axis": axes, "legend": axes}
    st.vega_lite_chart(
        spec=drawn | {"config": config},
        width="stretch",
        key=key,
        alt=says,
        **asked,
    )


def _drawn(chart: Any) -> dict[str, Any]:
    """The picture as Vega-Lite; tests check it against the schema, which takes as long as drawing."""
    if isinstance(chart, Picture):
        return {**chart.form, "datasets": {**chart.tables, **chart.arrow}}
    drawn: dict[str, Any] = chart.to_dict(validate=False)
    return drawn


def _lettered(part: Any, letters: Mapping[str, Any]) -> Any:
    """The same part of a picture with all its letters alike."""
    if isinstance(part, Mapping):
        return {key: letters.get(key) or _lettered(each, letters) for key, each in part.items()}
    return [_lettered(each, letters) for each in part] if isinstance(part, list) else part


JS = """
export default function ({ parentElement }) {
  const list = parentElement.querySelector("ul")
  const pictures = () => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
    .filter((picture) => picture.querySelector("svg") && !list.getRootNode().contains(picture))
  const save = (url, name) => {
    const link = document.createElement("a")
    link.href = url
    link.download = name
    link.click()
  }
  const drawn = (picture) => {
    const svg = picture.querySelector("svg").cloneNode(true)
    const ground = document.createElementNS(svg.namespaceURI, "rect")
    ground.setAttribute("width", "100%")
    ground.setAttribute("height", "100%")
    ground.setAttribute("fill", getComputedStyle(document.querySelector(".stApp")).backgroundColor)
    svg.prepend(ground)
    return new XMLSerializer().serializeToString(svg)
  }
  const asSvg = (picture, name) =>
    save(URL.createObjectURL(new Blob([drawn(picture)], { type: "image/svg+xml" })), name + ".svg")
  const asPng = (picture, name) => {
    const size = picture.querySelector("svg").getBoundingClientRect(), image = new Image()
    image.onload = () => {
      const canvas = document.createElement("canvas")
      canvas.width = 2 * size.width
      canvas.height = 2 * size.height
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
      save(canvas.toDataURL("image/png"), name + ".png")
    }
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawn(picture))
  }
  const button = (text, press) => {
    const made = document.createElement("button")
    made.type = "button"
    made.textContent = text
    made.onclick = press
    return made
  }
  const fill = () => list.replaceChildren(...pictures().map((picture, place) => {
    const name = `oneveto-${place + 1}`, item = document.createElement("li")
    const title = (picture.getAttribute("aria-label") ?? "").split(". ")[0]
    item.append(
      button("SVG", () => asSvg(picture, name)), button("PNG", () => asPng(picture, name)), title,
    )
    return item
  }))
  fill()
  const later = [500, 1500, 4000].map((wait) => setTimeout(fill, wait))
  return () => later.forEach(clearTimeout)
}
"""

CSS = """
ul { list-style: none; margin: 0; padding: 0; color: var(--st-text-color);
  font: 14px/1.4 var(--st-font); }
li { margin: 6px 0; }
button { min-height: 32px; margin-right: 8px; padding: 2px 12px; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--st-border-color); background: transparent; color: inherit; font: inherit; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); }
@media (pointer: coarse) { button { min-height: 44px; } }
"""

_DOWNLOADS = st.components.v2.component(
    "oneveto_downloads",
    html="""<div>
<ul></ul>
</div>""",
    css=CSS,
    js=JS,
)


def downloads() -> None:
    """Every picture of the page, as it is seen, to take away as SVG or PNG."""
    _DOWNLOADS(key="downloads")
