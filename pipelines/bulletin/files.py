"""Putting a finished file in its place: readers see the old one or the new one, never a part.

And making office documents whose bytes depend on their content alone.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PROPERTIES = "docProps/core.xml"  # of an office document, with the times of its making
TIMES = re.compile(rb"(?<=<dcterms:)((?:created|modified)[^>]*>)[^<]*")


def replace_file(path: Path, content: bytes) -> None:
    """Write the bytes beside the path and rename them onto it; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.tmp")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def without_times(document: bytes, day: dt.date) -> bytes:
    """Return an office document dated that day, so that equal content gives equal bytes."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(document)) as parts, ZipFile(stream, "w") as members:
        for name in parts.namelist():
            content = parts.read(name)
            if name == PROPERTIES:
                content = TIMES.sub(rb"\g<1>%bT00:00:00Z" % day.isoformat().encode(), content)
            members.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return stream.getvalue()
