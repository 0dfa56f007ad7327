from __future__ import annotations

import itertools
import time

import pytest
from confluent_kafka import Producer

from flinkjobrunner.kafka.producer import KafkaUnavailableError
from flinkjobrunner.kafka.status import Acknowledgements
from support.instances import acknowledge

_numbers = itertools.count(1)


@pytest.fixture
def deployment() -> str:
    return f"status-{next(_numbers)}"


def poll_until_complete(said: Acknowledgements, epoch: int) -> None:
    deadline = time.monotonic() + 20
    while missing := said.missing(epoch):
        assert time.monotonic() < deadline, missing
        said.poll(0.1)


def test_what_was_said_before_is_known_at_once(bootstrap: str, deployment: str) -> None:
    acknowledge(bootstrap, deployment, 3)
    acknowledge(bootstrap, "somebody-else", 9)
    with Acknowledgements(bootstrap, deployment) as said:
        assert said.highest_epoch == 3
        assert said.missing(3) == ""
        assert said.missing(2) == ""
        assert said.missing(4) == "no instance of entity has acknowledged epoch 4"


def test_who_is_missing_is_named(bootstrap: str, deployment: str) -> None:
    acknowledge(bootstrap, deployment, 1, parallelism=4, instances=(0, 1, 2, 3))
    acknowledge(bootstrap, deployment, 2, parallelism=4, instances=(0, 2))
    with Acknowledgements(bootstrap, deployment) as said:
        assert said.missing(2) == "instances 1, 3 of 4 of entity have not acknowledged epoch 2"
        acknowledge(bootstrap, deployment, 2, parallelism=4, instances=(1,), state="CONVERGED")
        while not said.poll(0.2):
            pass
        assert said.missing(2) == "instance 3 of 4 of entity have not acknowledged epoch 2"
        acknowledge(bootstrap, deployment, 2, parallelism=4, instances=(3,))
        poll_until_complete(said, 2)


def test_active_is_not_converged(bootstrap: str, deployment: str) -> None:
    acknowledge(bootstrap, deployment, 1, state="ACTIVE")
    acknowledge(bootstrap, deployment, 1, instances=(1,), state="CONVERGED")
    with Acknowledgements(bootstrap, deployment) as said:
        assert said.missing(1) == ""
        missing = said.missing(1, converged=True)
        assert missing == "instance 0 of 2 of entity have not acknowledged epoch 1"
        acknowledge(bootstrap, deployment, 1, instances=(0,), state="CONVERGED")
        deadline = time.monotonic() + 20
        while said.missing(1, converged=True):
            assert time.monotonic() < deadline
            said.poll(0.1)


def test_a_job_with_fewer_instances_needs_no_word_of_those_gone(
    bootstrap: str, deployment: str
) -> None:
    acknowledge(bootstrap, deployment, 1, parallelism=4, instances=(0, 1, 2, 3))
    acknowledge(bootstrap, deployment, 2, parallelism=2, instances=(0, 1))
    with Acknowledgements(bootstrap, deployment) as said:
        assert said.missing(2) == ""


def test_other_states_and_stages_are_no_acknowledgement(bootstrap: str, deployment: str) -> None:
    acknowledge(bootstrap, deployment, 1, state="LOADING")
    acknowledge(bootstrap, deployment, 1, stage="focus")
    with Acknowledgements(bootstrap, deployment) as said:
        assert said.missing(1) == "no instance of entity has acknowledged epoch 1"


def test_a_new_submission_must_say_everything_anew(bootstrap: str, deployment: str) -> None:
    acknowledge(bootstrap, deployment, 5)
    with Acknowledgements(bootstrap, deployment) as said:
        said.forget()
        assert said.missing(5) == "no instance of entity has acknowledged epoch 5"
        acknowledge(bootstrap, deployment, 5)
        poll_until_complete(said, 5)


def test_what_is_no_acknowledgement_is_passed_over(bootstrap: str, deployment: str) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "log_level": 0})
    for value in (b"", b"[]", b"{", b'{"deployment": 7}', b'"text"', b"\xff", None):
        producer.produce("shacl.status", value, f"{deployment}/entity/0")
    assert producer.flush(30) == 0
    acknowledge(bootstrap, deployment, 1)
    with Acknowledgements(bootstrap, deployment) as said:
        assert said.missing(1) == ""


def test_a_cluster_without_the_topic_says_what_makes_it(
    bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flinkjobrunner.kafka.status.TOPIC", "no-such-topic")
    with pytest.raises(KafkaUnavailableError, match="setup"), Acknowledgements(bootstrap, "any"):
        pass
