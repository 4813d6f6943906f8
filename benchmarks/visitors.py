"""People at the dashboard without a screen: they ask what a browser asks, and draw nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

PATIENCE = 60
"""Seconds for an answer."""


class Visitor:
    """One session; it knows the widgets that it was sent, by their labels."""

    def __init__(self, address: str, query: str) -> None:
        host = urlsplit(address).netloc
        self.socket = connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,  # type: ignore[list-item]
        )
        self.query, self.widgets = query, dict[str, Element]()
        self.ask()

    def turn(self, label: str, on: bool) -> float:
        """Turn a switch whose label begins so."""
        return self.ask(WidgetState(id=self._found(label).checkbox.id, bool_value=on))

    def choose(self, label: str, word: str) -> float:
        """Choose a word out of several."""
        return self.ask(WidgetState(id=self._found(label).selectbox.id, string_value=word))

    def _found(self, label: str) -> Element:
        return next(row for name, row in self.widgets.items() if name.startswith(label))

    def ask(self, *turned: WidgetState) -> float:
        """Have the script run, with these widgets turned; the seconds until it has ended."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.widget_states.widgets.extend(turned)
        begin = time.perf_counter()
        self.socket.send(message.SerializeToString())
        for element in self._answer():
            widget = getattr(element, element.WhichOneof("type"))
            if getattr(widget, "label", "") and getattr(widget, "id", ""):
                self.widgets[widget.label] = element
        return time.perf_counter() - begin

    def _answer(self) -> Iterator[Element]:
        """What the server sends until the script has ended."""
        while True:
            message = ForwardMsg.FromString(self.socket.recv(PATIENCE))  # type: ignore[arg-type]
            if message.WhichOneof("type") == "script_finished":
                return
            if message.delta.WhichOneof("type") == "new_element":
                yield message.delta.new_element
