"""The child process that reads workbooks, so that what is wrong with one costs only that one.

It is started by `rows` and sent the catalog; `worker` opens the files, `reading` reads them.
"""

from __future__ import annotations

import gc
import json
import pickle
import traceback
from pathlib import Path

from pipelines.intake.decoding import read_sheets
from pipelines.intake.parts import parts_of, rows_of
from pipelines.intake.reading import WorkbookReader
from pipelines.intake.receipts import Receipt
from pipelines.intake.records import Row, Value
from pipelines.intake.serving import Answer, Reply, SendPart, allow_memory_for, serve
from pipelines.intake.worker import decode


def main() -> None:
    """Answer requests until the standard input ends."""
    serve(prepare)


def prepare(catalog: bytes, send_part: SendPart) -> Answer:
    """Return what reads the file of a receipt with this catalog, and sends its rows."""
    reader = WorkbookReader(pickle.loads(catalog))  # noqa: S301 (our parent's own)
    gc.disable()  # rows hold no cycles, and looking for some costs a quarter more

    def hand_on(values: list[Value], problems: list[Row]) -> None:
        for part in rows_of(values, problems):
            send_part(part)

    def answer(request: bytes) -> Reply:
        path, receipt = json.loads(request)
        allow_memory_for(Path(path))
        workbook = read_sheets(decode(Path(path)))
        try:
            reading = reader.read(workbook, Receipt(**receipt), hand_on)
        except MemoryError:
            raise
        except Exception:
            return ["fault", traceback.format_exc()]
        for part in parts_of(reading):
            send_part(part)
        return ["read"]

    return answer


if __name__ == "__main__":
    main()
