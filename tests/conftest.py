"""Shared: a few invented articles, an archive that holds them, and a home of one's own."""

import json
import os

import pytest
from hypothesis import settings

from index.archive import Archive
from index.places import Home
from index.search.fulltext import FullText

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ARTICLES = [
    {
        "id": "ferry", "language": "en", "date": "2026-02-19", "source": "Harbour Post",
        "title": "Night ferry returns to the strait",
        "text": "The night ferry returned to the strait on Thursday after a winter of repairs. "
        "The harbour master said the new engines use a third less fuel.",
    },
    {
        "id": "porom", "language": "uk", "date": "2026-02-20", "source": "Порт",
        "title": "Нічний пором повернувся до протоки",
        "text": "Нічний пором повернувся до протоки після зимового ремонту. "
        "Начальник порту каже, що новий об’єкт обслуговуватимуть двічі на тиждень.",
    },
    {
        "id": "most", "language": "sr", "date": "2025-11-03", "source": "Лука",
        "title": "Мост поново отворен",
        "text": "Мост преко реке поново је отворен за пешаке. "
        "Град најављује нову расвету до пролећа.",
    },
    {
        "id": "undated", "language": "en", "source": "Harbour Post",
        "title": "A ledger of small repairs",
        "text": "The keeper of the lighthouse writes every repair into a ledger. "
        "Nobody asked him to.",
    },
    {
        "id": "ditie", "language": "zh", "date": "2026-01-05", "title": "新地铁线路开通",
        "text": "市政府宣布新的地铁线路今天开通。首班列车早上六点出发。",
    },
]  # fmt: skip


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory):
    """One cache for all tests: dictionaries are made once. An archive's index is never in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """No test touches a person's archive, settings or clock."""
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "xdg" / name.lower()))
    monkeypatch.delenv("NEWSREADER_HOME", raising=False)
    monkeypatch.setenv("NEWSREADER_TODAY", "2026-02-21")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "archive", tmp_path / "archive" / "index")


@pytest.fixture
def pile(tmp_path):
    """A JSONL file of invented articles."""
    path = tmp_path / "pile.jsonl"
    lines = (json.dumps(article, ensure_ascii=False) for article in ARTICLES)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def archive(home, pile):
    """An archive that holds the pile."""
    with Archive(home) as opened:
        for _ in opened.importing([str(pile)]):
            pass
        yield opened


@pytest.fixture
def index(tmp_path):
    """An empty index to put entries into."""
    made = FullText(tmp_path / "index")
    made.rebuild()
    yield made
    made.close()
