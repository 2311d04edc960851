"""Rows of the tables raw_files, raw_values and raw_problems, made from receipts by a worker.

Equal receipts give equal rows; nothing is compared between files here. Rows are handed on as they
come, since those of a month, or of one large roll, need not fit in memory.
"""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Iterable, Iterator, Sequence

from pipelines.catalog.models import Catalog
from pipelines.intake import limits
from pipelines.intake.decoding import REASONS, DecodeFailure
from pipelines.intake.inbox import archive_path
from pipelines.intake.parts import Part, parts_of, read_part
from pipelines.intake.processes import ask_each, command_of
from pipelines.intake.reading import read_failure
from pipelines.intake.receipts import Receipt
from pipelines.intake.serving import Reply
from pipelines.root import Root

logger = logging.getLogger(__name__)

WORKER = command_of("pipelines.intake.reading_worker")
PROGRAM_FAULT = DecodeFailure("reading_failed", "读取时程序出错，详情已记入日志，请联系系统管理员")


def read_receipts_into_rows(
    root: Root,
    receipts: Iterable[Receipt],
    catalog: Catalog,
    worker: Sequence[str] = WORKER,
    seconds_per_file: float = limits.SECONDS_PER_FILE,
) -> Iterator[tuple[Receipt, Part | None]]:
    """Yield the rows of each receipt in order of receipt_no, then value_no or problem_no.

    None takes back all rows of a receipt that came so far: its file cost the worker half-way.

    Args:
        root: whose archive holds the files.
        receipts: what is to be read, in any order.
        catalog: by which it is read.
        worker: command of the child process; a file that costs one is refused.
        seconds_per_file: how long an ordinary file may take.
    """

    def encode(receipt: Receipt) -> bytes:
        return json.dumps([str(archive_path(root, receipt)), vars(receipt)]).encode()

    def seconds_for(receipt: Receipt) -> float:
        return limits.for_size(seconds_per_file, receipt.size_bytes)

    ordered = sorted(receipts, key=lambda receipt: receipt.receipt_no)
    has_rows = False
    for receipt, answer in ask_each(
        ordered, encode, worker, seconds_for, setup=pickle.dumps(catalog)
    ):
        if answer[0] == "part":
            yield receipt, read_part(answer[1])
            has_rows = True
            continue
        if answer != ["read"]:
            if has_rows:
                yield receipt, None
            reading = read_failure(_failure(receipt, answer), receipt, catalog)
            for part in parts_of(reading):
                yield receipt, read_part(part)
        has_rows = False


def _failure(receipt: Receipt, reply: Reply) -> DecodeFailure:
    """Return why a file could not be read, and log what the worker said of it."""
    told = receipt.receipt_no, receipt.shown_path
    if reply[0] == "fault":
        logger.error("receipt %s (%s)\n%s", *told, reply[1])
        return PROGRAM_FAULT
    _, rule_code, detail = reply
    logger.info("receipt %s (%s): %s (%s)", *told, rule_code, detail)
    return DecodeFailure(rule_code, REASONS[rule_code])
