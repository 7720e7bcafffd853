"""Turns between clients, and the places and budget for long queries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from api.sparql.admission import Admission, LongLane, client_key
from api.sparql.problems import Problem


def in_loop(work: Callable[[], None]) -> None:
    """Run something that makes futures."""

    async def run() -> None:
        work()

    asyncio.run(run())


def test_clients_take_turns() -> None:
    def work() -> None:
        admission: Admission[str] = Admission(per_client=8, max_waiting=10)
        busy = [admission.wait("a") for _ in range(3)]
        other = admission.wait("b")
        assert admission.admit_next("first")
        assert admission.admit_next("second")
        assert (busy[0].result(), other.result()) == ("first", "second")
        assert admission.waiting_count == 2

    in_loop(work)


def test_client_at_its_limit_waits_for_itself_only() -> None:
    def work() -> None:
        admission: Admission[str] = Admission(per_client=1, max_waiting=10)
        admission.start("a")
        waiting = admission.wait("a")
        assert not admission.admit_next("worker")
        other = admission.wait("b")
        assert admission.admit_next("worker")
        assert other.done()
        admission.finish("a")
        assert admission.admit_next("worker")
        assert waiting.done()

    in_loop(work)


def test_turn_that_nobody_waits_for_is_skipped() -> None:
    def work() -> None:
        admission: Admission[str] = Admission(per_client=8, max_waiting=10)
        left, stays = admission.wait("a"), admission.wait("a")
        left.cancel()
        assert admission.admit_next("worker")
        assert stays.result() == "worker"
        assert admission.waiting_count == 0

    in_loop(work)


def test_full_queue_is_refused() -> None:
    def work() -> None:
        admission: Admission[str] = Admission(per_client=8, max_waiting=4)
        for _ in range(2):
            admission.wait("a")
        with pytest.raises(Problem) as of_one:
            admission.wait("a")
        for client in "bc":
            admission.wait(client)
        with pytest.raises(Problem) as of_all:
            admission.wait("d")
        assert (of_one.value.status, of_all.value.status) == (429, 503)

    in_loop(work)


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
