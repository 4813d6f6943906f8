"""Mistakes in a file as sentences: which place, what was found, what to write."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from tomllib import TOMLDecodeError
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import alternatives, closest, did_you_mean, short

Place = tuple[int | str, ...]


# Not TOML ---------------------------------------------------------------------------------------


def not_toml(error: TOMLDecodeError, text: str) -> str:
    """Where a text stops being TOML, that line, and what is amiss there.

    >>> import tomllib
    >>> try:
    ...     tomllib.loads('title = Draft')
    ... except tomllib.TOMLDecodeError as error:
    ...     print(not_toml(error, 'title = Draft'))
    line 1 is not TOML: `title = Draft`; write a value after `=`, text in quotes, as "..."
    """
    lines = text.rstrip("\n").split("\n")
    at = re.search(r"at line (\d+), column (\d+)", str(error))
    number, column = (int(at[1]), int(at[2])) if at else (len(lines), 0)
    line = lines[min(number, len(lines)) - 1]
    message = re.sub(r" \(at .*", "", str(error))
    known = next((say for start, say in _TOML.items() if message.startswith(start)), None)
    advice = _as_number(line, column) or known or message[:1].lower() + message[1:]
    found = f"`{_printable(short(line.strip(), 50))}`; " if line.strip() else ""
    return f"line {min(number, len(lines))} is not TOML: {found}{advice}"


def _as_number(line: str, column: int) -> str | None:
    """How to write a number that has no digit before or after its point, or a comma for it.

    >>> _as_number("trust = .5", 9), _as_number("trust = 5.", 10), _as_number("trust = 0,5", 10)
    ('write 0.5', 'write 5.0', 'write 0.5')
    """
    before = re.search(r"(?:^|(?<=[\s=\[{,]))[+-]?\d*$", line[: column - 1])
    after = re.match(r"([+-]?)([.,])(\d*)", line[column - 1 :])
    if before is None or after is None or (after[2] == "," and not after[3]):
        return None
    sign, digits = (before[0] + after[1])[:1].strip("0123456789"), before[0].lstrip("+-")
    return f"write {sign}{digits or 0}.{after[3] or 0}" if digits or after[3] else None


_TOML = {
    "Cannot declare": "this table is there twice; keep one, or give the second an id of its own",
    "Cannot overwrite": "this key is there twice; keep one",
    "Cannot mutate": "this table is already complete; write its keys in one place",
    "Duplicate inline": "a key is there twice; keep one",
    "Expected '='": "a key is followed by `=` and a value",
    "Expected ']' at the end": "the name of a table ends with `]`",
    "Expected ']]' at the end": "the name of a table ends with `]]`",
    "Expected newline": "something is left over at the end; write one `key = value` on a line",
    "Illegal character": "text on one line must be closed with a quote on that line",
    "Unterminated string": "text is opened with a quote and never closed",
    'Expected "\'"': "text is opened with a quote and never closed",
    "Unclosed array": "a list is opened with `[`; separate with commas and close it with `]`",
    "Unclosed inline": "a table is opened with `{`; separate with commas and close it with `}`",
    "Invalid initial character": "a key is one word of letters, digits, `_` and `-`, or in quotes",
    "Invalid statement": "write `key = value`, `[table]` or a `#` comment",
    "Invalid value": 'write a value after `=`, text in quotes, as "..."',
    "Invalid date": "there is no such day",
    "Unescaped '\\'": "a backslash in text is written twice, as `\\\\`",
    "Found invalid character": "a comment or text has a character that no text has; delete it",
}
"""What to write, by the beginning of what the standard library's TOML reader says."""


# Not a scenario ---------------------------------------------------------------------------------


