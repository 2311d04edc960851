"""What a release is made from, and the name that follows from it: equal inputs, equal name.

Only digests are taken here; `publishing` writes a release.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.catalog.load import catalog_digest
from pipelines.root import EXPECTATIONS_FOLDER, PROJECT, SQL_FOLDER, Root

CODE_FOLDER = PROJECT / "pipelines"
CODE_SUFFIXES = {".py", ".j2", ".html", ".css", ".js"}


@dataclass(frozen=True)
class Method:
    """How figures are made and checked: digests of catalog, SQL, expectations and program."""

    catalog: str
    sql: str
    expectations: str
    code: str


@dataclass(frozen=True)
class Release:
    """A month's published state: its newest period, what it is made from, and the method.

    `inputs` holds, for each receipt read, the receipt and the digest of what read it; `decisions`
    what people decided about figures.
    """

    period: str
    inputs: Sequence[Mapping[str, object]]
    decisions: Sequence[Mapping[str, object]]
    method: Method

    @property
    def release_id(self) -> str:
        """The period and twelve hex digits of everything that can change a figure."""
        parts = [asdict(self.method), list(self.inputs), list(self.decisions)]
        everything = json.dumps(parts, sort_keys=True)
        return f"{self.period}-{hashlib.sha256(everything.encode()).hexdigest()[:12]}"


def current_method() -> Method:
    """Return the method as it stands in the files now."""
    code = (path for path in CODE_FOLDER.rglob("*") if path.suffix in CODE_SUFFIXES)
    return Method(
        catalog=catalog_digest(),
        sql=files_digest(SQL_FOLDER, SQL_FOLDER.glob("*.sql")),
        expectations=files_digest(EXPECTATIONS_FOLDER, EXPECTATIONS_FOLDER.glob("*.yml")),
        code=files_digest(CODE_FOLDER, code),
    )


def current_release_id(root: Root) -> str | None:
    """Return the release that stands in `data/marts`; None before the first publication."""
    pointer = root.marts / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None


def files_digest(folder: Path, paths: Iterable[Path]) -> str:
    """Return the sha256 of the files' names below that folder and their bytes."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def reading_digest(method: Method) -> str:
    """Return the digest of what decides how a workbook is read: the catalog and the intake."""
    intake = files_digest(CODE_FOLDER, (CODE_FOLDER / "intake").rglob("*.py"))
    return hashlib.sha256(f"{method.catalog}\n{intake}".encode()).hexdigest()[:12]
