"""Files of other programs: read, written, as scenarios, and broken in every way."""

from __future__ import annotations

import math
import random
import re
import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim import ensemble, formats, load
from sim.averages import weighted_mean, weighted_median
from sim.baselines.predictions import predictions
from sim.cli import app
from sim.errors import OnevetoError, RequestError, ScenarioError
from sim.formats import Actor, Issue, Positions, decide, ktab
from sim.formats.mapping import courses
from sim.scenario import from_document, shipped, with_changes
from sim.scenario.files import tables_of

# Made up, in the layout of the sample files of each program.
KTAB = (
    '"A test ","Three on two, made up",3,2,\n'
    "Actor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,\n"
    "Ann, A first one, 102.543, 75.79, 49.53,  6.37,  5.91,\n"
    '"Bob, Jr.", "Says ""no""",  53.393, 82.72, 30.33, 73.50, 21.22,\n'
    "Ćelić,,129.643, 2.45, 48.47, 90.89, 13.55,\n"
)
DECIDE = (
    "#O;Two on a climate;;;;\n#/;a comment;;;;\n# SOURCE: made up\n"
    "#A;EU;European Union;;;\n#A;US;United States;;;\n#P;legal;The form;;;\n#P;money;;;;\n"
    "#M;legal;0;Nothing binds;;\n#M;legal;100;A convention’s annexes;;\n"
    "#D;EU;legal;80;0.75;1\n#D;US;legal;20;0.9;0.8\n"
    "#D;EU;money;3.5;0.25;1\n#D;US;money;1;1;0.4\n"
)

# The date, in years, of emission standards for medium cars: Scholz, Calbert & Smith (2011), Unravelling
# Bueno de Mesquita's group decision model, table 1, after Bueno de Mesquita (1994).
EMISSION = """Actor,Capability,Position,Salience
Netherlands,0.08,4,0.8
Belgium,0.08,7,0.4
Luxembourg,0.03,4,0.2
Germany,0.16,4,0.8
France,0.16,10,0.6
Italy,0.16,10,0.6
UK,0.16,10,0.9
Ireland,0.05,7,0.1
Denmark,0.05,4,1.0
Greece,0.08,7,0.7
"""


def read(text: str, encoding: str = "utf-8") -> Positions:
    return formats.from_bytes(text.encode(encoding), "test.csv")


def scenario(table: Positions, *status_quo: str, tabled: tuple[str, ...] = ()):
    return from_document(tables_of(formats.to_scenario(table, status_quo, tabled), "test.toml"))


def test_a_ktab_file_says_who_stands_where():
    table = read(KTAB)
    assert table.title == "A test"
    assert table.text == "Three on two, made up"
    assert table.actors[1] == Actor("Bob, Jr.", 'Says "no"')
    assert [(i.name, i.low, i.high) for i in table.issues] == [
        ("issue_1", 0, 100),
        ("issue_2", 0, 100),
    ]
    assert table.positions[2] == (2.45, 90.89)
    assert table.saliences[0] == (0.4953, 0.0591)
    assert table.capabilities[2] == (129.643, 129.643)
    assert table.origin.lines[2] == (5, 5)


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_decide_file_says_the_same_in_every_spelling(separator, end, encoding):
    text = DECIDE.replace(";", separator).replace("\n", end)
    table = read(text, encoding)
    assert table == read(DECIDE)
    assert table.origin.encoding == ("Windows-1252" if encoding == "cp1252" else "UTF-8")
    assert table.issues[0].points == ((0, "Nothing binds"), (100, "A convention’s annexes"))
    assert (table.issues[1].low, table.issues[1].high) == (1, 3.5)
    assert table.capabilities == ((1, 1), (0.8, 0.4))
    assert table.origin.lines[1] == (11, 13)


def test_saliences_above_one_are_percentages():
    percent = DECIDE.replace("0.75;", "75;").replace("0.9;", "90;").replace("0.25;", "25;")
    assert read(percent.replace(";1;1;0.4", ";1;100;0.4").replace("1;1;0.4", "1;100;0.4")) == read(
        DECIDE
    )


