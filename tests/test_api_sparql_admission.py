"""Turns between clients, and the places and budget for long queries."""

from __future__ import annotations

import pytest

from api.sparql.admission import Admission, LongLane, client_key
from api.sparql.problems import Problem


def test_clients_take_turns() -> None:
    admission: Admission[str] = Admission(per_client=8, max_waiting=10)
    for query in ("a1", "a2", "a3"):
        admission.wait("a", query)
    admission.wait("b", "b1")
    assert [admission.next(), admission.next()] == ["a1", "b1"]
    assert admission.waiting_count == 2
    assert admission.running_count == 2


def test_client_at_its_limit_waits_for_itself_only() -> None:
    admission: Admission[str] = Admission(per_client=1, max_waiting=10)
    admission.start("a")
    admission.wait("a", "a1")
    assert admission.next() is None
    admission.wait("b", "b1")
    assert admission.next() == "b1"
    admission.finish("a")
    assert admission.next() == "a1"


def test_query_that_left_gets_no_turn() -> None:
    admission: Admission[str] = Admission(per_client=8, max_waiting=10)
    admission.wait("a", "left")
    admission.wait("a", "stays")
    admission.leave("a", "left")
    admission.leave("a", "never came")
    assert admission.next() == "stays"
    assert admission.waiting_count == 0
    assert admission.next() is None


def test_first_of_each_client_is_the_one_that_waits_longest() -> None:
    admission: Admission[str] = Admission(per_client=8, max_waiting=10)
    for client, query in (("a", "a1"), ("a", "a2"), ("b", "b1")):
        admission.wait(client, query)
    assert admission.first_of_each() == ["a1", "b1"]


def test_full_queue_is_refused() -> None:
    admission: Admission[str] = Admission(per_client=8, max_waiting=4)
    for query in ("a1", "a2"):
        admission.wait("a", query)
    with pytest.raises(Problem) as of_one:
        admission.wait("a", "a3")
    for client in "bc":
        admission.wait(client, client)
    with pytest.raises(Problem) as of_all:
        admission.wait("d", "d1")
    assert (of_one.value.status, of_all.value.status) == (429, 503)


def test_one_client_leaves_a_long_place_for_others() -> None:
    lane = LongLane(places=3, budget_s_per_minute=100)
    assert [lane.enter("a") for _ in range(3)] == [True, True, False]
    assert lane.enter("b")
    assert not lane.enter("c")
    lane.leave("a", 1)
    assert lane.enter("c")


def test_client_that_spent_its_time_gets_no_long_place() -> None:
    lane = LongLane(places=3, budget_s_per_minute=10)
    assert lane.enter("a")
    lane.leave("a", 11)
    assert not lane.enter("a")
    assert lane.enter("b")


def test_addresses_of_one_ipv6_network_are_one_client() -> None:
    assert client_key("2001:db8::1") == client_key("2001:db8::ffff:2")
    assert client_key("2001:db8::1") != client_key("2001:db8:0:1::1")
    assert client_key("192.0.2.1") != client_key("192.0.2.2")
