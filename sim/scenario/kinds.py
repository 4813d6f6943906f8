"""Of what kinds the values in a scenario file are: numbers with a band, words, ids of other things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from sim.constants import LARGEST
from sim.errors import did_you_mean


class Table(BaseModel):
    """A frozen table; a key that means nothing here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


# Numbers ---------------------------------------------------------------------------------------


FARTHEST = 1e9
"""No scale on which positions are measured reaches further."""

WIDEST = 3.0
"""No band is wider: on a log scale that is a factor of twenty either way."""


def bare(data: Any) -> Any:
    """A bare number is a table with a value only."""
    return data if isinstance(data, dict | Number) else {"value": data}


class Number(Table):
    """A number, bare or as a table with its band and where it comes from."""

    value: float = Field(description="the central value")
    band: Annotated[float, Field(ge=0, le=WIDEST)] | None = Field(
        None, description="its uncertainty as a standard deviation, on the scale of its kind"
    )
    source: str | None = Field(None, description="where the number is documented")
    judgement: str | None = Field(None, description="why this number, where no source gives it")

    @property
    def argued(self) -> bool:
        """Whether a doubter is told where the number comes from."""
        return bool(self.source or self.judgement)


class Assumption(Number):
    """A number that is uncertain in the same way for everybody; drawn once a world."""

    dist: Literal["normal", "uniform"] = Field(
        "normal", description="normal: band is a standard deviation; uniform: a half-width"
    )


class Position(Number):
    """Where somebody stands on a scale; drawn once a world where it has a band."""

    band: Annotated[float, Field(ge=0, le=FARTHEST)] | None = Field(
        None, description="its uncertainty as a standard deviation, in units of the scale"
    )


def within(low: float, high: float, *, ends: bool = True) -> Callable[[Number], Number]:
    """The number must lie between two others; `ends`: these included."""

    def check(number: Number) -> Number:
        inside = low <= number.value <= high if ends else low < number.value < high
        if not inside:
            raise ValueError(f"is {number.value:g}; it must lie {_range(low, high, ends)}")
        return number

    return check


def _range(low: float, high: float, ends: bool) -> str:
    if high == float("inf"):
        return f"at or above {low:g}" if ends else f"above {low:g}"
    return f"between {low:g} and {high:g}" + ("" if ends else ", both excluded")


Amount = Annotated[Number, BeforeValidator(bare), AfterValidator(within(0, LARGEST))]
Noise = Annotated[Number, BeforeValidator(bare), AfterValidator(within(0, WIDEST))]
Chance = Annotated[Number, BeforeValidator(bare), AfterValidator(within(0, 1, ends=False))]
ShareAssumption = Annotated[Assumption, BeforeValidator(bare), AfterValidator(within(0, 1))]
ShiftAssumption = Annotated[Assumption, BeforeValidator(bare), AfterValidator(within(-20, 20))]


def known(
    kind: str, called: str | None = None
) -> Callable[[dict[str, Any], ValidationInfo], dict[str, Any]]:
    """Keys must be the ids of that kind of thing in the same file."""

    def check(table: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        ids = (info.context or {}).get(kind, tuple(table))
        unknown = [key for key in table if key not in ids]
        if unknown:
            one = f"names `{unknown[0]}`, which is not among the {called or kind}."
            raise ValueError(f"{one} {did_you_mean(unknown[0], ids)}".rstrip())
        return table

    return check


def reference(kind: str) -> Callable[[str, ValidationInfo], str]:
    """The id must be one of that kind of thing in the same file."""

    def check(name: str, info: ValidationInfo) -> str:
        ids = (info.context or {}).get(kind)
        if ids is not None and name not in ids:
            hint = did_you_mean(name, ids)
            raise ValueError(f"names `{name}`, which is not among the {kind}. {hint}".rstrip())
        return name

    return check


def _scalar(value: Any) -> Any:
    if not isinstance(value, bool | int | float | str):
        raise ValueError("is neither a number nor a word; write one value for one address")
    return value


# Keys of tables: an address must be able to name them.
ClauseId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]*$", max_length=40)]
MemberId = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_-]*$", max_length=40)]
PlainId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Changes = dict[str, Annotated[Any, AfterValidator(_scalar)]]


def complete(default: float) -> Callable[[dict[str, Number], ValidationInfo], dict[str, Number]]:
    """A number for every interest of the file; `default`, without a band, for those left out."""

    def complete(table: dict[str, Number], info: ValidationInfo) -> dict[str, Number]:
        interests = (info.context or {}).get("interests", tuple(table))
        return {name: table.get(name, Number(value=default, band=0.0)) for name in interests}

    return complete


ByInterest = Annotated[dict[str, Amount], AfterValidator(known("interests"))]
Stakes = Annotated[ByInterest, AfterValidator(complete(0.0))]
Exposures = Annotated[ByInterest, AfterValidator(complete(1.0))]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Place = Annotated[Position, BeforeValidator(bare), AfterValidator(within(-FARTHEST, FARTHEST))]
OnScale = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST)]
Ideals = Annotated[dict[str, Place], AfterValidator(known("clauses"))]
Capability = Annotated[float, Field(ge=0, le=1e9)]
