"""What moves a margin: known answers, the same as by hand, and sentences where there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri
from typer.testing import CliRunner

from sim import charts, cli, explain, load, run, with_changes
from sim.analysis.cells import done
from sim.analysis.dials import dials
from sim.analysis.estimators import Index, Indices, effects, indices
from sim.analysis.sensitivity import OTHERS, Morris, Sobol, group, margins
from sim.analysis.tornado import Turning, margin
from sim.dice import generator
from sim.errors import RequestError
from sim.inputs import inputs
from sim.story import sensitivity as story
from sim.story.numbers import number_name

FLAGSHIP = load("draft-treaty-2021")
TOY = load("three-neighbours")


def ishigami(quantiles):
    """Ishigami & Homma (1990) with a = 7 and b = .1, on the cube from −π to π."""
    one, two, three = np.pi * (2 * quantiles - 1)
    return np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)


def toy(band=0.0):
    """Three neighbours, of whose numbers only one is uncertain."""
    return with_changes(TOY, {"assumptions.cohesion": 0.3, "assumptions.cohesion.band": band})


# Sobol' -------------------------------------------------------------------------------------------


def test_the_ishigami_function_has_its_known_indices():
    found = indices(ishigami, ["one", "two", "three"], samples=4096)
    known = {"one": (0.3139, 0.5576), "two": (0.4424, 0.4424), "three": (0, 0.2437)}
    for name, (first, total) in known.items():
        assert found[name].first.value == pytest.approx(first, abs=0.01)
        assert found[name].total.value == pytest.approx(total, abs=0.01)
        assert found[name].first.low <= first <= found[name].first.high
        assert found[name].total.low <= total <= found[name].total.high
    assert not found["three"].first.told_apart
    assert found["three"].total.told_apart


def test_a_group_explains_what_its_inputs_explain_together():
    found = indices(ishigami, ["odd", "two", "odd"], samples=2048)
    assert found["odd"].total.value == pytest.approx(0.5576, abs=0.02)
    assert found["odd"].first.value == pytest.approx(0.5576, abs=0.02)
    assert found["two"].first.value == pytest.approx(0.4424, abs=0.02)


def test_the_same_seed_gives_the_same_indices_and_zero_is_a_seed():
    for seed in (0, 5):
        one, other = (indices(ishigami, list("abc"), samples=64, seed=seed) for _ in range(2))
        assert one == other
    assert indices(ishigami, list("abc"), samples=64, seed=0) != one


def test_a_design_in_cells_is_that_of_salib():
    from SALib.sample import sobol

    groups = ["a", "b", "a"]
    rows = []

    def seen(quantiles):
        rows.append(quantiles.T.copy())
        return quantiles[0]

    indices(seen, groups, samples=256, seed=3)
    problem = {"num_vars": 3, "names": list("xyz"), "groups": groups, "bounds": [[0, 1]] * 3}
    whole = sobol.sample(problem, 256, calc_second_order=False, seed=generator(3, "sobol"))
    assert len(rows) > 1
    np.testing.assert_allclose(np.concatenate(rows), whole)


def test_what_never_changes_is_told_before_anything_is_divided_by_nothing():
    assert indices(lambda quantiles: 0 * quantiles[0] + 3, ["a", "b"], samples=64) == {}
    assert effects(lambda quantiles: 0 * quantiles[0] - 3e6, ["a", "b"], samples=4) == {}


def test_an_input_without_effect_is_not_told_apart_from_nothing():
    found = indices(lambda quantiles: quantiles[0], ["moves", "idle"], samples=64)
    assert found["moves"].total.told_apart
    assert not found["idle"].total.told_apart
    assert not found["idle"].first.told_apart


# Morris -------------------------------------------------------------------------------------------


def test_a_straight_line_moves_by_its_slopes_and_has_no_spread():
    found = effects(lambda q: 3 * q[0] - 2 * q[1], ["up", "down", "idle"], samples=8)
    for name, slope in {"up": 3, "down": -2, "idle": 0}.items():
        assert found[name].size.value == pytest.approx(abs(slope))
        assert found[name].change == pytest.approx(slope)
        assert found[name].spread == pytest.approx(0, abs=1e-9)
    assert not found["idle"].size.told_apart


def test_inputs_that_work_together_have_a_spread():
    found = effects(lambda q: q[0] * q[1], ["one", "other"], samples=32)
    assert found["one"].spread > 0.1
    assert found == effects(lambda q: q[0] * q[1], ["one", "other"], samples=32)


# Of a scenario ------------------------------------------------------------------------------------


def test_at_one_half_the_margin_is_that_of_the_central_world():
    """The least willing member by `explain`, on the scenario's own numbers."""
    found = margins(FLAGSHIP, "N5.1")(np.full((len(inputs(FLAGSHIP)), 2), 0.5))
    whys = [explain(FLAGSHIP, iso, "N5.1") for iso in FLAGSHIP.seats]
    least = min(why.expressed + why.resolve for why in whys)
    assert found == pytest.approx([least, least], abs=1e-5)


