"""YAML files read strictly: every fault is a Chinese sentence with the file and line it stands at.

What a file must say is decided by the models that its data are checked against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic_core import ErrorDetails

from pipelines.catalog.models import Location

SENTENCES = {  # by pydantic's error type
    "extra_forbidden": '不认识的键 "{key}"，请改正或删去',
    "missing": '缺少键 "{key}"，请补上',
    "repeated_code": '{key} "{written}" 重复，请改名或删去一处',
    "unknown_reference": '{key} 指向的 "{written}" 在目录中没有，请先定义或改正',
    "other_month": '{key} 的值 "{written}" 与 changes 的 reporting_from 不一致，请改成一致',
    "broken_chain": '{key} "{written}" 没有接上前一次调整，请按先后排列，使各次首尾相接',
    "cycle": '{key} "{written}" 是以前用过的区划，承接成了循环，请改用新的名称',
    "not_in_geography": '{key} "{written}" 不可用：转出的须在调整前、转入的须在调整后存在，'
    "不能循环，请改正",
    "unclear_succession": "{key} 没有写清 {written}：撤销的应全部转出，新设的应有转入，"
    "其余应有转给自身的，请补正",
    "no_such_form": '{key} 不能是 "{written}"：目录中的快报只有月报表式，请写 month',
    "literal_error": '{key} 不能是 "{written}"，可选：{expected}',
    "string_pattern_mismatch": '{key} 的值 "{written}" 不合格式 {pattern}',
    "string": '{key} 应为文字，写的是 "{written}"，请加英文引号',
    "int": '{key} 应为整数，写的是 "{written}"',
    "decimal": '{key} 应为数，写的是 "{written}"',
    "bool": '{key} 应为 true 或 false，写的是 "{written}"',
    "date": '{key} 应为日期（如 "2023-03-02"），写的是 "{written}"',
    "list": "{key} 应为清单，每项以“- ”开头",
    "dict": "{key} 应为若干“键: 值”",
    "model": "{key} 应为若干“键: 值”",
}
OTHER_SENTENCE = '{key} 的值 "{written}" 不合要求（{msg}）'


class CatalogError(Exception):
    """What is wrong with the YAML files: one line `file:line：sentence` for each fault."""


class _Loader(yaml.CSafeLoader):
    """YAML without dates: 2023-03-02 stays text, and the models say where a date belongs."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class YamlFile:
    """A YAML file: its name as people say it, its nodes, which know their lines, and its data."""

    name: str
    node: yaml.Node | None
    data: Any


def read_yaml(path: Path, name: str) -> YamlFile:
    """Return the YAML file, called `name` in errors; a key given twice is an error.

    Raises:
        CatalogError: It is not YAML, or a key stands twice.
    """
    try:
        loader = _Loader(path.read_bytes())
        node = loader.get_single_node()
        faults = [] if node is None else _repeated_keys(node, name)
        if faults:
            raise CatalogError("\n".join(faults))
        return YamlFile(name, node, None if node is None else loader.construct_document(node))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise CatalogError(f"{name}:{line}：YAML 写法有误（{error.problem}）") from error
    except yaml.YAMLError as error:
        raise CatalogError(f"{name}:1：不是 UTF-8 编码的 YAML 文件，请另存为 UTF-8") from error


def _repeated_keys(node: yaml.Node, name: str) -> list[str]:
    """Return a fault for every key that stands twice in the same mapping."""
    faults: list[str] = []
    first: dict[str, int] = {}
    for child in node.value if isinstance(node, yaml.CollectionNode) else []:
        key, value = child if isinstance(node, yaml.MappingNode) else (None, child)
        if isinstance(key, yaml.ScalarNode):
            line = key.start_mark.line + 1
            if key.value in first:
                sentence = f'键 "{key.value}" 重复，第 {first[key.value]} 行已有，请删去一处'
                faults.append(f"{name}:{line}：{sentence}")
            first.setdefault(key.value, line)
        faults += _repeated_keys(value, name)
    return faults


def describe_fault(fault: ErrorDetails, files: Mapping[Location, YamlFile]) -> str:
    """Return pydantic's fault as one Chinese sentence with the file and line it stands at."""
    at = fault["loc"]
    length = next((n for n in range(len(at) + 1) if at[:n] in files), None)
    if length is None:
        return f"catalog：{fault['msg']}"
    file = files[at[:length]]
    line, written = _find(file.node, at[length:], str(fault["input"]))
    keys = [str(step) for step in at[length:] if isinstance(step, str) and step != "[key]"]
    kind = fault["type"]
    sentence = SENTENCES.get(kind) or SENTENCES.get(kind.split("_")[0]) or OTHER_SENTENCE
    words = {"key": keys[-1] if keys else "文件内容", "written": written, "msg": fault["msg"]}
    return f"{file.name}:{line}：{sentence.format(**words, **fault.get('ctx', {}))}"


def _find(node: yaml.Node | None, at: Location, written: str) -> tuple[int, str]:
    """Return the line of the nearest node on the way there, and the text as written there."""
    line = node.start_mark.line + 1 if node else 1
    for step in at:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            key, node = pairs.get(str(step), (None, None))
            line = key.start_mark.line + 1 if key else line
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line, node.value if isinstance(node, yaml.ScalarNode) else written
