"""Whoever guesses passwords waits, and holds up nobody else."""

import datetime
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from lianguan.network import tries
from lianguan.network.models import Misses
from lianguan.network.seats import now
from tests.at_once import at_once
from tests.network.test_sign_in import NOW, is_in, knock

pytestmark = pytest.mark.usefixtures("network")


class TestWaiting:
    """Five wrong passwords, and one waits."""

    def test_after_five_the_right_one_is_not_looked_at_either_and_it_says_how_long(
        self, reader: Client
    ) -> None:
        for _ in range(5):
            assert "不对" in knock(reader, password="wrong").content.decode()
        said = knock(reader)
        assert said.status_code == 429
        assert "约 5 分钟" in said.content.decode()
        assert not is_in(reader)

    def test_a_colleague_of_the_same_township_gets_in_meanwhile(self, reader: Client) -> None:
        for _ in range(6):
            knock(reader, password="wrong")
        knock(reader, "keeper")
        assert is_in(reader)

    def test_the_same_name_gets_in_from_elsewhere(self, reader: Client) -> None:
        for _ in range(6):
            knock(reader, password="wrong", REMOTE_ADDR="10.0.0.1")
        knock(reader, REMOTE_ADDR="10.0.0.2")
        assert is_in(reader)

    def test_behind_a_web_server_of_this_machine_it_is_the_address_that_it_says_last(
        self, reader: Client
    ) -> None:
        for number in range(6):
            knock(reader, password="wrong", HTTP_X_FORWARDED_FOR=f"1.1.1.{number}, 10.0.0.1")
        assert knock(reader, HTTP_X_FORWARDED_FOR="9.9.9.9, 10.0.0.1").status_code == 429
        assert knock(reader, HTTP_X_FORWARDED_FOR="10.0.0.2").status_code == 302

    def test_somebody_on_the_network_does_not_choose_an_address(self, reader: Client) -> None:
        for number in range(6):
            said = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": f"1.1.1.{number}"}
            knock(reader, password="wrong", **said)
        said = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "7.7.7.7"}
        assert knock(reader, **said).status_code == 429

    def test_a_house_has_one_network_however_many_addresses(self) -> None:
        for number in range(5):
            assert tries.begin_try("desk", f"2001:db8::{number}", NOW) is None
        assert tries.begin_try("desk", "2001:db8::ffff:1", NOW)
        assert tries.begin_try("desk", "2001:db8:0:1::1", NOW) is None
        assert tries.begin_try("keeper", "::ffff:10.0.0.1", NOW) is None
        assert tries.begin_try("keeper", "not an address", NOW) is None

    def test_the_wait_grows_and_is_over_some_day(self) -> None:
        at, waits = NOW, []
        for _ in range(16):
            locked = tries.begin_try("desk", "10.0.0.1", at)
            if locked:
                waits.append(locked.until - at)
                at = locked.until
                assert tries.begin_try("desk", "10.0.0.1", at) is None
        minutes = [int(wait.total_seconds() // 60) for wait in waits]
        assert minutes[0] == 5
        assert 30 in minutes
        assert minutes == sorted(minutes)
        assert tries.begin_try("desk", "10.0.0.1", at + datetime.timedelta(days=2)) is None
        assert Misses.objects.count() == 2  # of the name there, and of all names there

    def test_the_right_password_makes_all_forgotten(self, reader: Client) -> None:
        for _ in range(4):
            knock(reader, password="wrong")
        knock(reader)
        reader.post("/sign-out")
        for _ in range(4):
            assert knock(reader, password="wrong").status_code == 200

    def test_guesses_at_ever_new_names_end_for_that_network_and_for_no_other(
        self, reader: Client
    ) -> None:
        at = now()
        for moment in (at, at + tries.OF_ALL_NAMES.time):  # which may begin any moment
            for one in range(tries.OF_ALL_NAMES.misses):
                assert tries.begin_try(f"name{one}", "10.0.0.1", moment) is None
        said = knock(reader, REMOTE_ADDR="10.0.0.1")
        assert said.status_code == 429
        assert "暂时不能从这里登录" in said.content.decode()
        knock(reader, REMOTE_ADDR="10.0.0.2")
        assert is_in(reader)

    def test_in_the_next_stretch_of_time_they_begin_anew(self) -> None:
        guesses = range(tries.OF_ALL_NAMES.misses)
        assert not any(tries.begin_try(f"name{one}", "10.0.0.1", NOW) for one in guesses)
        locked = tries.begin_try("desk", "10.0.0.1", NOW)
        assert locked
        assert NOW < locked.until <= NOW + tries.OF_ALL_NAMES.time
        just_before = locked.until - datetime.timedelta(seconds=1)
        assert tries.begin_try("desk", "10.0.0.1", just_before)
        assert tries.begin_try("desk", "10.0.0.1", locked.until) is None

    def test_a_whole_county_that_mistypes_and_gets_in_is_not_counted(self) -> None:
        for person in range(2 * tries.OF_ALL_NAMES.misses):
            assert tries.begin_try(f"name{person}", "10.0.0.1", NOW) is None
            assert tries.begin_try(f"name{person}", "10.0.0.1", NOW) is None
            tries.forget_tries(f"name{person}", "10.0.0.1", NOW)

    def test_passwords_are_looked_at_one_after_the_other_and_who_is_third_comes_again(self) -> None:
        inside, most, told, all_came = list[int](), list[int](), list[str](), threading.Event()

        def guess(name: str) -> None:
            with tries.trying(name, "10.0.0.1", now()) as locked:
                if locked:
                    told.append(locked.code)
                    return
                inside.append(1)
                most.append(len(inside))
                all_came.wait(5)
                inside.pop()

        def watch() -> None:
            until = time.monotonic() + 4
            while len(told) < 10 and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(0.3)  # for the second to come in, if the door were open
            all_came.set()

        at_once([watch, *(partial(guess, f"name{one}") for one in range(12))])
        assert max(most) == 1
        assert told == ["locked_busy"] * 10
        assert Misses.objects.exclude(count=0).count() == 3  # two names, and all of the address

    def test_at_a_full_door_one_is_told_to_come_again_and_it_is_no_miss(
        self, reader: Client
    ) -> None:
        for _ in range(tries.AT_THE_DOOR):
            tries.door.acquire()
        try:
            said = knock(reader)
        finally:
            tries.door.release(tries.AT_THE_DOOR)
        assert said.status_code == 429
        assert "没有记为试错" in said.content.decode()
        assert not Misses.objects.exists()
        knock(reader)
        assert is_in(reader)

    def test_of_many_guesses_at_the_same_moment_no_more_than_five_are_looked_at(self) -> None:
        free = list[bool]()

        def guess() -> None:
            free.append(tries.begin_try("desk", "10.0.0.1", NOW) is None)

        at_once([guess] * 12)
        assert sum(free) == 5

    def test_no_name_is_kept_that_somebody_tried(self, network: Path, reader: Client) -> None:
        knock(reader, "zhangsan-of-the-township", "my secret password", REMOTE_ADDR="10.1.2.3")
        connection.close()
        kept = b"".join(path.read_bytes() for path in network.glob("people.sqlite*"))
        for said in (b"zhangsan", b"my secret", b"10.1.2.3"):
            assert said not in kept
