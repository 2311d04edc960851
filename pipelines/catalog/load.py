"""Reading the catalog's YAML files into one checked `Catalog`, or a `CatalogError`.

What an entry must say is in `models`; nothing here knows an indicator, a form or a policy.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipelines.catalog.models import Catalog, Location
from pipelines.catalog.yaml_files import CatalogError, describe_fault, read_yaml
from pipelines.root import CATALOG_FOLDER

FILES = (
    "units",
    "indicators",
    "classifications",
    "divisions",
    "sampling",
    "reporting",
    "working_days",
    "editing",
    "bridges",
    "reading_rules",
    "spelling_rules",
    "columns",
)
FOLDERS = ("forms", "policies")  # one entry a file


@functools.cache
def load_catalog(folder: Path = CATALOG_FOLDER) -> Catalog:
    """Return the catalog of that folder, read once and checked as a whole.

    Raises:
        CatalogError: A file is missing, unexpected, not YAML, or says what the models refuse.
    """
    files = {
        at: read_yaml(path, _name(folder, path)) for at, path in _expected_files(folder).items()
    }
    data: dict[str, Any] = {name: [] for name in FOLDERS}
    for (section, *position), file in files.items():
        if position:
            data[str(section)].append(file.data)
        else:
            data[str(section)] = file.data
    try:
        return Catalog.model_validate(data)
    except ValidationError as error:
        faults = [describe_fault(fault, files) for fault in error.errors(include_url=False)]
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
