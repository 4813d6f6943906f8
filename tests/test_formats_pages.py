"""Every page of the dashboard shows a scenario that was made of another program's file."""

from __future__ import annotations

from importlib import resources

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import results
from dashboard.views import PAGES
from sim import formats

APP = str(resources.files("dashboard") / "app.py")
TITLE = "Two want more and one does not"
TABLE = (
    f"{TITLE},made up,3,2\n"
    "Actor,Description,Power,Pos1 money,Sal1,Pos2 form,Sal2\n"
    "Ann,one,100,90,60,80,40\nBob,two,50,80,30,70,70\nCy,three,60,0,90,60,10\n"
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_it(page, monkeypatch):
    monkeypatch.setattr("sys.argv", ["app.py"])
    table = formats.from_bytes(TABLE.encode(), "table.csv")
    name = results.bring("table.toml", formats.to_scenario(table, ["lowest"]).encode())
    app = AppTest.from_file(APP, default_timeout=90)
    app.query_params["scenario"], app.query_params["worlds"] = name, "200"
    for part in ("rule", "process", "clause", "member", "pictures", "evidence", "table"):
        app.session_state[f"open {part}"] = True
    app._page_hash = calc_hash(page)
    app.run()
    assert not app.exception
    assert not app.error
    assert app.selectbox(key="scenario").value == name


def test_the_side_bar_offers_what_the_file_has_and_nothing_else(monkeypatch):
    monkeypatch.setattr("sys.argv", ["app.py"])
    table = formats.from_bytes(TABLE.encode(), "table.csv")
    name = results.bring("table.toml", formats.to_scenario(table, ["lowest"]).encode())
    app = AppTest.from_file(APP, default_timeout=90)
    app.query_params["scenario"], app.query_params["worlds"] = name, "200"
    for part in ("motives", "evidence", "rule", "clause", "member"):
        app.session_state[f"open {part}"] = True
    app.run()
    labels = {slider.label for slider in app.slider}
    assert {"Status quo", "Tabled text", "Ideal point: Money", "Salience: Form"} <= labels
    assert not [label for label in labels if "rust" in label or "ain in" in label]
    app.slider(key="at clauses.money.scale.tabled").set_value(40.0).run()
    assert not app.exception
    assert not app.error
    assert app.slider(key="at clauses.money.scale.tabled").value == 40
