import pytest

from pipelines.bulletin.files import replace_file


def test_file_is_replaced_whole_and_folders_are_made(tmp_path):
    path = tmp_path / "reports" / "returns" / "退回清单.xlsx"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "page.html"
    replace_file(path, b"old")
    with pytest.raises(TypeError):
        replace_file(path, "text")
    assert path.read_bytes() == b"old"
