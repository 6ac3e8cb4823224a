"""Inputs that fuzzing begins with, all invented: each is a specimen of what a target reads."""

import gzip
import json
import lzma

import zstandard

ARTICLES = [
    json.dumps(article, ensure_ascii=False).encode()
    for article in (
        {
            "id": "ferry", "language": "en", "date": "2026-02-19", "source": "Harbour Post",
            "title": "Night ferry returns to the strait",
            "text": "The night ferry returned on Thursday after a winter of repairs.\n"
            "The harbour master said the new engines use a third less fuel.\nShare",
        },
        {
            "id": "porom", "language": "uk", "date": "2026-02-20",
            "text": "Нічний пором повернувся до протоки після зимового ремонту.",
        },
        {"id": "most", "lang": "sr", "text": "Мост преко реке поново је отворен за пешаке."},
        {"url": "https://port.example/a", "html": "<p>The barge is moored.<p>Repair goes on."},
        {"id": 5, "text": "市政府宣布新的地铁线路今天开通。"},
    )
]  # fmt: skip
_PAGE = (
    '<!doctype html><html lang="en"><head><title>Old quay reopens - Harbour Post</title>'
    '<meta property="article:published_time" content="2026-02-19T08:00:00+02:00">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Old quay reopens",'
    '"datePublished":"2026-02-19","author":{"name":"Ole Brandt"}}</script></head>'
    "<body><nav><a href=/>Home</a> <a href=/sea>Sea</a></nav><article><h1>Old quay reopens</h1>"
    "<p class=byline>By Ole Brandt</p><time datetime=2026-02-19>19 February</time>"
    "<p>The old quay was opened again on Thursday, and boats came in from three harbours.</p>"
    "<ul><li>Read more: a bridge</li></ul><p>Nobody asked them to.&nbsp;&#x1b;[2J&lt;b&gt;</p>"
    "<table><tr><td>tide<td>4 m</table></article><footer>© 2026 Harbour Post</footer></body></html>"
)
_FLAT = (
    "Old quay reopens\nBy Ole Brandt\n19 February 2026, 08:00\n\n"
    "The old quay was opened again on Thursday, and boats came in from three harbours.\n"
    "READ ALSO\nA bridge is painted\n“It is good,” the harbour master said.\n"
    "Leave a comment\nShare\n© 2026 Harbour Post\nПро автора\nОле Брандт пише про море."
)
_HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x07", "\x1b[2J\x1b[H", "\x9b31mred", "\u202eevil\u202c", "\x1bP1$r\x1b\\",
    "[bold]b[/nope][@click=app.quit]x[/]", "a\u0301\u0301\u0301\u0301\u0301\u0301", "👩🏽\u200d🚀",
    "\x1b]8;;http://e.example\x1b\\x", "\r\n\x0b\x85\u2028", "=1+1\t@sum", "\ufeff\ufff9\U000e0041",
    "https://port.example/a?b=c#d", "javascript:x", "e\u0301\u200b\u00ad", "\x90\x9d\x9c\x1b",
)  # fmt: skip


def files() -> list[bytes]:
    """A file each, after a byte that chooses its name."""
    lines = b"\n".join(ARTICLES)
    plain = [_FLAT.encode(), _PAGE.encode(), lines, b'[{"text": "a"}]', _PAGE.encode("utf-16")]
    packed = [gzip.compress(lines), lzma.compress(_FLAT.encode()), zstandard.compress(lines)]
    legacy = ["Пором відплив уночі.".encode("cp1251"), b'{"text":"\\ud800", "id": 1e999}']
    return [bytes([n]) + data for n, data in enumerate([*plain, *packed, *legacy])]


def pages() -> list[bytes]:
    """Text after an even byte, a page after an odd one."""
    return [
        b"\0" + _FLAT.encode(),
        b"\1" + _PAGE.encode(),
        b"\1<p>" + "".join(_HOSTILE).encode("utf-8", "replace"),
        b"\0" + "\n".join(_HOSTILE).encode("utf-8", "replace"),
        b"\1<svg><![CDATA[<p>]]></svg><template><p>a</template><!-- --!><p>b<select><option>c",
    ]


def texts() -> list[bytes]:
    """What terminals obey."""
    return [text.encode("utf-8", "surrogatepass") for text in _HOSTILE]


def queries() -> list[bytes]:
    """Queries of every kind."""
    return [
        text.encode()
        for text in (
            'NATO lang:uk,en date:2026-02', '"peace talks" OR ceasefire -source:"x y"',
            "(a OR (b AND NOT c)) title:d", "repair* bot~2 -is:read",
            'after:2025-06 before:7d "open', "date:2024..2025 tag:sea is:starred story:1",
            "script:exact Kosovo*", "lang:klingn (",
            "title:(a b) AND", "date:минулого тижня",
            "a~ *b* c?d -", "source:'é' \u202e date:undated",
        )
    ]  # fmt: skip


def requests() -> list[bytes]:
    """Lines as a reader sends them."""
    asked: list[dict[str, object]] = [
        {"id": 1, "verb": "search", "query": "ferry lang:en", "limit": 5, "snippets": True},
        {"id": 2, "verb": "rows", "query": "", "offset": 1, "sort": "oldest"},
        {"id": 3, "verb": "facets", "query": "пор", "typing": True},
        {"id": 4, "verb": "show", "article": "a", "query": "ferry"},
        {"id": 5, "verb": "flag", "query": "ferry", "read": True, "tag": "sea"},
        {"id": 6, "verb": "undo"},
        {"id": 7, "verb": "import", "paths": ["x"]},
        {"id": 8, "verb": "stats"},
        {"id": 9, "verb": "languages"},
        {"id": 10, "verb": "language", "article": "a", "language": "uk"},
        {"id": 11, "verb": "complete", "text": "lang:u", "at": 6},
        {"id": 12, "verb": "keep", "article": "a", "block": 1, "kept": True},
        {"id": 13, "verb": "source", "source": "Harbour Post", "clean": False},
        {"id": 14, "verb": "saved", "action": "save", "name": "sea", "query": "ferry"},
        {"id": 15, "verb": "place", "article": "a", "block": 2},
        {"id": 16, "verb": "tags"},
        {"id": 17, "verb": "reclean", "query": "ferry"},
    ]
    lines = [json.dumps(request, ensure_ascii=False).encode() for request in asked]
    return [*lines, b"\n".join(lines), b"[]\n{}\n\xff\n" + b"[" * 3000]


def replies() -> list[bytes]:
    """What an engine may say."""
    row = {
        "id": "a", "title": "Night ferry", "lede": "It came.", "snippet": "It came.",
        "language": "en", "date": "2026-02-19", "source": None, "score": 1.0, "tags": ["sea"],
        "title_hits": [[0, 5]], "snippet_hits": [[0, 2]], "minutes": 1,
    }  # fmt: skip
    page = {
        "query": "ferry", "total": 1, "took_ms": 1.0, "rows": [row], "sort": "newest",
        "facets": {"language": {"en": 1}}, "filters": [], "pending": 0,
    }  # fmt: skip
    article = {
        "id": "a", "title": None, "blocks": [{"n": 1, "text": "It came.", "label": "body"}],
        "hits": [[0, 0, 2]], "flags": {"read": True}, "original": "It\ncame.", "url": "http://e",
    }  # fmt: skip
    error = {"kind": "query", "message": "no", "template": "no {a}", "values": {"a": "b"}, "at": 1}
    others = [{"event": "progress", "path": "a", "done": 1, "of": 2}, {"event": "ready"}]
    items = {"items": [{"origin": "a", "status": "refused", "reason": "is empty"}]}
    return [json.dumps(said).encode() for said in (page, article, error, items, *others)]


def changes() -> list[bytes]:
    """Changes of a file: see `targets.segment`."""
    return [b"\0", b"\0" + bytes(range(40)), b"\1\0\x10\0\0\0", b"\0\x01\x02\0\0\xff"]