def test_every_number_moves_with_one_group_and_all_of_a_member_with_it():
    groups = {each.address: group(each, "N5.1") for each in inputs(FLAGSHIP)}
    assert groups["members.POL.trust"] == groups["members.POL.weight.deterrence"] == "members.POL"
    assert groups["clauses.N5.1.cost.deterrence"] == "clauses.N5.1"
    assert groups["clauses.N7.3.cost.deterrence"] == OTHERS
    assert groups["assumptions.cohesion"] == "assumptions.cohesion"


def test_the_stakes_of_other_clauses_explain_nothing_where_clauses_stand_alone():
    found = done(Sobol(FLAGSHIP, "N5.1", samples=64))
    assert found.factors[OTHERS].total.value == pytest.approx(0, abs=1e-6)
    assert not found.factors[OTHERS].total.told_apart
    assert found.factors["clauses.N5.1"].total.value > 0.4
    package = with_changes(FLAGSHIP, {"process.kind": "package"})
    assert done(Sobol(package, "N5.1", samples=64)).factors[OTHERS].total.value > 0.1


def test_one_uncertain_number_explains_everything():
    found = done(Sobol(toy(0.1), "hotline", samples=128))
    ((name, only),) = found.factors.items()
    assert name == "assumptions.cohesion"
    assert only.total.value == pytest.approx(1, abs=0.05)
    assert only.first.value == pytest.approx(1, abs=0.05)


def test_cells_in_any_order_give_the_same():
    work = Sobol(FLAGSHIP, "N5.1", samples=128, seed=2)
    backwards = {cell: work.cell(cell) for cell in reversed(work.cells)}
    assert work.result([backwards[cell] for cell in work.cells]) == done(work)


@pytest.mark.parametrize("work", [Sobol, Morris])
def test_a_scenario_without_bands_has_a_sentence(work):
    found = done(work(TOY, "hotline"))
    assert found.constant
    assert found.mean == pytest.approx(0.445)
    said = story.explains(found) if work is Sobol else story.moves(found)
    assert said == (
        "No number of three-neighbours is uncertain, so nothing can be explained: the margin on "
        "hotline is +0.445."
    )
    json.dumps(found.as_json(), allow_nan=False)
    assert found.frame().empty


def test_bands_that_move_nothing_have_a_sentence():
    still = with_changes(TOY, {"assumptions.logroll.band": 0.1})
    found = done(Sobol(still, "hotline", samples=64))
    assert found.constant
    assert story.explains(found).startswith("Nothing that is uncertain moves the margin on hotline")


def test_a_number_moved_alone_moves_the_margin_as_the_scenario_changed_does():
    """Two thirds of the way from the 5th to the 95th percentile, from either side, in proportion."""
    ((name, effect),) = done(Morris(toy(0.1), "hotline", samples=2)).factors.items()
    shares = [0.05, 0.35, 0.65, 0.95]
    levels = [
        margin(with_changes(TOY, {"assumptions.cohesion": 0.3 + 0.1 * ndtri(share)}), "hotline")
        for share in shares
    ]
    steps = [(levels[2] - levels[0]) * 3 / 2, (levels[3] - levels[1]) * 3 / 2]
    assert name == "assumptions.cohesion"
    assert min(steps) - 1e-5 <= effect.change <= max(steps) + 1e-5
    assert max(steps) - min(steps) < 0.1 * max(steps)


def test_every_number_and_group_has_a_plain_name():
    for scenario in (FLAGSHIP, load("negotiated-2021"), load("us-draft-2021")):
        clause = next(iter(scenario.clauses))
        known = inputs(scenario)
        names = [number_name(scenario, each.address) for each in known]
        groups = {group(each, clause) for each in known}
        assert len(set(names)) == len(names)
        for address, name in zip([each.address for each in known], names):
            assert name != address
        assert len({number_name(scenario, each) for each in groups}) == len(groups)


def test_intervals_that_hold_nothing_are_shown_as_such():
    assert story.share_of(Index(0.02, -0.01, 0.05)) == "0? [0–5]"
    assert story.share_of(Index(0.613, 0.53, 0.69)) == "61 % [53–69]"


