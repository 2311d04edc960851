"""A program that is missing is a reason to skip at home, and a failure where tests must tell."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from tests.programs import find_browser, find_office


@pytest.mark.parametrize("find", [find_browser, find_office])
@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_a_missing_program_is_a_failure_in_ci_only(
    monkeypatch: pytest.MonkeyPatch,
    find: Callable[[], str],
    ci: str,
    outcome: type[BaseException],
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="没有找到"):
        find()
