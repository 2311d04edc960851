"""Loading the catalog: every fault names its file and line."""

import shutil
import unicodedata
from pathlib import Path

import pytest

from pipelines.catalog.geography import reporting_units
from pipelines.catalog.load import catalog_digest, load_catalog
from pipelines.catalog.yaml_files import CatalogError
from pipelines.root import CATALOG_FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real catalog, to be spoiled."""
    copy = tmp_path / "catalog"
    shutil.copytree(CATALOG_FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def spoil(folder: Path, name: str, before: str, after: str) -> int:
    """Replace the first occurrence in a file and return its line."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def refusal(folder: Path) -> list[str]:
    """Load the spoilt catalog and return the lines of the error."""
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return str(caught.value).splitlines()


def test_the_catalog_is_read_once():
    assert load_catalog() is load_catalog()
    assert load_catalog().unit("万元").factor == 10_000


def test_unknown_key(folder: Path):
    line = spoil(folder, "units.yml", "{unit: 万元,", "{unit: 万元, unitt: 元,")
    assert refusal(folder) == [f'units.yml:{line}：不认识的键 "unitt"，请改正或删去']


def test_missing_key_is_reported_at_its_entry(folder: Path):
    line = spoil(folder, "units.yml", "- {unit: 万元, base_unit: 元,", "- {unit: 万元,")
    assert refusal(folder) == [f'units.yml:{line}：缺少键 "base_unit"，请补上']


def test_repeated_key(folder: Path):
    line = spoil(folder, "reporting.yml", "due_day:", "due_day: 5\ndue_day:")
    expected = f'reporting.yml:{line + 1}：键 "due_day" 重复，第 {line} 行已有，请删去一处'
    assert refusal(folder) == [expected]


def test_repeated_key_deep_in_a_form(folder: Path):
    line = spoil(
        folder, "forms/register.yml", "{field: credit_code,", "{field: a, field: credit_code,"
    )
    expected = f'forms/register.yml:{line}：键 "field" 重复，第 {line} 行已有，请删去一处'
    assert refusal(folder) == [expected]


def test_unquoted_code_is_not_turned_into_a_number(folder: Path):
    line = spoil(folder, "divisions.yml", '"500101"', "500101")
    expected = f'divisions.yml:{line}：code 应为文字，写的是 "500101"，请加英文引号'
    assert refusal(folder) == [expected]


def test_unquoted_line_number_keeps_what_was_written(folder: Path):
    line = spoil(folder, "forms/flash_report.yml", '{line: "01",', "{line: 01,")
    expected = f'forms/flash_report.yml:{line}：line 应为文字，写的是 "01"，请加英文引号'
    assert refusal(folder) == [expected]


def test_date_where_a_month_belongs(folder: Path):
    line = spoil(folder, "divisions.yml", 'valid_from: "2026-02"', "valid_from: 2026-02-01")
    (message,) = refusal(folder)
    assert message.startswith(f'divisions.yml:{line}：valid_from 的值 "2026-02-01" 不合格式')


@pytest.mark.parametrize(
    ("name", "before", "after", "sentence"),
    [
        ("reporting.yml", "due_day: 18", "due_day: 十八", 'due_day 应为整数，写的是 "十八"'),
        ("units.yml", 'factor: "10000"', "factor: 万", 'factor 应为数，写的是 "万"'),
        (
            "sampling.yml",
            "is_take_all: false",
            "is_take_all: 抽样",
            "is_take_all 应为 true 或 false",
        ),
        ("policies/cq_2023_85.yml", '"2023-03-02"', '"2023-02-30"', "issued_date 应为日期"),
        ("indicators.yml", "topic: revenue", "topic: money", 'topic 不能是 "money"'),
        ("divisions.yml", "short_names: [万州]", "short_names: 万州", "short_names 应为清单"),
    ],
)
def test_wrong_type(folder: Path, name: str, before: str, after: str, sentence: str):
    line = spoil(folder, name, before, after)
    (message,) = refusal(folder)
    assert message.startswith(f"{name}:{line}：{sentence}")


@pytest.mark.parametrize(
    ("name", "before", "after", "key", "code"),
    [
        ("indicators.yml", "unit: 元", "unit: 园", "unit", "园"),
        ("indicators.yml", "pass_through_booked: -1}", "passed: -1}", "formula", "passed"),
        (
            "policies/cq_2023_85.yml",
            "indicator: placements",
            "indicator: jobs",
            "indicator",
            "jobs",
        ),
        ("policies/cq_2023_85.yml", '"500000"', '"500199"', "area_code", "500199"),
        ("forms/register.yml", "choices: size_classes", "choices: sizes", "choices", "sizes"),
        ("divisions.yml", 'within: ["500110"]', 'within: ["500999"]', "within", "500999"),
        ("divisions.yml", 'to_area: "500157"', 'to_area: "500999"', "to_area", "500999"),
        ("sampling.yml", "collapse_into: MED", "collapse_into: MID", "collapse_into", "MID"),
    ],
)
def test_unknown_reference(folder: Path, name: str, before: str, after: str, key: str, code: str):
    line = spoil(folder, name, before, after)
    expected = f'{name}:{line}：{key} 指向的 "{code}" 在目录中没有，请先定义或改正'
    assert refusal(folder) == [expected]


@pytest.mark.parametrize(
    ("name", "before", "after", "sentence"),
    [
        ("indicators.yml", "code: fair_employers", "code: job_fairs", 'code "job_fairs" 重复'),
        ("units.yml", "{unit: 万家,", "{unit: 家,", 'unit "家" 重复'),
        (
            "policies/cq_2023_85.yml",
            "id: cq_2023_85_revenue_2025",
            "id: cq_2023_85_revenue_2023",
            'id "cq_2023_85_revenue_2023" 重复',
        ),
    ],
)
def test_repeated_code(folder: Path, name: str, before: str, after: str, sentence: str):
    line = spoil(folder, name, before, after)
    assert any(message.startswith(f"{name}:{line}：{sentence}") for message in refusal(folder))


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('valid_to: "2026-01", short_names: [江', "valid_to: null, short_names: [江", "valid_to"),
        ('valid_from: "2026-02"', 'valid_from: "2026-01"', "valid_from"),
        ('"500112"], valid_to: "2026-01"', '"500112"], valid_to: "2025-12"', "valid_to"),
    ],
)  # fmt: skip
def test_districts_begin_and_end_with_their_change(folder: Path, before: str, after: str, key: str):
    line = spoil(folder, "divisions.yml", before, after)
    (message,) = refusal(folder)
    assert message.startswith(f"divisions.yml:{line}：{key} 的值 ")
    assert message.endswith("与 changes 的 reporting_from 不一致，请改成一致")


def test_reporting_in_the_new_districts_may_begin_in_another_month(folder: Path):
    path = folder / "divisions.yml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"2026-01"', '"2026-12"').replace('"2026-02"', '"2027-01"')
    path.write_text(text, encoding="utf-8")
    divisions = load_catalog(folder).divisions
    assert len(reporting_units(divisions, "2026-12")) == 41
    assert len(reporting_units(divisions, "2027-01")) == 39


def test_reports_are_asked_as_often_as_there_is_a_form_for(folder: Path):
    line = spoil(folder, "reporting.yml", "frequency: month", "frequency: quarter")
    expected = 'frequency 不能是 "quarter"：目录中的快报只有月报表式，请写 month'
    assert refusal(folder) == [f"reporting.yml:{line}：{expected}"]


def test_a_township_has_one_successor(folder: Path):
    line = spoil(folder, "divisions.yml", "童家溪镇]}", "水土街道]}")
    expected = f'divisions.yml:{line}：townships "水土街道" 重复，请改名或删去一处'
    assert refusal(folder) == [expected]


