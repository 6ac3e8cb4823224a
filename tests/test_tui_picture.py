"""The picture of the last list: kept, shown only where it is true, and never a way in."""

import pytest

from tui import picture
from tui.settings import Chosen, Settings


def kept(folder):
    return folder / "picture"


def test_a_picture_is_kept_with_what_it_is_true_of(tmp_path):
    (tmp_path / "view.json").write_text("{}")
    picture.save(tmp_path, "looks", "\x1b[1;1Hpaper")
    first = kept(tmp_path).read_text().partition("\n")
    assert first[2] == "\x1b[1;1Hpaper"
    (tmp_path / "view.json").write_text("{} ")
    picture.save(tmp_path, "looks", "\x1b[1;1Hpaper")
    assert kept(tmp_path).read_text().partition("\n")[0] != first[0]


def test_where_no_list_is_in_sight_no_older_picture_stays(tmp_path):
    picture.save(tmp_path, "looks", "page")
    picture.save(tmp_path, "looks", "")
    assert not kept(tmp_path).exists()


@pytest.mark.parametrize("other", [
    (Settings(theme="paper"), Chosen(), "en", (80, 24)),
    (Settings(), Chosen(theme="paper"), "en", (80, 24)),
    (Settings(bidi="on"), Chosen(), "en", (80, 24)),
    (Settings(keys={"quit": ("x",)}), Chosen(), "en", (80, 24)),
    (Settings(), Chosen(), "uk", (80, 24)),
    (Settings(), Chosen(), "en", (120, 40)),
])  # fmt: skip
def test_another_look_has_another_picture(other):
    assert picture.looks(*other) != picture.looks(Settings(), Chosen(), "en", (80, 24))


@pytest.mark.parametrize(
    "bad", ["\x1b]52;c;eA==\x07", "\x1b[2J", "\x1b[?1049l", "\x9b31m", "a\nb", "\x1bc", "\x07"]
)
def test_only_text_styles_and_places_are_kept(tmp_path, bad):
    picture.save(tmp_path, "looks", f"good{bad}good")
    assert not kept(tmp_path).exists()