def sentences(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Every problem that pydantic found, one sentence each, in the order of the file.

    A key that is only misspelt is not also reported as missing.
    """
    details = error.errors()
    meant = {
        (*detail["loc"][:-1], closest(str(detail["loc"][-1]), _keys_at(model, detail["loc"][:-1])))
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    wrong = [row for row in details if row["type"] != "missing" or row["loc"] not in meant]
    return list(dict.fromkeys(text for row in wrong for text in _sentences(row, model)))


def _sentences(detail: Mapping[str, Any], model: type[BaseModel]) -> Iterator[str]:
    loc: Place = detail["loc"]
    kind: str = detail["type"]
    if kind == "extra_forbidden":
        yield _unknown_key(loc, model)
    elif kind == "missing":
        yield _missing_key(loc, model)
    elif kind == "value_error":
        for text in str(detail["ctx"]["error"]).splitlines():
            yield spell(loc) + ("" if text.startswith(":") else " ") + text
    elif loc[-1:] == ("[key]",):
        yield f"{spell(loc[:-2])} has the id `{_word(loc[-2])}`; {_advice(detail)}"
    else:
        yield f"{spell(loc)} is {shown(detail['input'])}; {_advice(detail)}"


def spell(loc: Place) -> str:
    """A place in a file, as people say it.

    >>> spell(("expect", 0, "what", "value"))
    'expect[1].what'
    """
    words = list(loc)
    if len(words) > 1 and words[-1] == "value":
        words.pop()
    text = "".join(f"[{w + 1}]" if isinstance(w, int) else f".{_word(w)}" for w in words)
    return text.lstrip(".")


def _word(key: int | str) -> str:
    """A key as it can be shown on any screen."""
    return short(_printable(str(key)), 40)


def _printable(text: str) -> str:
    """Text as it can be shown on any screen."""
    return text if text.isprintable() else json.dumps(text)


def _unknown_key(loc: Place, model: type[BaseModel]) -> str:
    owner = spell(loc[:-1]) or "the file"
    hint = did_you_mean(str(loc[-1]), _keys_at(model, loc[:-1]))
    return f"{owner} has `{_word(loc[-1])}`, which means nothing here. {hint}".rstrip()


def _missing_key(loc: Place, model: type[BaseModel]) -> str:
    owner = spell(loc[:-1]) or "the file"
    means = _descriptions(_table_at(model, loc[:-1])).get(str(loc[-1]))
    return f"{owner} lacks `{loc[-1]}`" + (f": {means}" if means else "")


def _advice(detail: Mapping[str, Any]) -> str:
    """What to write instead."""
    kind, found, ctx = detail["type"], detail["input"], detail.get("ctx", {})
    bounds = {
        "greater_than_equal": "it must be at least {ge:g}",
        "greater_than": "it must be above {gt:g}",
        "less_than_equal": "it must be at most {le:g}",
        "less_than": "it must be below {lt:g}",
        "string_too_long": "write at most {max_length} characters",
        "too_long": "write {max_length}",
    }
    if kind in bounds:
        return bounds[kind].format(**ctx)
    if kind == "literal_error":
        known = re.findall(r"'([^']+)'", ctx["expected"])
        near = closest(str(found), known)
        return f"did you mean `{near}`?" if near else f"it can be {alternatives(known)}"
    if kind in ("float_type", "int_type") and isinstance(found, str) and _is_number(found):
        return f"write the number without quotes: {found}"
    return _WRITE.get(kind, "write something else")


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is not None


_DATE = "write a date, without quotes and time, as 2021-12-17"
_LIST = 'write a list, as ["...", "..."]'
_TABLE = "write a table"

_WRITE = {
    "bool_type": "write true or false",
    "float_type": "write a number, as 0.3",
    "float_parsing": "write a number, as 0.3",
    "int_type": "write a whole number, as 2",
    "int_from_float": "write a whole number, as 2",
    "int_parsing_size": "write a smaller number",
    "finite_number": "write a finite number, as 0.3",
    "string_type": 'write text in quotes, as "..."',
    "string_too_short": "write some text",
    "string_unicode": "write text without broken characters",
    "string_pattern_mismatch": "write one that begins with a letter, without spaces or accents",
    "too_short": "write at least one",
    "date_type": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_parsing": _DATE,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "tuple_type": _LIST,
    "list_type": _LIST,
}


def shown(value: Any) -> str:
    """What was found, as the file writes it, short enough for a sentence.

    >>> shown(True), shown("high"), shown([])
    ('true', '"high"', 'an empty list')
    """
    if isinstance(value, BaseModel | Mapping):
        return "a table" if value else "an empty table"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, int) and value.bit_length() > 128:
        return "a number of very many digits"
    if isinstance(value, bool | str):
        return short(json.dumps(value, ensure_ascii=not str(value).isprintable()), 50)
    return short(str(value), 50)


# Which table a place belongs to -----------------------------------------------------------------


def _table_at(model: type[BaseModel], loc: Place) -> type[BaseModel] | None:
    """The kind of table at a place, by walking the annotations."""
    node: Any = model
    for word in loc:
        node = _below(node, word)
    return next(_models(node), None)


def _below(node: Any, word: int | str) -> Any:
    for table in _models(node):
        for name, info in table.model_fields.items():
            if word in (name, info.alias):
                return info.annotation
        if "__pydantic_extra__" in table.__annotations__:
            return typing.get_args(typing.get_type_hints(table)["__pydantic_extra__"])[1]
    for part in _parts(node):
        if typing.get_origin(part) in (dict, tuple):
            return typing.get_args(part)[0 if typing.get_origin(part) is tuple else 1]
    return None


def _parts(node: Any) -> Iterator[Any]:
    """The annotation itself, with unions and Annotated taken apart."""
    origin = typing.get_origin(node)
    if origin is typing.Annotated:
        yield from _parts(typing.get_args(node)[0])
    elif origin in (typing.Union, types.UnionType):
        for part in typing.get_args(node):
            yield from _parts(part)
    else:
        yield node


def _models(node: Any) -> Iterator[type[BaseModel]]:
    for part in _parts(node):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part


def _keys_at(model: type[BaseModel], loc: Place) -> list[str]:
    """The keys that the table at a place may have, as a file writes them."""
    return list(_descriptions(_table_at(model, loc)))


def _descriptions(table: type[BaseModel] | None) -> dict[str, str]:
    if table is None:
        return {}
    return {info.alias or name: info.description or "" for name, info in table.model_fields.items()}
