"""Reading the catalog's YAML files into one checked `Catalog`, or a `CatalogError`.

What an entry must say is in `models`; nothing here knows an indicator, a form or a policy.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipelines.catalog.models import Catalog, Location
from pipelines.root import CATALOG_FOLDER

FILES = (
    "units",
    "indicators",
    "classifications",
    "divisions",
    "sampling",
    "reporting",
    "columns",
)
FOLDERS = ("forms", "policies")  # one entry a file

SENTENCES = {  # by pydantic's error type
    "extra_forbidden": '不认识的键 "{key}"，请改正或删去',
    "missing": '缺少键 "{key}"，请补上',
    "repeated_code": '{key} "{written}" 重复，请改名或删去一处',
    "unknown_reference": '{key} 指向的 "{written}" 在目录中没有，请先定义或改正',
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
    """What is wrong with the catalog: one line `file:line：sentence` for each fault."""


class _Loader(yaml.SafeLoader):
    """YAML without dates: 2023-03-02 stays text, and the models say where a date belongs."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class _File:
    """A YAML file: its name in the catalog, its nodes, which know their lines, and its data."""

    name: str
    node: yaml.Node | None
    data: Any


@functools.cache
def load_catalog(folder: Path = CATALOG_FOLDER) -> Catalog:
    """Return the catalog of that folder, read once and checked as a whole.

    Raises:
        CatalogError: A file is missing, unexpected, not YAML, or says what the models refuse.
    """
    files = {at: _read(folder, path) for at, path in _expected_files(folder).items()}
    data: dict[str, Any] = {name: [] for name in FOLDERS}
    for (section, *position), file in files.items():
        if position:
            data[str(section)].append(file.data)
        else:
            data[str(section)] = file.data
    try:
        return Catalog.model_validate(data)
    except ValidationError as error:
        faults = [_describe(fault, files) for fault in error.errors(include_url=False)]
        raise CatalogError("\n".join(faults)) from error


def catalog_digest(folder: Path = CATALOG_FOLDER) -> str:
    """Return the sha256 of the names and bytes of all YAML files of the catalog."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _expected_files(folder: Path) -> dict[Location, Path]:
    """Return where in the catalog each file belongs; a file too few or too many is an error."""
    expected: dict[Location, Path] = {(name,): folder / f"{name}.yml" for name in FILES}
    for name in FOLDERS:
        for position, path in enumerate(sorted((folder / name).glob("*.yml"))):
            expected[name, position] = path
    paths = set(expected.values())
    present = {path for path in folder.rglob("*") if path.suffix in (".yml", ".yaml")}
    faults = [f"{_name(folder, path)}：缺少这个文件，请补上" for path in sorted(paths - present)]
    faults += [
        f"{_name(folder, path)}：目录中没有这个文件的位置，请改名、移走或删去"
        for path in sorted(present - paths)
    ]
    if faults:
        raise CatalogError("\n".join(faults))
    return expected


def _name(folder: Path, path: Path) -> str:
    """Return the file's name as people say it: relative to the catalog."""
    return path.relative_to(folder).as_posix()


def _read(folder: Path, path: Path) -> _File:
    """Read one YAML file; a key given twice is an error, unlike in YAML itself."""
    name = _name(folder, path)
    try:
        loader = _Loader(path.read_bytes())
        node = loader.get_single_node()
        faults = [] if node is None else _repeated_keys(node, name)
        if faults:
            raise CatalogError("\n".join(faults))
        return _File(name, node, None if node is None else loader.construct_document(node))
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


def _describe(fault: ErrorDetails, files: dict[Location, _File]) -> str:
    """Return pydantic's fault as one Chinese sentence with the file and line it stands at."""
    at = fault["loc"]
    length = 1 if at[:1] in files else 2
    file = files.get(at[:length])
    if file is None:
        return f"catalog：{fault['msg']}"
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
