"""Programs beside Python that some tests need: a browser and LibreOffice."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser() -> str:
    """Return the browser's path; without one skip, but never in CI, where the test is the point."""
    return _find(BROWSERS, "没有找到 Chromium，未检查快报在浏览器中的显示")


def find_office() -> str:
    """Return LibreOffice's path; without it skip, but never in CI, as above."""
    return _find(("soffice",), "没有找到 LibreOffice，未检查另存和打开表格的结果")


def _find(names: tuple[str, ...], missing: str) -> str:
    """Return the path of the first of these programs that is installed."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"{missing}：CI 必须安装。")
    if found is None:
        pytest.skip(missing)
    return found
