from __future__ import annotations

import pytest

from pipelines.intake.decoding import REASONS
from pipelines.intake.kinds import LOOKED_AT, SIGNATURES, kind_of


def test_every_kind_has_its_reason() -> None:
    assert set(SIGNATURES.values()) <= REASONS.keys()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("shift", range(4))
def test_a_character_cut_in_two_is_still_text(encoding: str, shift: int) -> None:
    content = ("a" * shift + "营业收入" * LOOKED_AT).encode(encoding)
    assert kind_of(content) == "text_file"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!-- saved by IE -->\n<TABLE border=1>", "web_page"),
        (b"  <meta charset=gbk>", "web_page"),
        (b"<tablet>", "text_file"),
        (b"a\tb\x00c", "not_a_workbook"),
        (b"\xff\xfe\x00\x00", "not_a_workbook"),
        (bytes(10), "damaged"),
    ],
)
def test_kinds(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind
