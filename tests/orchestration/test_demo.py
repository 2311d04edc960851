"""What the demo sends: every kind of form and of trouble, each file in a place of its own."""

import pickle

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.orchestration.demo import Delivery, deliveries_of
from pipelines.synthetic.hostile import TROUBLES
from pipelines.synthetic.industry import make_industry


@pytest.fixture(scope="module")
def deliveries() -> list[Delivery]:
    return deliveries_of(load_catalog(), make_industry())


def test_no_file_takes_the_place_of_another(deliveries: list[Delivery]) -> None:
    paths = [delivery.file_path for delivery in deliveries]
    assert len(set(paths)) == len(paths)
    assert 40 <= len(paths) <= 60


def test_every_folder_and_every_trouble_is_there(deliveries: list[Delivery]) -> None:
    folders = {delivery.file_path.split("/")[0] for delivery in deliveries}
    assert folders == {"published", "annual", "sample", "register", "reports"}
    names = {delivery.file_path.rsplit("/", 1)[-1] for delivery in deliveries}
    assert {trouble.file_name for trouble in TROUBLES} <= names


def test_days_follow_each_other_and_the_late_one_is_last(deliveries: list[Delivery]) -> None:
    days = [delivery.day for delivery in deliveries]
    assert days == sorted(days)
    due = days[-1].replace(day=load_catalog().reporting.due_day)
    assert [day > due for day in days].count(True) == 1
    corrected = next(item for item in deliveries if item.file_path.endswith("_更正.xlsx"))
    first = next(
        item
        for item in deliveries
        if item.file_path == corrected.file_path.replace("_更正.xlsx", ".xlsx")
    )
    assert first.day < corrected.day <= due


def test_what_writes_them_can_go_to_another_process(deliveries: list[Delivery]) -> None:
    for delivery in deliveries:
        pickle.dumps(delivery.write)
