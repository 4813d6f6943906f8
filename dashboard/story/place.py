"""Where in the story one is: it stands in the address alone, so that links, reload and Back work."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st


def word(key: str, known: Collection[str], usual: str = "") -> str:
    """One of the known words; the usual one where the address says none, or another."""
    wanted = st.query_params.get(key, "")
    return wanted if wanted in known else usual


def words(key: str, known: Collection[str]) -> tuple[str, ...]:
    """Any of the known words, each once, in the order in which the address has them."""
    wanted = st.query_params.get(key, "").split(",")
    return tuple(dict.fromkeys(each for each in wanted if each in known))


def number(key: str, most: int) -> int | None:
    """A whole number from 0 to the most; None where the address says none that fits."""
    wanted = st.query_params.get(key, "")
    fits = wanted.isdecimal() and len(wanted) <= len(str(most)) and int(wanted) <= most
    return int(wanted) if fits else None


def write(**wanted: object) -> None:
    """Change what the address says, in one step of the browser; an empty word says nothing."""
    said = {key: "" if value is None else str(value) for key, value in wanted.items()}
    told = st.query_params.to_dict()
    st.query_params.update(
        {key: value for key, value in said.items() if value != told.get(key, "")}
    )
