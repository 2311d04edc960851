"""What a made-up industry sends: every kind of form and of trouble, each file in its own place."""

import hashlib
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.intake.receipts import read_receipts
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.months import UnknownMonthError
from pipelines.orchestration.synthesis import (
    KINDS,
    Delivery,
    ImpossiblePlanError,
    Plan,
    deliveries_of,
    plan_of,
    synthesize,
)
from pipelines.synthetic.hostile import TROUBLES
from pipelines.synthetic.industry import make_industry
from pipelines.synthetic.sendings import do_fieldwork

NOTHING_ASKED = {
    "seed": None,
    "first": None,
    "last": None,
    "size": None,
    "dirtiness": None,
    "random_response": False,
    "kinds": (),
}


def _deliveries(plan: Plan) -> list[Delivery]:
    industry = make_industry(plan.seed, plan.size)
    fieldwork = do_fieldwork(industry, plan.first, plan.last, plan.conditions)
    return deliveries_of(industry, fieldwork, plan)


@pytest.fixture(scope="module")
def deliveries(small_plan: Plan) -> list[Delivery]:
    return _deliveries(small_plan)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.*"))
        if path.is_file()
    }


def test_the_demo_has_about_a_thousand_workbooks_of_eighteen_months():
    paths = [delivery.file_path for delivery in _deliveries(Plan())]
    assert 950 <= len(paths) <= 1150
    months = {path.split("/")[1] for path in paths if path.startswith("reports/")}
    assert (min(months), max(months), len(months)) == ("2024-02", "2025-06", 16)
    singles = [p for p in paths if p.startswith("reports/2025-06/重庆")]
    assert 280 <= len(singles) <= 450
    for year in ("2023", "2024"):
        assert f"annual/{year}/年报_{year}.xlsx" in paths


@pytest.mark.parametrize("dirtiness", [1, 8])
def test_no_file_takes_the_place_of_another(small_plan: Plan, dirtiness: float) -> None:
    paths = [d.file_path for d in _deliveries(replace(small_plan, dirtiness=dirtiness))]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("month", ["2023-02", "2025-12"])
def test_every_month_of_the_industry_can_be_sent(month: str, tmp_path: Path) -> None:
    plan = Plan(first=month, last=month, size=300)
    root, receipts = synthesize(tmp_path / "root", plan)
    assert len(receipts) > 30
    years = {path.name for path in (root.inbox / "annual").iterdir()}
    assert years == ({"2022"} if month == "2023-02" else {"2024", "2025"})


def test_mistakes_of_every_kind_are_left_at_most_dirt(small_plan: Plan) -> None:
    plan = replace(small_plan, dirtiness=8)
    industry = make_industry(plan.seed, plan.size)
    fieldwork = do_fieldwork(industry, plan.first, plan.last, plan.conditions)
    kinds = {mistake.kind for mistake in fieldwork.mistakes}
    assert {"unit_slip", "corrected_revenue", "broken_sum"} <= kinds


def test_every_folder_and_every_trouble_is_there(deliveries: list[Delivery]) -> None:
    folders = {delivery.file_path.split("/")[0] for delivery in deliveries}
    assert folders == {
        "published",
        "annual",
        "sample",
        "register",
        "register_events",
        "reports",
        "ledger",
        "platforms",
    }
    names = {delivery.file_path.rsplit("/", 1)[-1] for delivery in deliveries}
    assert {trouble.file_name for trouble in TROUBLES} <= names


def test_days_follow_each_other(deliveries: list[Delivery]) -> None:
    days = [delivery.day for delivery in deliveries]
    assert days == sorted(days)


def test_what_writes_them_can_go_to_another_process(deliveries: list[Delivery]) -> None:
    for delivery in deliveries:
        pickle.dumps(delivery.write)


@pytest.mark.parametrize(
    ("kind", "folders"),
    [
        ("register", {"published", "register", "register_events"}),
        ("single", {"published", "reports"}),
        ("ledger", {"published", "ledger"}),
    ],
)
def test_only_the_kinds_asked_for_are_sent(kind, folders, small_plan: Plan) -> None:
    plan = replace(small_plan, kinds=frozenset({kind}))
    assert {delivery.file_path.split("/")[0] for delivery in _deliveries(plan)} == folders


def test_the_same_seed_gives_the_same_bytes_and_the_truth_stays_aside(tmp_path: Path) -> None:
    plan = Plan(first="2025-06", last="2025-06", size=300)
    roots = [synthesize(tmp_path / name, plan)[0] for name in ("one", "two")]
    first, second = (_digests(root.inbox) for root in roots)
    assert first == second
    assert _digests(roots[0].path / "truth") == _digests(roots[1].path / "truth")
    assert is_made_up(roots[0])
    assert not (roots[0].inbox / "truth").exists()
    received = {receipt.file_path for receipt in read_receipts(roots[0])}
    repeated = {path for path in first if path not in received}
    assert all("副本" in path for path in repeated)  # bytes that were received before
    shutil.rmtree(roots[1].path)
    other, _ = synthesize(tmp_path / "two", Plan(7, "2025-06", "2025-06", 300))
    assert _digests(other.inbox) != first


def test_receipts_bear_the_days_on_which_the_files_came(tmp_path: Path) -> None:
    plan = Plan(first="2025-06", last="2025-06", size=300)
    root, receipts = synthesize(tmp_path / "root", plan)
    days = {delivery.file_path: delivery.day for delivery in _deliveries(plan)}
    assert receipts == read_receipts(root)
    for receipt in receipts:
        assert receipt.first_seen_at.startswith(days[receipt.file_path].isoformat())


def test_what_is_not_asked_for_is_the_demos() -> None:
    assert plan_of(**NOTHING_ASKED) == Plan()
    assert Plan().kinds == set(KINDS)


def test_what_is_asked_for_is_taken() -> None:
    asked = {
        "seed": 0,
        "first": "2024-01",
        "last": "2024-03",
        "size": 4000,
        "dirtiness": 0.0,
        "random_response": True,
        "kinds": ("roll", "single"),
    }
    plan = plan_of(**asked)
    assert plan == Plan(0, "2024-01", "2024-03", 4000, 0.0, False, frozenset({"roll", "single"}))
    assert plan.conditions.layouts == {"roll", "single"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"first": "2025-06", "last": "2025-05"}, "先写早的"),
        ({"first": "2022-12"}, "2023-01 至 2025-12"),
        ({"last": "2026-02"}, "2023-01 至 2025-12"),
        ({"first": "五月"}, "不可用"),
        ({"seed": -1}, "负数"),
        ({"dirtiness": 8.5}, "0 至 8"),
        ({"dirtiness": float("nan")}, "0 至 8"),
    ],
)
def test_impossible_plans_are_refused(asked, words) -> None:
    with pytest.raises(ImpossiblePlanError, match=words):
        plan_of(**{**NOTHING_ASKED, **asked})


def test_a_january_is_no_last_month() -> None:
    with pytest.raises(UnknownMonthError, match="1月免报"):
        plan_of(**{**NOTHING_ASKED, "last": "2025-01"})
