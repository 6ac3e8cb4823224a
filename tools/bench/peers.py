"""What search is compared with: the same articles, the same questions, each in its own way.

`run` is what is timed: it reads the text of a query, counts all hits and lists the first 50 ids.
"""

import contextlib
import importlib.util
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from index.model import Entry

EPOCH = date(1970, 1, 1)
TOP = 50
_NEVER = -(10**6)


def _days(day: str) -> tuple[int, int]:
    start = (date.fromisoformat(day) - EPOCH).days
    return start, start + 730


def _month(day: int) -> str:
    return "undated" if day == _NEVER else (EPOCH + timedelta(days=day)).isoformat()[:7]


class Fts5:
    """SQLite's full-text index beside a table of columns, optimised after the import."""

    name = "fts5"
    most = 10**9

    @staticmethod
    def is_there() -> bool:
        with contextlib.closing(sqlite3.connect(":memory:")) as db:
            options = {row[0] for row in db.execute("pragma compile_options")}
        return "ENABLE_FTS5" in options

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.folder / "fts5.db")
        for pragma in (
            "journal_mode=off",
            "synchronous=off",
            "cache_size=-262144",
            "mmap_size=4e9",
        ):
            db.execute(f"pragma {pragma}")
        return db

    def build(self, entries: Iterator[Entry]) -> None:
        self.folder.mkdir()
        db = self._connect()
        db.execute(
            "create virtual table ft using "
            "fts5(title, body, content='', tokenize='unicode61 remove_diacritics 2')"
        )
        db.execute("create table d(id integer primary key, day int, lang text, month text)")
        for e in entries:
            day = _NEVER if e.day is None else e.day
            db.execute("insert into ft(rowid, title, body) values(?,?,?)", (e.key, e.title, e.body))
            db.execute("insert into d values(?,?,?,?)", (e.key, day, e.language, _month(day)))
        db.execute("insert into ft(ft) values('optimize')")
        db.execute("create index d_day on d(day)")
        db.execute("analyze")
        db.commit()
        db.close()

    def open(self) -> None:
        self.db = self._connect()

    def run(self, kind: str, asked: tuple[str, ...]) -> int:
        words = [f'"{word}"' for word in asked]
        match = {
            "and": " ".join(words),
            "or": " OR ".join(words),
            "phrase": f'"{" ".join(asked)}"',
        }.get(kind, words[0] if words else "")
        if kind.startswith("prefix"):
            match = words[0] + "*"
        if kind == "fuzzy":
            raise NotImplementedError
        if kind == "all":
            return self._facets("select id from d", ())
        if kind == "filter":
            return self._filter(match, asked)
        if kind == "facets":
            self._best(match)
            return self._facets("select rowid from ft where ft match ?", (match,))
        if kind == "date":
            self._rows(
                "select d.id from ft cross join d on d.id = ft.rowid where ft match ?"
                " order by d.day desc, d.id desc limit 50",
                match,
            )
        else:
            self._best(match)
        return self._rows("select count(*) from ft where ft match ?", match)[0][0]

    def _rows(self, sql: str, *values: object) -> list[tuple]:
        return self.db.execute(sql, values).fetchall()

    def _best(self, match: str) -> None:
        self._rows(
            "select rowid from ft where ft match ? order by bm25(ft, 4.0, 1.0) limit 50", match
        )

    def _filter(self, match: str, asked: tuple[str, ...]) -> int:
        inner = (
            "from ft cross join d on d.id = ft.rowid"
            " where ft match ? and d.lang = ? and d.day between ? and ?"
        )
        values = (match, asked[1], *_days(asked[2]))
        self._rows(f"select ft.rowid {inner} order by bm25(ft, 4.0, 1.0) limit 50", *values)
        return self._rows(f"select count(*) {inner}", *values)[0][0]

    def _facets(self, found: str, values: tuple[str, ...]) -> int:
        total = 0
        for column in ("lang", "month"):
            sql = f"select {column}, count(*) from d where id in ({found}) group by {column}"
            total = sum(row[1] for row in self.db.execute(sql, values))
        return total