def test_tags_in_quotation_marks_are_tags():
    quoted = "".join(
        ";".join(f'"{cell}"' for cell in line.split(";")) + "\n" if line[1] != " " else f"{line}\n"
        for line in DECIDE.splitlines()
    )
    assert read(quoted) == read(DECIDE)


def test_the_mean_and_the_median_of_the_emission_data_are_those_published():
    table = read(EMISSION)
    assert weighted_mean(*table.arrays())[0] == pytest.approx(7.389955686853767, abs=1e-14)
    assert weighted_median(*table.arrays())[0] == 7


# Round trips ------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30
).map(lambda text: "".join(c for c in text if c.isprintable()).strip())
NAMES = WORDS.filter(bool)
PLACES = st.floats(0, 100)


@st.composite
def tables(draw, *, scales: bool) -> Positions:
    """Any table; with scales, meanings and power by issue where the format knows these."""
    actors = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    issues = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    shape = [[None] * len(issues)] * len(actors)

    def numbers(kind):
        return tuple(tuple(draw(kind) for _ in row) for row in shape)

    power = st.floats(0, 1e9)
    even = tuple((draw(power),) * len(issues) for _ in actors)
    texts = WORDS if scales else st.just("")
    meanings = st.lists(st.tuples(PLACES, NAMES), max_size=3).map(tuple)
    return Positions(
        title=draw(NAMES),
        text=draw(WORDS),
        actors=tuple(Actor(name, draw(WORDS)) for name in actors),
        issues=tuple(
            Issue(name, 0, 100, draw(texts), draw(meanings) if scales else ()) for name in issues
        ),
        positions=numbers(PLACES),
        saliences=numbers(st.floats(0, 1)),
        capabilities=numbers(power) if scales else even,
    )


@given(tables(scales=False))
def test_what_is_written_for_ktab_is_read_again(table):
    assert read(ktab.text_of(table)) == table


@given(tables(scales=True))
def test_what_is_written_for_decide_is_read_again(table):
    assert read(decide.text_of(table)) == table


@settings(max_examples=40)
@given(tables(scales=True))
def test_a_scenario_says_what_the_file_said(table):
    assert formats.from_scenario(scenario(table, "lowest", tabled=("highest",))) == table


def test_both_formats_say_what_they_cannot_say():
    with pytest.raises(RequestError, match="differs from issue to issue"):
        ktab.text_of(read(DECIDE))
    with pytest.raises(RequestError, match="from 0 to 100"):
        ktab.text_of(read(EMISSION))
    one = read(DECIDE).among(["legal"])
    assert ktab.losses(one) == [
        "KTAB has no place for the meaning of places on the scale; left out: 2",
        "KTAB has no place for the description of issues; left out: 1",
    ]
    assert read(decide.text_of(read(EMISSION))).issues == read(EMISSION).issues


# What a council makes of it -----------------------------------------------------------------------


def survival(built) -> float:
    return ensemble.run(built, worlds=300, seed=0, workers=1).as_json()["clauses"][0]["survival"]


def test_a_council_may_return_no_agreement_where_the_mean_is_inside_the_range():
    """The mean of seven years is a compromise on paper; those who want four never let it pass."""
    table = read(EMISSION)
    built = scenario(table, "lowest")
    assert 4 < built.clauses["issue_1"].scale.tabled < 10
    assert survival(built) == 0
    assert survival(with_changes(built, {"rule": "majority"})) > 0.9
    assert survival(with_changes(built, {"rule": "weighted"})) > 0.9


def test_a_status_quo_that_the_blocker_likes_has_no_agreement_where_the_means_name_a_year(tmp_path):
    """From five years to ten: four who want four block at 5.9, and less than a quarter is no text.

    Denmark by itself: ((x − 4)² − 1) / 36 = .03 at x = 5.44; having heard the others, it bears 5.9.
    """
    source, toml = tmp_path / "cars.csv", tmp_path / "cars.toml"
    source.write_text(EMISSION, "utf-8")
    run, ways = CliRunner().invoke, ["--status-quo", "5", "--tabled", "highest"]
    made = run(app, ["import", str(source), "-o", str(toml), *ways])
    assert f"oneveto baselines {toml}" in made.output
    said = " ".join(run(app, ["baselines", str(toml)]).output.split())
    assert "5 to 10 no agreement 7.39 7 7.88 7.39" in said
    assert "name a level for the one clause there is. Consensus has none." in said
    assert "the models say 7 to 7.88, but there is no agreement: beyond 5.9 Denmark breaks" in said
    row = predictions(with_changes(load(toml), {"assumptions.cohesion": 0.0})).clauses["issue_1"]
    assert row.place(row.limit) == pytest.approx(4 + math.sqrt(1 + 36 * 0.03), abs=1e-6)


def test_a_text_that_everybody_prefers_passes():
    assert survival(scenario(read(EMISSION), "10", tabled=("9.9",))) > 0.9
    assert survival(scenario(read(KTAB).among(["issue_1"]), "lowest", tabled=("5",))) == 1


def test_what_the_file_cannot_say_must_be_said():
    table = read(DECIDE)
    for status_quo, tabled, message in (
        ((), (), "legal, 0 to 100; money, 1 to 3.5"),
        (("legal=0",), (), r"\(money, 1 to 3.5\)"),
        (("lowest", "monney=2"), (), "Did you mean `money`"),
        (("lowest", "money=7"), (), "outside the scale of money"),
        (("lowst",), (), "Did you mean `lowest`"),
        (("lowest",), ("lowest",), "are both 0"),
    ):
        with pytest.raises(RequestError, match=message):
            formats.to_scenario(table, status_quo, tabled)
    with pytest.raises(RequestError, match="Did you mean `money`"):
        table.among(["mony"])


def test_where_nobody_weighs_anything_there_is_no_mean_to_table():
    nobody = read("Actor,Capability,Position,Salience\nAnn,1,2,0\nBob,0,3,1\n")
    with pytest.raises(RequestError, match="nobody has both salience and power on issue_1"):
        formats.to_scenario(nobody, ["lowest"])


# Broken files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "old", "new", "sentence"),
    [
        (DECIDE, "80;0.75", "8o;0.75", "line 10: the position is `8o`, which is no number"),
        (DECIDE, "80;0.75", "80;0,75", "with a decimal comma; write 0.75"),
        (DECIDE, "80;0.75", "80;-0.75", "line 10: the salience is -0.75; it must lie between 0 and 1"),
        (DECIDE, "#D;EU;legal", "#D;EV;legal", "line 10: `EV` is no actor of this file"),
        (DECIDE, "#D;EU;legal", "#D;EU;leagl", "file. Did you mean `legal`?"),
        (DECIDE, "#D;US;money;1;1;0.4\n", "", "line 5: `US` has no position on `money`; write a row"),
        (DECIDE, "#D;US;money", "#D;US;legal", "line 13: `US` on `legal` is in line 11 already"),
        (DECIDE, "#P;money", "#Q;money", "line 7: `#Q` is no tag of a row"),
        (DECIDE, "#D;US;money;1;1;0.4", "#D;US;money;1;1", "line 13: "),
        (DECIDE, "#A;US;", "#A\tUS\t", "line 5: has another separator"),
        (DECIDE, "#A;US;United", '#A;US;"United', "line 5: has a quotation mark"),
        (KTAB, "82.72", "182.72", "line 4: the position is 182.72; it must lie between 0 and 100"),
        (KTAB, "82.72", "nan", "line 4: the position is `nan`, which is no number"),
        (KTAB, ",3,2,", ",4,2,", "line 1: says `4` actors, but there are 3; write 3"),
        (KTAB, "Ćelić", "Ann", "line 5: `Ann` is in line 3 already"),
        (KTAB, "73.50, 21.22,", "73.50,", "line 4: has 6 cells, but the heads name 7 columns"),
        (KTAB, "Actor,D", "Aktor,D", "line 2: there is no line of heads of columns"),
        (KTAB, "Ann", "A\0n", "line 3: "),
        (EMISSION, "0.08,4,0.8", "-0.08,4,0.8", "line 2: the power is -0.08"),
        (EMISSION, EMISSION, "", "line 1: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(text, old, new, sentence):
    assert old in text
    with pytest.raises(ScenarioError) as caught:
        read(text.replace(old, new, 1))
    assert f"test.csv: {sentence}" in str(caught.value) or sentence in str(caught.value)


def test_all_problems_are_told_at_once_but_not_without_end():
    wrong = re.sub(r"0\.\d+,\d+", "x,y", EMISSION)
    with pytest.raises(ScenarioError) as caught:
        read(wrong)
    assert len(caught.value.problems) == 20
    many = "Actor,Capability,Position,Salience\n" + "".join(f"A{n},x,1,1\n" for n in range(100))
    with pytest.raises(ScenarioError, match="80 more problems like these"):
        read(many)


def test_files_that_are_no_text_are_refused():
    for content, sentence in (
        (DECIDE.encode("utf-16"), "is UTF-16"),
        (b"#A;x\n#A;\x81\xff", "line 2: is neither"),
        (b"x" * (4 * 2**20 + 1), "too large"),
    ):
        with pytest.raises(ScenarioError, match=sentence):
            formats.from_bytes(content, "test.csv")


def mutant(text: str, dice: random.Random) -> bytes:
    """A file with one to three accidents: bytes, cells, lines and separators."""
    content = bytearray(text.encode())
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(content))
        match dice.randrange(7):
            case 0:
                content[at] = dice.randrange(256)
            case 1:
                del content[at : at + dice.randint(1, 20)]
            case 2:
                content[at:at] = dice.choice([b";", b",", b"\t", b'"', b"#", b"\n", b"\0", b"\xff"])
            case 3:
                content[at:at] = dice.choice(
                    [b"nan", b"1e999", b"-1", b"1_0", "٣".encode(), b"0,5"]
                )
            case 4:
                lines = content.splitlines(keepends=True)
                dice.shuffle(lines)
                content = bytearray(b"".join(lines))
            case 5:
                lines = content.splitlines(keepends=True)
                content += dice.choice(lines)
            case _:
                content[at:at] = "".join(dice.choices(string.printable, k=5)).encode()
        content = content or bytearray(b"x")
    return bytes(content)


def test_no_accident_ends_in_a_traceback_and_every_problem_has_its_line():
    dice, refused = random.Random(9), 0
    told = re.compile(r"line \d+: .|\d+ more problems like these")
    silent = []
    for number in range(2000):
        content = mutant((KTAB, DECIDE, EMISSION)[number % 3], dice)
        try:
            table = formats.from_bytes(content, "test.csv")
        except ScenarioError as error:
            refused += 1
            silent += [each for each in error.problems if not told.match(each)]
            continue
        try:
            text = formats.to_scenario(table, ["lowest"], ["highest"])
        except RequestError:
            continue
        if number % 20 == 0:
            assert formats.from_scenario(from_document(tables_of(text, "test.toml"))) == table
    assert not silent
    assert 500 < refused < 1900


# Commands -------------------------------------------------------------------------------------------


def test_a_file_becomes_a_scenario_and_the_file_again(tmp_path):
    source, toml, back = tmp_path / "a.csv", tmp_path / "a.toml", tmp_path / "b.csv"
    source.write_text(DECIDE, "utf-8")
    run = CliRunner().invoke
    made = run(app, ["import", str(source), "-o", str(toml), "--status-quo", "lowest"])
    assert made.exit_code == 0, made.output
    assert "2 actors, 2 issues, read as decide, UTF-8" in made.output
    assert run(app, ["export", str(toml), "--to", "decide", "-o", str(back)]).exit_code == 0
    assert formats.read(back) == formats.read(source)


@pytest.mark.parametrize(
    "words",
    [
        ["import", "{}/none.csv", "-o", "{}/x.toml"],
        ["import", "{}", "-o", "{}/x.toml"],
        ["import", "{}/a.csv", "-o", "{}/x.toml"],
        ["import", "{}/a.csv", "-o", "{}/a.csv", "--status-quo", "lowest"],
        ["export", "three-neighbours", "--to", "decide", "-o", "{}/x.csv"],
        ["export", "three-neighbours", "--to", "ktb", "-o", "{}/x.csv"],
    ],
)
def test_a_request_that_fails_writes_nothing(words, tmp_path):
    (tmp_path / "a.csv").write_text(DECIDE, "utf-8")
    result = CliRunner().invoke(app, [word.format(tmp_path) for word in words])
    assert isinstance(result.exception, OnevetoError)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text("utf-8") == DECIDE


def test_a_slip_among_the_saliences_is_asked_about():
    """One of 1.9 among shares of 1 would make all of them percentages."""
    text = "Actor,Capability,Position,Salience\nAnn,1,0,.4\nBob,1,5,1.9\nCy,1,10,.7\n"
    with pytest.raises(ScenarioError, match=r"line 3: has a salience above 1, but another is 0\.4"):
        formats.from_bytes(text.encode(), "slip.csv")


def test_an_actor_may_begin_with_a_hash():
    text = (
        "# a comment\nActor,Capability,Position,Salience\n#1 Corp,1,0,.4\nBob,1,5,.9\n#/ another\n"
    )
    found = formats.from_bytes(text.encode(), "hash.csv")
    assert [actor.name for actor in found.actors] == ["#1 Corp", "Bob"]


TWO = "Actor,Capability,Position,Salience,Position,Salience\nAnn,1,0,.4,0,.5\nBob,1,5,.9,9,.5\n"


def test_a_value_for_all_is_for_the_issues_that_are_not_named():
    found = formats.from_bytes(TWO.encode(), "two.csv")
    first, second = courses(found, ["issue_2=7", "2"])
    assert (first.status_quo, second.status_quo) == (2, 7)


def test_what_was_not_asked_for_does_not_say_so():
    found = formats.from_bytes(TWO.encode(), "two.csv")
    clauses = from_document(
        tables_of(formats.to_scenario(found, ["lowest"], ["issue_2=8"]), "two")
    ).clauses
    asked = ["as asked for" in clause.judgement for clause in clauses.values()]
    assert asked == [False, True]


def test_above_the_heads_every_line_with_a_hash_is_a_comment():
    for above in ("#made up\n", "#1 of a series\n#another\n"):
        assert read(above + EMISSION).positions == read(EMISSION).positions
        assert read(above + KTAB) == read(KTAB)


def test_a_slip_in_the_exchange_format_is_asked_about_too():
    with pytest.raises(
        ScenarioError, match=r"line 11: has a salience above 1, but another is 0\.75"
    ):
        read(DECIDE.replace(";0.9;", ";1.9;"))


@pytest.mark.parametrize("place", ["sub/../a.csv", "link.csv"])
def test_a_file_is_not_written_over_by_another_name(place, tmp_path):
    source = tmp_path / "a.csv"
    source.write_text(DECIDE, "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.csv").symlink_to(source)
    words = ["import", str(source), "-o", str(tmp_path / place), "--status-quo", "lowest"]
    result = CliRunner().invoke(app, words)
    assert "is the file itself; write another -o" in str(result.exception)
    assert source.read_text("utf-8") == DECIDE


def test_a_word_for_all_is_looked_at_even_where_every_issue_is_named():
    with pytest.raises(RequestError, match="`garbage` is neither a number nor a word"):
        courses(read(TWO), ["issue_1=1", "issue_2=2", "garbage"])


def test_a_missing_mean_is_told_with_the_option_that_asked_for_it():
    nobody = read("Actor,Capability,Position,Salience\nAnn,1,2,0\nBob,0,3,1\n")
    with pytest.raises(RequestError, match="there is no mean; write --status-quo 'issue_1=VALUE'"):
        courses(nobody, ["mean"], ["highest"])


def on_a_hundred() -> Positions:
    """A table that both formats can hold."""
    found = read(TWO)
    return replace(
        found, issues=tuple(replace(issue, low=0.0, high=100.0) for issue in found.issues)
    )


def with_actor(name: str, text: str = "") -> Positions:
    return replace(on_a_hundred(), actors=(Actor(name, text), Actor("Bob")))


def with_issue(name: str, *points: tuple[float, str]) -> Positions:
    table = on_a_hundred()
    return replace(table, issues=(Issue(name, 0, 100, "", points), table.issues[1]))


@pytest.mark.parametrize("kind", formats.FORMATS)
@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (with_actor("Bob"), "cannot hold two actors called `Bob`; give one another name"),
        (with_issue("issue_2"), "cannot hold two issues called `issue_2`; give one another name"),
        (with_actor("An\nn"), "cannot hold"),
        (with_actor("Ann\n#/ gone"), "cannot hold"),
        (with_actor(" Ann"), "cannot hold the name of the actor ` Ann`: it would come back changed"),
        (with_issue("tax "), "cannot hold the name of the issue `tax `: it would come back changed"),
        (with_actor("Ann", "a" * 2001), "cannot hold this table: `a.*` is too long"),
    ],
)  # fmt: skip
def test_what_would_come_back_changed_is_not_written(kind, table, sentence):
    with pytest.raises(RequestError, match=f"^{kind} {sentence}"):
        formats.text_of(kind, table)