def test_what_cannot_be_told_from_nothing_is_counted_and_not_named():
    clear, none = Index(0.9, 0.8, 1), Index(0.001, -0.01, 0.01)
    factors = {"clauses.N5.1": clear, "members.POL": none, "assumptions.trust": none}
    asked = done(Sobol(FLAGSHIP, "N5.1", samples=2))
    found = replace(asked, factors={name: Indices(each, each) for name, each in factors.items()})
    assert story.left_out(found, 1) == "2 more factors, none of which can be told apart from 0."
    assert "What explains most of that: the stakes of N5.1 (90 %). One" in story.explains(found)
    few = Index(0.004, 0.001, 0.01)
    little = replace(found, factors=found.factors | {"members.POL": Indices(few, few)})
    assert "Poland" not in story.explains(little)


# Tornado ------------------------------------------------------------------------------------------


def test_a_dial_at_its_ends_is_the_scenario_changed():
    found = done(Turning(FLAGSHIP, "N5.1", worlds=256, seed=4))
    swing = next(swing for swing in found.swings if swing.dial.name == "cohesion")
    for end, at in ((swing.low, 0.0), (swing.high, 1.0)):
        changed = with_changes(FLAGSHIP, {"assumptions.cohesion": at})
        whys = [explain(changed, iso, "N5.1") for iso in changed.seats]
        assert end.margin == pytest.approx(min(w.expressed + w.resolve for w in whys), abs=1e-5)
        outcome = run(changed, worlds=256, seed=4)
        assert end.share.survival == outcome.survival["N5.1"]


def test_the_widest_swing_comes_first_and_every_dial_is_there():
    found = done(Turning(FLAGSHIP, "N5.1", worlds=64))
    sizes = [found.size(swing) for swing in found.swings]
    assert sizes == sorted(sizes, reverse=True)
    assert {swing.dial.name for swing in found.swings} == {
        dial.name for dial in dials(FLAGSHIP, "N5.1", "EST")
    }
    assert found.swings[0].dial.name == "cohesion"
    assert "Cohesion (−0.146 to +0.157)" in story.widest(found)
    assert story.idle(found) == "Without any effect at the centre: Suspicion of a pretext."
    json.dumps(found.as_json(), allow_nan=False)


# Pictures and commands ----------------------------------------------------------------------------


def test_pictures_show_what_was_found():
    vl_convert = pytest.importorskip("vl_convert")
    swings = done(Turning(FLAGSHIP, "N5.1", worlds=64))
    sobol, morris = done(Sobol(FLAGSHIP, "N5.1", samples=64)), done(Morris(FLAGSHIP, "N5.1", 4))
    pictures = (charts.tornado(swings), charts.sobol(sobol), charts.morris(morris))
    for picture, first in zip(
        pictures, ("Cohesion", "Stakes of N5.1", "Cost of N5.1 on deterrence")
    ):
        spec = picture.to_dict()
        rows = [row for table in spec["datasets"].values() for row in table]
        names = [row.get("dial") or row.get("factor") for row in rows]
        assert next(name for name in names if name).startswith(first)
        assert vl_convert.vegalite_to_png(spec).startswith(b"\x89PNG")


def ran(*arguments):
    return CliRunner().invoke(cli.app, ["sensitivity", *arguments])


def test_the_command_prints_json_that_holds_all_methods():
    printed = ran("three-neighbours", "hotline", "--json", "--worlds", "16")
    found = json.loads(printed.stdout)
    assert list(found)[:2] == ["schema", "scenario"]
    assert found["tornado"]["margin"] == pytest.approx(0.445)
    assert found["sobol"]["constant"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["N51"], "Did you mean `N5.1`?"),
        (["POL"], "`POL` is a member; write a clause, as N1.1"),
        (
            ["N5.1", "--method", "sobol", "--samples", "1000"],
            "write a power of two from 2, as 1024",
        ),
        (["N5.1", "--method", "morris", "--samples", "1"], "from 2 to 512"),
        (["N5.1", "--samples", "64", "--method", "tornado"], "a tornado takes `--worlds`"),
        (["N5.1", "--samples", "64", "--method", "sobol", "--method", "morris"], "one of them"),
    ],
)
def test_what_makes_no_sense_has_a_sentence(arguments, sentence):
    found = ran("draft-treaty-2021", *arguments)
    assert isinstance(found.exception, RequestError)
    assert sentence in str(found.exception)


def test_a_missing_library_has_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(RequestError, match=r"needs SALib.*pip install 'oneveto\[analysis\]'"):
        Sobol(FLAGSHIP, "N5.1")


def test_nothing_heavy_is_loaded_before_it_is_asked_for():
    code = (
        "import sys, sim.cli, sim.charts, sim.console\n"
        "print([m for m in ('SALib', 'ema_workbench', 'matplotlib', 'scipy.stats') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
