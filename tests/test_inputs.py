"""The uncertain numbers one by one: where their dice lie, and what turning them means."""

import numpy as np
import pytest
from scipy.special import ndtr

from sim import load, with_changes
from sim.dice import PagedDice
from sim.inputs import dealt, inputs
from sim.worlds import Sampler, Worlds, central

FLAGSHIP = load("draft-treaty-2021")
KNOWN = inputs(FLAGSHIP)
SAMPLER = Sampler(FLAGSHIP, 7)


def arrays(worlds: Worlds) -> dict[str, np.ndarray]:
    """All numbers of some worlds but the proposer's word, which is chance."""
    found = {name: value for name, value in vars(worlds).items() if isinstance(value, np.ndarray)}
    found |= {f"items.{name}": value for name, value in worlds.items.items()}
    return {name: v[..., worlds.shown] for name, v in found.items() if name != "word"}


def test_at_one_half_everything_is_at_its_centre():
    found = arrays(dealt(SAMPLER, KNOWN, np.full((len(KNOWN), 3), 0.5)))
    for name, value in arrays(central(FLAGSHIP, np.float32)).items():
        np.testing.assert_array_equal(found[name], np.broadcast_to(value, found[name].shape))


def test_the_dice_of_a_seed_put_in_by_hand_give_the_worlds_of_that_seed():
    """So none is missing, and each lies where it says."""
    dice, count = PagedDice(7, 0, 256), 256
    quantiles = []
    for each in KNOWN:
        if each.address.startswith(("assumptions", "proposer")):
            normal, uniform = dice.both([each.stream])[0]
            quantiles.append(
                (uniform + 1) / 2 if each.dist == "uniform" else ndtr(normal.astype(float))
            )
        else:
            own = dice.normals([each.stream], each.row + 1)[0, each.row]
            quantiles.append(ndtr(own.astype(float)))
    found = arrays(dealt(SAMPLER, KNOWN, np.array(quantiles)))
    for name, value in arrays(SAMPLER.worlds(0, count)).items():
        np.testing.assert_allclose(found[name], value, rtol=2e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    "address",
    ["assumptions.cohesion", "members.POL.resolve", "members.DEU.weight.arms_control"],
)
def test_a_quantile_is_the_number_moved_by_so_much(address):
    known = [each for each in KNOWN if each.address == address]
    moved = ndtr(1.0)
    (one,) = known
    share = address.startswith("assumptions")
    value = one.value + one.band if share else one.value * np.exp(one.band)
    found = arrays(dealt(SAMPLER, known, np.array([[moved]])))
    changed = with_changes(FLAGSHIP, {address: float(value)})
    for name, value in arrays(central(changed, np.float32)).items():
        np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-6, err_msg=name)