@pytest.mark.parametrize("kind", formats.FORMATS)
def test_a_salience_above_one_is_not_written(kind):
    table = replace(on_a_hundred(), saliences=((1.2, 0.5), (1.5, 0.5)))
    with pytest.raises(
        RequestError, match=r"salience of 1\.2, as `Ann` has: above 1 it would be read"
    ):
        formats.text_of(kind, table)


@pytest.mark.parametrize("kind", formats.FORMATS)
def test_a_description_of_several_lines_comes_on_one(kind):
    """Were it written as it stands, its second line would be a comment, and be gone without a word."""
    written = formats.text_of(kind, with_actor("Ann", " It stands\n#/ on its own.\n"))
    assert read(written).actors[0] == Actor("Ann", "It stands #/ on its own.")


def test_meanings_of_several_lines_come_on_one_and_none_is_lost():
    written = formats.text_of("decide", with_issue("tax", (5.0, "a fee,\n  no tax")))
    assert read(written).issues[0].points == ((5.0, "a fee, no tax"),)


@pytest.mark.parametrize(("kind", "any_table"), [("ktab", False), ("decide", True)])
def test_every_table_that_a_format_can_hold_is_written(kind, any_table):
    @given(tables(scales=any_table))
    def written(table):
        again = read(formats.text_of(kind, table))
        assert again == table.on_one_line()

    written()


