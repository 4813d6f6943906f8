"""Sweeps on a Dask cluster: the same bytes, and one sentence where it is none."""

from __future__ import annotations

import pytest

from sim import load
from sim.errors import RequestError
from sim.sweep import store, sweep, work
from sim.sweep.plan import Plan, Vary
from tests.sweeps import SMALL, TOY, VARIES, content, unfinished


@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:1", "tcp://127.0.0.1:1"])
def test_a_cluster_that_does_not_answer_is_one_sentence(address, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "ANSWER", 0.5)
    with pytest.raises(RequestError, match="no Dask cluster answers at"):
        sweep(TOY, VARIES, out=tmp_path / "a", cluster=address, **SMALL)
    assert not (tmp_path / "a").exists()


def test_a_cluster_gives_the_same_bytes_and_goes_on_where_another_stopped(whole, tmp_path):
    distributed = pytest.importorskip("distributed")
    out = unfinished(whole, tmp_path / "a")
    for part in range(3):
        (out / store.part_name(part)).unlink()
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        sweep(TOY, VARIES, out=out, cluster=cluster.scheduler_address, **SMALL)
        assert content(out) == content(whole)
        worker = next(iter(cluster.scheduler_info["workers"]))
        with pytest.raises(RequestError, match="no Dask cluster answers at"):
            sweep(TOY, VARIES, out=tmp_path / "b", cluster=worker, **SMALL)
        with pytest.raises(RequestError, match="the cell rule=nonsense"):
            next(iter(failing(cluster.scheduler_address)))


def failing(address: str):
    """What a worker says of a cell that does not fit, which nobody has looked at before."""
    asked = Plan(load(TOY), (Vary("rule", ("nonsense",)),), 10, 0)
    with work.cluster(asked, address) as crew:
        yield from work.played(crew, asked, [(0, 0, 10)])


def test_a_cluster_with_other_versions_is_one_sentence():
    class Client:
        def run(self, ask):
            return {"tcp://a:1": work.versions() | {"numpy": "1.0"}}

    with pytest.raises(RequestError, match=r"numpy is 1\.0 on tcp://a:1 and .* install the same"):
        work._workers(Client(), "tcp://a:0")


def test_a_cluster_without_oneveto_is_one_sentence():
    class Client:
        def run(self, ask):
            raise Exception("ModuleNotFoundError: No module named 'sim'")  # as Dask has it

    with pytest.raises(RequestError, match=r"No module named .sim..* install the same oneveto"):
        work._workers(Client(), "tcp://a:0")
