"""The server of the dashboard: what every visit needs is loaded before the first one."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from dashboard import frame, views  # noqa: F401
from sim import charts, ensemble, explanation, scenario, serving

SMALLEST = "three-neighbours"


def warm() -> None:
    """Load what a first visit would wait for, by drawing the smallest scenario there is.

    What is there by then stays for good: the collector of garbage would stop everybody's page for a
    twentieth of a second to look through it, and need not.
    """
    toy = scenario.load(SMALLEST)
    outcome = ensemble.run(toy, worlds=1)
    charts.survival(outcome).packed()
    charts.matrix(outcome)
    charts.contributions(explanation.explain(toy, next(iter(toy.seats)), next(iter(toy.clauses))))
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def in_a_browser(app: st.App) -> AsyncIterator[None]:
    """Open a browser at the page, unless asked not to: Streamlit does so for scripts alone."""
    if not st.get_option("server.headless"):
        port = st.get_option("server.port")
        threading.Thread(target=serving.browse, args=(port,), daemon=True).start()
    yield


warm()
app = st.App("app.py", lifespan=in_a_browser)
