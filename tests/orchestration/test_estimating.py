"""Estimates of a survey from two files: as R makes them, and clear where there are none.

tests/data/r_survey/make.R made the expected numbers from the package's own data.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.catalog.models import EstimationMethod
from pipelines.orchestration.estimating import LonelyStrata, SurveyFileError, estimate_survey

DATA = Path(__file__).parents[1] / "data" / "r_survey"
METHODS: list[EstimationMethod] = ["expansion", "combined-ratio", "separate-ratio", "greg"]
FRAME = """unit_id,stratum,x,group,place,collapse_into
a1,A,10,g,东,
a2,A,20,g,东,
a3,A,30,g,西,
b1,B,5,h,西,A
b2,B,,h,西,A
"""
SAMPLE = """unit_id,y
a1,11
a2,19
b1,4
"""


@pytest.fixture(scope="module")
def from_r() -> pd.DataFrame:
    return pd.read_csv(DATA / "expected.csv", na_values="NaN").fillna({"county": ""})


@pytest.mark.parametrize("lonely", ["collapse", "remove", "average", "adjust"])
@pytest.mark.parametrize("method", METHODS)
def test_the_whole_and_its_domains_are_those_of_r(
    from_r: pd.DataFrame, method: EstimationMethod, lonely: LonelyStrata
) -> None:
    found = estimate_survey(DATA / "frame.csv", DATA / "sample.csv", method, ["county"], lonely)
    assert found["county"].iloc[0] == ""
    expected = from_r[(from_r["method"] == method) & (from_r["lonely"] == lonely)]
    both = expected.merge(found, on="county", suffixes=("_of_r", ""), validate="one_to_one")
    assert len(both) == len(expected) > 40
    assert (both["n_respondents"] == both["n_respondents_of_r"]).all()
    for column in ("estimate", "standard_error"):
        assert both[column].to_numpy() == pytest.approx(
            both[f"{column}_of_r"].to_numpy(), rel=1e-9, abs=1e-6, nan_ok=True
        )
    told = both[both["standard_error"].notna()]
    assert (told["ci_low"] <= told["estimate"]).all()
    assert (told["ci_high"] >= told["estimate"]).all()


@pytest.mark.parametrize("method", METHODS)
def test_domains_add_up_to_the_whole(method: EstimationMethod) -> None:
    found = estimate_survey(DATA / "frame.csv", DATA / "sample.csv", method, ["county", "group"])
    whole, *domains = found["estimate"]
    told = [value for value in domains if not pd.isna(value)]
    assert sum(told) == pytest.approx(whole, rel=1e-12)
    assert (len(told) == len(domains)) is (method == "greg")


def files(folder: Path, frame: str = FRAME, sample: str = SAMPLE) -> tuple[Path, Path]:
    paths = folder / "抽样框.csv", folder / "样本.csv"
    for path, text in zip(paths, (frame, sample), strict=True):
        path.write_text(text, "utf-8-sig")
    return paths


def test_a_stratum_without_respondents_leaves_blanks(tmp_path: Path) -> None:
    frame = FRAME.replace(",A\n", ",\n")
    found = estimate_survey(*files(tmp_path, frame, SAMPLE.replace("b1,4\n", "")), "expansion")
    assert found["estimate"].isna().all()
    assert found["standard_error"].isna().all()


def test_a_group_whose_auxiliary_is_zero_is_expanded(tmp_path: Path) -> None:
    """Of A 2 of 3 answered, of both strata 3 of 5: as one stratum 5/3 · (11 + 19 + 4)."""
    frame = FRAME.replace(",10,", ",0,").replace(",20,", ",0,").replace(",30,", ",0,")
    paths = files(tmp_path, frame.replace(",5,", ",0,"))
    for method in METHODS:
        found = estimate_survey(*paths, method)
        assert found["estimate"].tolist() == pytest.approx([5 / 3 * 34])


def test_negative_values_are_values(tmp_path: Path) -> None:
    found = estimate_survey(*files(tmp_path, sample=SAMPLE.replace("b1,4", "b1,-4")), "expansion")
    assert found["estimate"].tolist() == pytest.approx([5 / 3 * 26])


@pytest.mark.parametrize(
    ("frame", "sample", "message"),
    [
        (FRAME + "a1,A,1,g,东,\n", SAMPLE, "文件“抽样框.csv”的“a1”不止一行，请每个单位只留一行。"),
        (FRAME, SAMPLE + "a1,1\n", "文件“样本.csv”的“a1”不止一行，请每个单位只留一行。"),
        (FRAME, SAMPLE + "c1,1\n", "文件“样本.csv”的“c1”不在抽样框内，请核对。"),
        (FRAME, SAMPLE + "a3,\n", "文件“样本.csv”的“a3”没有 y，未答复的单位请不要列入。"),
        (FRAME, SAMPLE + "a3,约10\n", "文件“样本.csv”的“a3”的“y”不是数字，请改正。"),
        (FRAME, SAMPLE + "a3,inf\n", "文件“样本.csv”的“a3”的“y”不是数字，请改正。"),
        (
            FRAME.replace("西,A", "西,Z"),
            SAMPLE,
            "文件“抽样框.csv”没有 collapse_into 所写的层“Z”，请改正层的代码。",
        ),
        (
            FRAME.replace("b2,B,,h,西,A", "b2,B,,h,西,"),
            SAMPLE,
            "文件“抽样框.csv”的层“B”在各行写的 collapse_into 不同，请改为一致。",
        ),
        (FRAME.replace(",x,", ",z,"), SAMPLE, "文件“抽样框.csv”没有“x”一列，请补上。"),
        (FRAME, "", "文件“样本.csv”不是CSV，请另存为CSV。"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, frame: str, sample: str, message: str) -> None:
    with pytest.raises(SurveyFileError, match="文件") as error:
        estimate_survey(*files(tmp_path, frame, sample), "greg", ["place"])
    assert str(error.value) == message