def test_an_export_tells_what_of_the_scenario_has_no_place_in_the_file(tmp_path):
    source, toml, back = tmp_path / "a.csv", tmp_path / "a.toml", tmp_path / "b.csv"
    source.write_text(DECIDE, "utf-8")
    run = CliRunner().invoke
    run(app, ["import", str(source), "-o", str(toml), "--status-quo", "lowest"])
    words = ["export", str(toml), "--to", "decide", "-o", str(back)]
    plain = run(app, words).output
    assert "no place for the status quo and the tabled text, resolve, cohesion" in plain
    assert "left out" not in plain
    text = toml.read_text("utf-8").replace("legal = 80", "legal = { value = 80, band = 5 }", 1)
    toml.write_text(text.replace("[clauses.money]", "[clauses.money]\nleast = 0.5"), "utf-8")
    told = " ".join(run(app, words).output.split())
    assert "(`band`); left out: 1" in told
    assert "(`least`); left out: 1" in told
    assert formats.read(back) == formats.read(source)


def test_a_data_set_that_says_no_day_gets_none_and_only_data_sets_may():
    found = formats.from_bytes(TWO.encode(), "two.csv")
    document = tables_of(formats.to_scenario(found, ["lowest"]), "two")
    assert from_document(document).about.date is None
    flagship = load("draft-treaty-2021").origin.document
    about = {key: value for key, value in flagship["about"].items() if key != "date"}
    with pytest.raises(
        ScenarioError, match="about lacks `date`: the day on which the members decide"
    ):
        from_document({**flagship, "about": about}, folder=shipped())