SECOND_CHANGE = """
  - legal_from: "2029-06-01"
    code_from: "2029-07"
    reporting_from: "2030-01"
    old_geography: "2025"
    new_geography: "2030"
    retired: []
    created: []
    redrawn: ["500103", "500157"]
    successions:
      - {from_area: "500157", to_area: "500103", townships: [复兴街道]}
      - {from_area: "500157", to_area: "500157", townships: []}
      - {from_area: "500103", to_area: "500103", townships: []}
    note: 示例
    source: 示例
"""


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        # 江北 has ended with the first change: nothing can go back to it.
        ('to_area: "500103", t', 'to_area: "500105", t', 'to_area "500105" 不可用'),
        ('from_area: "500157", to_area: "500103"', 'from_area: "500105", to_area: "500103"',
         'from_area "500105" 不可用'),
        ('new_geography: "2030"', 'new_geography: "2020"', 'new_geography "2020" 是以前用过的区划'),
        ('old_geography: "2025"', 'old_geography: "2020"',
         'old_geography "2020" 没有接上前一次调整'),
        ('reporting_from: "2030-01"', 'reporting_from: "2026-02"',
         'reporting_from "2026-02" 没有接上前一次调整'),
    ],
)  # fmt: skip
def test_changes_form_a_chain(folder: Path, before: str, after: str, sentence: str):
    path = folder / "divisions.yml"
    text = path.read_text(encoding="utf-8") + SECOND_CHANGE.lstrip("\n")
    path.write_text(text, encoding="utf-8")
    assert [change.new_geography for change in load_catalog(folder).divisions.changes] == [
        "2025",
        "2030",
    ]
    load_catalog.cache_clear()
    at = text.index(before, len(text) - len(SECOND_CHANGE))
    path.write_text(text[:at] + after + text[at + len(before) :], encoding="utf-8")
    line = text[:at].count("\n") + 1
    assert any(
        message.startswith(f"divisions.yml:{line}：{sentence}") for message in refusal(folder)
    )


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('retired: ["500105", "500112"]', 'retired: ["500105"]', "500112"),
        ('      - {from_area: "500109", to_area: "500109", townships: []}\n', "", "500109"),
        ('created: ["500157"]', "created: []", "500157"),
    ],
)
def test_who_stays_and_who_ends_is_said(folder: Path, before: str, after: str, code: str):
    spoil(folder, "divisions.yml", before, after)
    assert any(f"successions 没有写清 {code}：" in message for message in refusal(folder))


def test_a_take_all_stratum_is_not_merged_into_another(folder: Path):
    alone = "is_take_all: true, collapse_into: null"
    line = spoil(folder, "sampling.yml", alone, alone.replace("null", "MED"))
    [fault] = refusal(folder)
    assert fault.startswith(f"sampling.yml:{line}：")
    assert "全面调查层 LAR 不得并入其他层" in fault


def test_all_faults_are_reported_together(folder: Path):
    spoil(folder, "units.yml", "{unit: 万元,", "{unit: 万元, unitt: 元,")
    spoil(folder, "reporting.yml", "due_day: 18", "due_day: 十八")
    assert [message.split(":")[0] for message in refusal(folder)] == ["units.yml", "reporting.yml"]


def test_broken_yaml(folder: Path):
    line = spoil(folder, "units.yml", "- {unit: 万元,", "- {unit: 万元: :,")
    (message,) = refusal(folder)
    assert message.startswith(f"units.yml:{line}：YAML 写法有误")


def test_file_in_another_encoding(folder: Path):
    text = (folder / "units.yml").read_text(encoding="utf-8")
    (folder / "units.yml").write_bytes(text.encode("gb18030"))
    assert refusal(folder) == ["units.yml:1：不是 UTF-8 编码的 YAML 文件，请另存为 UTF-8"]


def test_empty_file(folder: Path):
    (folder / "units.yml").write_text("")
    assert refusal(folder) == ["units.yml:1：文件内容 应为清单，每项以“- ”开头"]


def test_missing_and_stray_files(folder: Path):
    (folder / "units.yml").rename(folder / "unit.yaml")
    assert refusal(folder) == [
        "units.yml：缺少这个文件，请补上",
        "unit.yaml：目录中没有这个文件的位置，请改名、移走或删去",
    ]


def test_digest_follows_names_and_bytes_of_yaml_only(folder: Path):
    digest = catalog_digest(folder)
    assert digest == catalog_digest(CATALOG_FOLDER)
    (folder / "notes.txt").write_text("not a part of the catalog")
    assert catalog_digest(folder) == digest
    (folder / "policies" / "cq_2023_85.yml").rename(folder / "policies" / "other.yml")
    renamed = catalog_digest(folder)
    assert renamed != digest
    spoil(folder, "units.yml", "万元", "千元")
    assert catalog_digest(folder) not in (digest, renamed)


def test_every_spelling_of_a_classification_means_one_item():
    for classification in load_catalog().classifications:
        owner: dict[str, str] = {}
        for item in classification.items:
            for spelling in [item.code, item.name, *item.aliases]:
                plain = unicodedata.normalize("NFKC", spelling).upper()
                assert owner.setdefault(plain, item.code) == item.code, spelling


def test_institution_types_are_the_eleven_of_lm1():
    items = load_catalog().classification("institution_types").items
    assert [item.group for item in items] == ["public"] * 4 + ["market"] * 7


def test_business_lines_each_have_their_revenue():
    catalog = load_catalog()
    lines = [item.code for item in catalog.classification("business_lines").items]
    assert len(lines) == 10
    assert lines == [item.business_line for item in catalog.indicators if item.business_line]