class Tantivy:
    """The Rust library with one writer thread, all segments merged by itself."""

    name = "tantivy"
    most = 10**9

    @staticmethod
    def is_there() -> bool:
        return importlib.util.find_spec("tantivy") is not None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, entries: Iterator[Entry]) -> None:
        import tantivy

        self.folder.mkdir()
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", stored=True, indexed=False, fast=True)
        for name in ("title", "body"):
            schema.add_text_field(name, tokenizer_name="default", index_option="position")
        for name in ("lang", "month"):
            schema.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
        schema.add_integer_field("day", indexed=True, fast=True)
        index = tantivy.Index(schema.build(), path=str(self.folder))
        writer = index.writer(heap_size=512_000_000, num_threads=1)
        for e in entries:
            day = _NEVER if e.day is None else e.day
            writer.add_document(
                tantivy.Document(
                    id=e.key,
                    title=e.title,
                    body=e.body,
                    lang=e.language,
                    month=_month(day),
                    day=day,
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        import tantivy

        self.tantivy = tantivy
        self.index = tantivy.Index.open(str(self.folder))
        self.searcher = self.index.searcher()

    def _parsed(self, text: str) -> object:
        """A query as tantivy reads it: words of title and body, all of which must be found."""
        return self.index.parse_query(
            text, ["title", "body"], field_boosts={"title": 4.0}, conjunction_by_default=True
        )

    def _either(self, one) -> object:
        should = self.tantivy.Occur.Should
        title = self.tantivy.Query.boost_query(one("title"), 4.0)
        return self.tantivy.Query.boolean_query([(should, title), (should, one("body"))])

    def _query(self, kind: str, asked: tuple[str, ...]) -> object:
        make, schema, occur = self.tantivy.Query, self.index.schema, self.tantivy.Occur
        if kind == "all":
            return make.all_query()
        if kind == "or":
            return self._parsed(" OR ".join(asked))
        if kind == "phrase":
            return self._parsed(f'"{" ".join(asked)}"')
        # What its language has no words for is put together by hand.
        if kind.startswith("prefix"):
            return self._either(lambda name: make.regex_query(schema, name, asked[0] + ".*"))
        if kind == "fuzzy":
            return self._either(
                lambda name: make.fuzzy_term_query(
                    schema, name, asked[0], distance=1, transposition_cost_one=True
                )
            )
        if kind == "filter":
            first, last = _days(asked[2])
            day = make.range_query(schema, "day", self.tantivy.FieldType.Integer, first, last)
            language = make.const_score_query(make.term_query(schema, "lang", asked[1]), 0.0)
            return make.boolean_query(
                [
                    (occur.Must, self._parsed(asked[0])),
                    (occur.Must, language),
                    (occur.Must, make.const_score_query(day, 0.0)),
                ]
            )
        return self._parsed(" ".join(asked))

    def run(self, kind: str, asked: tuple[str, ...]) -> int:
        query = self._query(kind, asked)
        if kind in ("facets", "all"):
            wanted = {name: {"terms": {"field": name, "size": 1000}} for name in ("lang", "month")}
            self.searcher.aggregate(query, wanted)
        by = {"order_by_field": "day"} if kind == "date" else {}
        found = self.searcher.search(query, limit=TOP, count=True, **by)
        self.searcher.fast_field_values("id", [address for _, address in found.hits])
        return found.count


class StockWhoosh:
    """Whoosh with its own codec and searcher."""

    name = "whoosh"
    most = 20_000

    @staticmethod
    def is_there() -> bool:
        return True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, entries: Iterator[Entry]) -> None:
        from whoosh import analysis, fields, index

        self.folder.mkdir()
        words = analysis.RegexTokenizer(r"\w+") | analysis.LowercaseFilter()
        schema = fields.Schema(
            id=fields.NUMERIC(stored=True, sortable=True),
            title=fields.TEXT(analyzer=words),
            body=fields.TEXT(analyzer=words),
            lang=fields.ID(sortable=True),
            month=fields.ID(sortable=True),
            day=fields.NUMERIC(int, signed=True, sortable=True),
        )
        writer = index.create_in(str(self.folder), schema).writer(limitmb=1024)
        for e in entries:
            day = _NEVER if e.day is None else e.day
            writer.add_document(
                id=e.key, title=e.title, body=e.body, lang=e.language, month=_month(day), day=day
            )
        writer.commit(merge=False)

    def open(self) -> None:
        from whoosh import index

        self.searcher = index.open_dir(str(self.folder)).searcher()

    def run(self, kind: str, asked: tuple[str, ...]) -> int:
        from whoosh import query, sorting

        def either(make) -> query.Query:
            return query.Or([make("title"), make("body")])

        def word(text: str) -> query.Query:
            return either(lambda name: query.Term(name, text, boost=4 if name == "title" else 1))

        options = {}
        match kind:
            case "and":
                found = query.And([word(text) for text in asked])
            case "or":
                found = query.Or([word(text) for text in asked])
            case "phrase":
                found = either(lambda name: query.Phrase(name, list(asked)))
            case "prefix" | "prefix1" | "prefix2":
                if kind != "prefix":
                    raise NotImplementedError
                found = either(lambda name: query.Prefix(name, asked[0]))
            case "fuzzy":
                found = either(lambda name: query.FuzzyTerm(name, asked[0], prefixlength=0))
            case "all":
                found = query.Every()
            case _:
                found = word(asked[0])
        if kind == "filter":
            day = query.NumericRange("day", *_days(asked[2]))
            options["filter"] = query.And([query.Term("lang", asked[1]), day])
        if kind == "date":
            options["sortedby"] = sorting.FieldFacet("day", reverse=True)
        if kind in ("facets", "all"):
            options["groupedby"] = ["lang", "month"]
        hits = self.searcher.search(found, limit=TOP, **options)
        [hit["id"] for hit in hits]
        return len(hits)


class Xapian:
    """Debian's Xapian, where its module can be imported."""

    name = "xapian"
    most = 10**6

    @staticmethod
    def is_there() -> bool:
        return importlib.util.find_spec("xapian") is not None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, entries: Iterator[Entry]) -> None:
        import xapian

        db = xapian.WritableDatabase(str(self.folder), xapian.DB_CREATE_OR_OVERWRITE)
        terms = xapian.TermGenerator()
        for e in entries:
            document = xapian.Document()
            terms.set_document(document)
            terms.index_text(f"{e.title} {e.body}")
            document.add_boolean_term("XL" + e.language)
            day = _NEVER if e.day is None else e.day
            document.add_value(0, xapian.sortable_serialise(day))
            document.add_value(1, e.language)
            document.add_value(2, _month(day))
            db.add_document(document)
        db.commit()
        db.close()

    def open(self) -> None:
        import xapian

        self.xapian = xapian
        self.db = xapian.Database(str(self.folder))

    def run(self, kind: str, asked: tuple[str, ...]) -> int:
        make = self.xapian.Query
        if kind == "fuzzy" or kind in ("prefix1", "prefix2"):
            raise NotImplementedError
        match kind:
            case "and":
                found = make(make.OP_AND, list(asked))
            case "or":
                found = make(make.OP_OR, list(asked))
            case "phrase":
                found = make(make.OP_PHRASE, list(asked))
            case "prefix":
                found = make(make.OP_WILDCARD, asked[0])
            case "all":
                found = make.MatchAll
            case _:
                found = make(asked[0])
        if kind == "filter":
            first, last = map(self.xapian.sortable_serialise, _days(asked[2]))
            days = make(make.OP_VALUE_RANGE, 0, first, last)
            found = make(make.OP_FILTER, found, make(make.OP_AND, make("XL" + asked[1]), days))
        enquire = self.xapian.Enquire(self.db)
        enquire.set_query(found)
        if kind == "date":
            enquire.set_sort_by_value(0, True)
        if kind in ("facets", "all"):
            for slot in (1, 2):
                enquire.add_matchspy(self.xapian.ValueCountMatchSpy(slot))
        found = enquire.get_mset(0, TOP, self.db.get_doccount())
        [hit.docid for hit in found]
        return found.get_matches_estimated()


PEERS = (StockWhoosh, Fts5, Tantivy, Xapian)
