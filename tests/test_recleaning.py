"""Cleaning what is here again: what was learned of a source, what the reader asked to keep."""

import json

import pytest

from index.archive import Archive
from index.catalog.revising import asked_json
from index.clean.keeping import spans, with_kept
from index.model import Block, Cleaned, Label

from .test_command import run  # noqa: F401 - a fixture
from .test_engine import Client

RULE = "Friends of the harbour meet on the old pier whenever the tide and the weather allow it."
STORIES = [
    (
        "The council voted on Tuesday to dredge the northern channel before the autumn storms.",
        "Pilots had warned for years that the larger ferries could no longer turn there safely.",
        "The work is to begin in May and will cost four million, the harbour office said.",
    ),
    (
        "A baker from the upper town has found a way to keep rye bread fresh for two weeks.",
        "She wraps each loaf in linen that was boiled in salt water, as her grandmother did.",
        "Customers now come from three villages, and she has hired two apprentices this spring.",
    ),
    (
        "The railway to the quarry carried its last load of granite early on Friday morning.",
        "For ninety years it had brought stone to the port, and workers to the cliffs.",
        "The track will become a path for walkers, the district engineer told reporters.",
    ),
    (
        "Scientists have counted more herring off the cape than in any year since records began.",
        "They put it down to a cold winter and to the pause in fishing along the reef.",
        "Whether the boats may return in June is to be decided at a hearing next week.",
    ),
]


def page(number, *extra):
    return "\n".join([f"Story number {number}", *STORIES[number], *extra, "Leave a comment"])


