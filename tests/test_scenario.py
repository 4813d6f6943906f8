"""Reading, changing and describing scenarios."""

from __future__ import annotations

import jsonschema
import pytest

from sim.errors import OnevetoError
from sim.scenario import load, locate, names, parse, schema, sha256, shipped, with_changes
from sim.scenario.files import read

FLAGSHIP = load("draft-treaty-2021")


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_is_complete(name):
    about = load(name).about
    assert about.notice
    assert about.try_
    assert about.sources
    assert about.leaves_out


def test_setting_moves_the_centre_and_keeps_the_band():
    changed = with_changes(FLAGSHIP, {"assumptions.cohesion": 0.4})
    assert changed.assumptions.cohesion.value == 0.4
    assert changed.assumptions.cohesion.band == FLAGSHIP.assumptions.cohesion.band


def test_a_band_of_zero_pins_a_number():
    changed = with_changes(FLAGSHIP, {"members.POL.trust.band": 0, "assumptions.trust.band": 0})
    assert changed.seats["POL"].trust.band == 0
    assert changed.seats["POL"].trust.value == FLAGSHIP.seats["POL"].trust.value
    assert changed.assumptions.trust.band == 0


def test_a_star_is_everybody():
    changed = with_changes(FLAGSHIP, {"members.*.resolve": 0.09, "clauses.*.least": 0.5})
    assert {member.resolve.value for member in changed.seats.values()} == {0.09}
    assert {clause.least for clause in changed.clauses.values()} == {0.5}


def test_the_longest_id_wins():
    assert locate(FLAGSHIP, "clauses.N5.1.level") == [("clauses", "N5.1", "level")]
    cost = locate(FLAGSHIP, "clauses.N5.1.cost.deterrence.band")
    assert cost == [("clauses", "N5.1", "cost", "deterrence", "band")]


def test_an_interest_left_out_can_be_set():
    changed = with_changes(FLAGSHIP, {"clauses.N2.3.cost.equal_security": 0.3})
    assert changed.clauses["N2.3"].cost["equal_security"].value == 0.3
    assert changed.clauses["N2.3"].cost["deterrence"] == FLAGSHIP.clauses["N2.3"].cost["deterrence"]


def test_short_addresses_stand_for_what_they_name():
    changed = with_changes(FLAGSHIP, {"rule": "majority", "evidence.build_up": 0})
    assert changed.rule.name == "majority"
    assert (changed.evidence["build_up"].count, changed.evidence["build_up"].included) == (0, 1)


def test_the_council_can_change():
    later = with_changes(FLAGSHIP, {"members.roster": "2024", "members.drop": "HUN,TUR"})
    assert len(later.seats) == 30
    assert "FIN" in later.seats
    assert "HUN" not in later.seats


def test_a_later_change_replaces_an_earlier_one_and_both_are_remembered():
    one = with_changes(FLAGSHIP, {"members.POL.trust": 0.2, "rule": "majority"})
    two = with_changes(one, {"members.POL.trust": 0.3})
    assert two.seats["POL"].trust.value == 0.3
    assert two.changes == {"rule": "majority", "members.POL.trust": 0.3}
    assert FLAGSHIP.changes == {}


def test_changing_leaves_the_original_alone():
    before = FLAGSHIP.model_dump()
    with_changes(FLAGSHIP, {"members.*.trust": 0.3, "clauses.N5.1.cost.deterrence": 0.1})
    assert FLAGSHIP.model_dump() == before


UNKNOWN = {
    "members.POL.trst": "Did you mean `trust`?",
    "members.PLO.trust": "Did you mean `POL`?",
    "clauses.N5.level": "`clauses` has no `N5.level`",
    "rul": "Did you mean `rule`?",
    "about.title": "names nothing that can be changed",
    "members.POL": "is a table",
    "members.POL.name": "is text",
    "members.POL.trust.bnd": "`members.POL.trust` has no `bnd`. Did you mean `band`?",
    "clauses.N5.1.level.band": "has no parts",
    "process.*": "`process` has no `*`",
}


@pytest.mark.parametrize("address", UNKNOWN)
def test_an_address_that_names_nothing_is_one_sentence(address):
    with pytest.raises(OnevetoError) as raised:
        with_changes(FLAGSHIP, {address: 0.5})
    assert UNKNOWN[address] in str(raised.value)


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("a.b=.3", 0.3),
        ("a.b=1", 1),
        ("a.b = -2e-3", -0.002),
        ("rule=only:USA", "only:USA"),
        ('x="a b"', "a b"),
        ("x=true", True),
        ("x=[1, 2]", [1, 2]),
    ],
)
def test_an_assignment_is_read_as_typed(assignment, expected):
    assert parse(assignment)[1] == expected


def test_the_hash_does_not_depend_on_layout_or_changes(tmp_path):
    text = (shipped() / "draft-treaty-2021.toml").read_text("utf-8")
    (tmp_path / "draft-treaty-2021.toml").write_text("# moved\n\n" + text, "utf-8")
    assert sha256(load(tmp_path / "draft-treaty-2021.toml")) == sha256(FLAGSHIP)
    assert sha256(with_changes(FLAGSHIP, {"rule": "majority"})) == sha256(FLAGSHIP)
    (tmp_path / "other.toml").write_text(text.replace("least = 1.0", "least = 0.9", 1), "utf-8")
    assert sha256(load(tmp_path / "other.toml")) != sha256(FLAGSHIP)


def plain(value):
    """A TOML document as JSON has it: dates are text."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("name", names())
def test_the_schema_accepts_what_ships(name):
    jsonschema.validate(plain(read(shipped() / f"{name}.toml")), schema())


def test_the_schema_refuses_a_key_that_means_nothing():
    document = plain(read(shipped() / "draft-treaty-2021.toml"))
    document["clauses"]["N5.1"]["gains"] = {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())
