"""Where this machine can be reached: found out without asking anybody, and also without a network."""

from __future__ import annotations

import socket

import pytest

from sim import lan
from sim.lan import Place


def machine(monkeypatch, by_interface=None, by_name=(), routed=""):
    monkeypatch.setattr(lan, "_by_interface", lambda: dict(by_interface or {}))
    monkeypatch.setattr(lan, "_by_name", lambda: list(by_name))
    monkeypatch.setattr(lan, "_speaking_to", lambda _: routed)
    return lan.places()


def test_the_wireless_network_comes_before_bridges_and_tunnels(monkeypatch):
    by_interface = {
        "127.0.0.1": "lo",
        "172.17.0.1": "docker0",
        "10.8.0.2": "tun0",
        "192.168.1.20": "eth0",
        "192.168.1.21": "wlan0",
    }
    found = machine(monkeypatch, by_interface, routed="10.8.0.2")
    assert [str(place) for place in found] == [
        "192.168.1.21 (wlan0)",
        "192.168.1.20 (eth0)",
        "10.8.0.2 (tun0)",
        "172.17.0.1 (docker0)",
    ]


def test_without_a_network_there_is_nowhere(monkeypatch):
    assert machine(monkeypatch, {"127.0.0.1": "lo"}) == []
    assert machine(monkeypatch, by_name=["127.0.1.1"]) == []


def test_where_interfaces_cannot_be_asked_the_name_and_the_route_do(monkeypatch):
    found = machine(monkeypatch, by_name=["10.0.0.7", "10.0.0.5"], routed="10.0.0.5")
    assert found == [Place("10.0.0.5"), Place("10.0.0.7")]


def test_an_address_that_nobody_gave_is_none(monkeypatch):
    assert machine(monkeypatch, {"169.254.3.4": "eth0", "0.0.0.0": "eth1"}) == []


def test_looking_sends_nothing(monkeypatch):
    def deny(*_):
        raise AssertionError("something was sent")

    for name in ("send", "sendto", "sendall", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, deny, raising=False)
    for place in lan.places():
        assert lan.is_own(place.address)


def test_no_route_is_no_address(monkeypatch):
    def unreachable(*_):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert lan._speaking_to(lan.NOWHERE) == ""


NOBODYS = [
    "203.0.113.9", "x", "localhost", "", "0.0.0.0", "0", "127.0.0.1", "127.0.0.2", "127.1", "224.0.0.1",
    "255.255.255.255", "::1", "127.0.0.1:80", socket.gethostname(),
]  # fmt: skip


@pytest.mark.parametrize("address", NOBODYS)
def test_where_no_phone_can_come_is_no_address_of_this_machine(address):
    assert not lan.is_own(address)