def pages(tmp_path, numbers, name="pages.jsonl"):
    path = tmp_path / name
    rows = [
        {"id": f"p{n}", "source": "Pier Post", "text": page(n, RULE), "language": "en"}
        for n in numbers
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def taken_in(archive, path, **options):
    for _ in archive.importing([str(path)], **options):
        pass


def body_of(archive, number):
    keys = list(archive.catalog.keys())
    found = [archive.catalog.get(key) for key in keys]
    return next(
        one.article.cleaned.body for one in found if one.article.document.stated.id == f"p{number}"
    )


def recleaned(archive, keys=None, **asked):
    keys = list(archive.catalog.keys()) if keys is None else keys
    return list(archive.recleaning(keys, asked))


@pytest.fixture
def stopped(home):
    with Archive(home) as archive:
        yield archive


def test_the_next_import_of_a_site_cleans_better_and_so_does_a_recleaning(stopped, tmp_path):
    taken_in(stopped, pages(tmp_path, [0, 1, 2]))
    assert RULE in body_of(stopped, 0)
    taken_in(stopped, pages(tmp_path, [3], "more.jsonl"))
    assert RULE not in body_of(stopped, 3)
    assert all(sentence in body_of(stopped, 3) for sentence in STORIES[3])
    recleaned(stopped)
    for number in range(4):
        assert RULE not in body_of(stopped, number)
        assert all(sentence in body_of(stopped, number) for sentence in STORIES[number])


def test_copies_of_one_article_do_not_make_it_template(stopped, tmp_path):
    path = tmp_path / "copies.jsonl"
    rows = [
        {"id": f"p{n}", "source": "Pier Post", "text": page(0, f"Copy number {n}.")}
        for n in range(5)
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    taken_in(stopped, path)
    recleaned(stopped)
    for number in range(5):
        assert all(sentence in body_of(stopped, number) for sentence in STORIES[0])


def test_a_recleaning_keeps_ids_flags_tags_and_what_was_said_of_the_language(stopped, tmp_path):
    taken_in(stopped, pages(tmp_path, [0, 1]), cleaning=False)
    keys = list(stopped.catalog.keys())
    before = stopped.catalog.lines(keys)
    stopped.catalog.marks.flag(keys[:1], starred=True, tag="sea")
    assert "Leave a comment" in body_of(stopped, 0)
    steps = recleaned(stopped)
    assert (steps[-1].done, steps[-1].changed) == (2, 2)
    assert "Leave a comment" not in body_of(stopped, 0)
    after = stopped.catalog.lines(keys)
    assert [line.id for line, _ in after] == [line.id for line, _ in before]
    assert (after[0][0].starred, after[0][1]) == (True, ("sea",))
    assert recleaned(stopped)[-1].changed == 0


def test_what_is_cleaned_again_is_found_by_what_it_says_now(stopped, tmp_path):
    taken_in(stopped, pages(tmp_path, [0]), cleaning=False)
    from index.model import Query

    assert stopped.find(Query('"Leave a comment"'))
    recleaned(stopped)
    assert not stopped.find(Query('"Leave a comment"'))
    assert stopped.find(Query("dredge"))


def test_a_recleaning_that_was_stopped_goes_on_where_it_was(stopped, tmp_path):
    path = tmp_path / "many.jsonl"
    rows = [{"id": f"p{n}", "text": page(n % 4, f"Line {n}.")} for n in range(70)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    taken_in(stopped, path, cleaning=False)
    keys = list(stopped.catalog.keys())
    steps = stopped.recleaning(keys, {}, workers=0)
    first = next(steps)
    steps.close()
    assert 0 < first.done < 70
    assert stopped.catalog.revising.job(asked_json()).next == keys[first.done]
    rest = list(stopped.recleaning(keys, {}, workers=0))
    assert rest[-1].done == 70
    assert rest[-1].changed == 70 - first.done
    assert stopped.catalog.revising.job(asked_json()).next == 0


def test_a_kept_block_stays_kept_until_it_is_given_back_or_undone(stopped, tmp_path):
    taken_in(stopped, pages(tmp_path, [0]))
    key = next(iter(stopped.catalog.keys()))
    blocks = stopped.catalog.get(key).article.cleaned.blocks
    cut = next(n for n, block in enumerate(blocks) if block.text == "Leave a comment")
    assert stopped.keep(key, cut, kept=True) == "kept"
    assert "Leave a comment" in body_of(stopped, 0)
    recleaned(stopped)
    assert "Leave a comment" in body_of(stopped, 0)
    stopped.keep(key, cut, kept=False)
    assert "Leave a comment" not in body_of(stopped, 0)
    assert stopped.catalog.undo.last()[1] == [key]
    assert "Leave a comment" in body_of(stopped, 0)
    stopped.catalog.undo.last()
    assert "Leave a comment" not in body_of(stopped, 0)
    recleaned(stopped)
    assert "Leave a comment" not in body_of(stopped, 0)


def test_other_bytes_of_an_article_forget_what_was_kept_of_the_old(stopped, tmp_path):
    taken_in(stopped, pages(tmp_path, [0]))
    key = next(iter(stopped.catalog.keys()))
    stopped.keep(key, 4, kept=True)
    path = tmp_path / "pages.jsonl"
    row = {"id": "p0", "source": "Pier Post", "text": page(1), "language": "en"}
    path.write_text(json.dumps(row), encoding="utf-8")
    taken_in(stopped, path)
    assert stopped.catalog.revising.kept(key) == ()


def test_a_source_that_is_never_cleaned_comes_whole_and_back(run, tmp_path):  # noqa: F811
    run("import", pages(tmp_path, [0]))
    article = json.loads(run("search", "--json", "dredge")[1])["rows"][0]["id"]

    def body():
        return json.loads(run("show", article, "--json")[1])["body"]

    assert "Leave a comment" not in body()
    assert run("source", "Pier Post", "--no-clean")[0] == 0
    assert "Leave a comment" in body()
    assert json.loads(run("source", "--json")[1]) == {"uncleaned": ["Pier Post"]}
    run("import", pages(tmp_path, [1], "more.jsonl"))
    other = json.loads(run("search", "--json", "baker")[1])["rows"][0]["id"]
    assert "Leave a comment" in json.loads(run("show", other, "--json")[1])["body"]
    run("source", "Pier Post", "--clean")
    assert "Leave a comment" not in body()
    assert run("source", "Nobody's Post")[0] == 1


def test_reclean_takes_a_query_or_a_source(run, tmp_path):  # noqa: F811
    run("import", pages(tmp_path, [0, 1]), "--no-clean")
    assert json.loads(run("reclean", "--json", "dredge")[1]) == {
        "recleaned": 1, "changed": 1, "of": 1,
    }  # fmt: skip
    assert json.loads(run("reclean", "--json", "--source", "Pier Post")[1])["changed"] == 1
    assert "2 articles" in run("reclean")[1]
    assert run("reclean", "nothing-of-the-kind")[0] == 1


def test_the_engine_keeps_a_block_and_cleans_again(home, tmp_path):
    with Archive(home) as archive:
        taken_in(archive, pages(tmp_path, [0, 1]))
    client = Client(home.folder)
    try:
        name = client.get("search", query="dredge")["rows"][0]["id"]
        blocks = client.get("show", article=name)["blocks"]
        cut = next(n for n, block in enumerate(blocks) if block["text"] == "Leave a comment")
        again = client.get("keep", article=name, block=cut, kept=True)
        assert (again["blocks"][cut]["label"], again["undo"]) == ("body", "kept")
        assert client.get("reclean")["recleaned"] == 2
        assert client.get("show", article=name)["blocks"][cut]["label"] == "body"
        assert client.get("undo")["undone"] == "kept"
        assert client.get("show", article=name)["blocks"][cut]["label"] != "body"
        assert client.get("source", source="Pier Post") == {"source": "Pier Post", "clean": True}
        client.get("source", source="Pier Post", clean=False)
        assert client.get("reclean", source="Pier Post")["of"] == 2
        assert client.get("show", article=name)["blocks"][cut]["label"] == "body"
        assert "no block" in client.ask("keep", article=name, block=99)["error"]["message"]
    finally:
        assert client.close() == 0


def test_spans_do_not_depend_on_how_lines_are_split():
    whole = Cleaned((Block(1, "date 2026-02-19 The ferry is back", Label.NAV),))
    split = Cleaned(
        (Block(1, "date 2026-02-19", Label.DATE), Block(1, "The ferry is back", Label.NAV))
    )
    asked = spans(split.blocks)[1:]
    kept = with_kept(split, asked)
    assert [block.label for block in kept.blocks] == [Label.DATE, Label.BODY]
    assert with_kept(whole, spans(split.blocks)).blocks[0].label is Label.BODY


def test_lines_met_once_are_forgotten_in_time(stopped):
    sites = stopped.catalog.sites
    with stopped.catalog._db.writing():
        for n in range(100):
            sites.learn("Pier Post", {1, 2} | {1000 + n})
    assert sites.template("Pier Post") == {1, 2}
    rows = stopped.catalog._sql.execute("SELECT count(*) FROM site_line").fetchone()
    assert rows == (2,)
