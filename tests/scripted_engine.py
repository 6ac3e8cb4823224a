"""A small engine that speaks docs/engine.md over real pipes, for tests that need certain replies.

It holds invented articles in memory. Words typed are looked for as they are; `lang:`, `date:` and
`is:` filter. Special words: `die!` ends the process, `wait!` is answered only when the next
request has come, `wrong:` is an error. `--articles N` makes N rows; `--empty` holds nothing until
something is imported.
"""

import argparse
import json
import re
import sys

WORDS = {
    "en": (
        "The ferry on line {n} waits for the winter timetable",
        "Harbour master Ida Vell said the ferry would sail again.",
    ),
    "uk": (
        "Пором на лінії {n} чекає на зимовий розклад",
        "Начальниця порту Іда Велл каже, що пором піде знову.",
    ),
    "ar": (
        "العبارة على الخط {n} تنتظر جدول الشتاء",
        "قالت مديرة الميناء إن العبارة ستبحر من جديد.",
    ),
    "zh": ("第{n}号航线的渡轮等待冬季时刻表", "港务局长说，渡轮很快就会重新起航。"),
}
CODES = tuple(WORDS)


def article(n):
    code = CODES[n % len(CODES)]
    title, body = WORDS[code]
    day = f"2026-0{1 + n % 2}-{1 + n % 27:02}" if n % 5 else None
    return {
        "id": f"a{n:07}",
        "n": n,
        "language": code,
        "title": title.format(n=n) if n % 3 else None,
        "body": [body, title.format(n=n) + ".", body],
        "date": day,
        "source": None if n % 4 else "harbour.example",
    }


class Engine:
    def __init__(self, count, words=0):
        self.count = count
        self.words = words
        self.flags = {}
        self.undone = []
        self.asked = []
        self.saved = {}
        self.places = {}
        self.kept = set()
        self.languages = {}
        self.held = None
        self.out = sys.stdout

    def say(self, **message):
        self.out.write(json.dumps(message, ensure_ascii=False) + "\n")
        self.out.flush()

    def run(self):
        self.say(event="ready", articles=self.count, version="0")
        for line in sys.stdin:
            request = json.loads(line)
            if self.held is not None and request["verb"] == "search":
                self.say(id=self.held, superseded=True)
                self.held = None
            if "wait!" in str(request.get("query")) and request["verb"] == "search":
                self.held = request["id"]
                continue
            if "die!" in str(request.get("query")):
                sys.exit(5)
            self.asked.append(request)
            getattr(self, "do_" + request["verb"])(request["id"], request)

    def found(self, query):
        if "wrong:" in query:
            at = query.index("wrong:")
            raise LookupError(at)
        words, keep = [], []
        for part in query.split():
            field, colon, value = part.partition(":")
            if not colon:
                words.append(part.strip('"'))
            elif field == "lang":
                keep.append(lambda a, v=value: a["language"] in v.split(","))
            elif field == "date":
                keep.append(
                    lambda a, v=value: (
                        a["date"] is None if v == "undated" else (a["date"] or "").startswith(v)
                    )
                )
            elif field == "is":
                keep.append(lambda a, v=value: self.has(a, v))
            elif field == "tag":
                keep.append(lambda a, v=value: v in self.flags.get(a["id"], {}).get("tags", []))
        if not words and not keep:
            return words, range(self.count)
        return words, [n for n in range(min(self.count, 500)) if self.fits(article(n), words, keep)]

    def fits(self, a, words, keep):
        text = " ".join([a["title"] or "", *a["body"]]).casefold()
        return all(word.casefold() in text for word in words) and all(test(a) for test in keep)

    def has(self, a, what):
        flags = self.flags.get(a["id"], {})
        return not flags.get("read") if what == "unread" else bool(flags.get(what))

    def row(self, n, words):
        a = article(n)
        flags = self.flags.get(a["id"], {})
        lede = a["body"][0]
        return {
            "id": a["id"],
            "title": a["title"],
            "lede": lede,
            "snippet": lede if words else "",
            "language": a["language"],
            "date": a["date"],
            "source": a["source"],
            "score": 1.0,
            "date_from": "stated",
            "minutes": 1 + n % 4,
            "read": bool(flags.get("read")),
            "starred": bool(flags.get("starred")),
            "tags": flags.get("tags", []),
            "language_sure": 1.0,
            "title_hits": spans(a["title"] or "", words),
            "lede_hits": spans(lede, words),
            "snippet_hits": spans(lede, words),
        }

    def page(self, number, request, facets):
        query = request.get("query", "")
        try:
            words, found = self.found(query)
        except LookupError as error:
            at = error.args[0]
            self.say(
                id=number,
                error={
                    "kind": "query",
                    "message": "There is no field “wrong:”.",
                    "template": "There is no field “{field}:”.",
                    "values": {"field": "wrong"},
                    "at": at,
                    "end": at + 6,
                },
            )
            return
        offset, limit = request.get("offset", 0), request.get("limit", 64)
        if request.get("sort") == "oldest":
            found = list(reversed(found))
        filters = [
            {"field": m[1], "text": m[0], "start": m.start(), "end": m.end()}
            for m in re.finditer(r"(\w+):\S+", query)
        ]
        result = {
            "query": " · ".join(words),
            "total": len(found),
            "took_ms": 2.0,
            "sort": request.get("sort") or ("relevance" if words else "newest"),
            "filters": filters,
            "rows": [self.row(n, words) for n in found[offset : offset + limit]],
            "pending": 0,
        }
        if facets:
            result["facets"] = self.counts(found[:500])
        if "keep" in request:
            kept = int(request["keep"][1:])
            result["place"] = list(found).index(kept) if kept in found else None
        self.say(id=number, result=result)

    def counts(self, found):
        facets = {"language": {}, "month": {}, "source": {}}
        if any(flags.get("tags") for flags in self.flags.values()):
            facets["tag"] = {}
        for n in found:
            a = article(n)
            for tag in self.flags.get(a["id"], {}).get("tags", []):
                facets["tag"][tag] = facets["tag"].get(tag, 0) + 1
            for name, value in (
                ("language", a["language"]),
                ("month", a["date"][:7] if a["date"] else "undated"),
                ("source", a["source"] or "unknown"),
            ):
                facets[name][value] = facets[name].get(value, 0) + 1
        return facets

    def do_ping(self, number, _request):
        self.say(id=number, result={})

    def do_search(self, number, request):
        self.page(number, request, True)

    def do_rows(self, number, request):
        self.page(number, request, False)

    def do_facets(self, number, request):
        self.page(number, {**request, "limit": 0}, True)

    def paragraphs(self, a):
        """Four times its sentences; with --words as many as make that, in ordinary paragraphs."""
        if not self.words:
            return a["body"] * 4
        paragraph = " ".join(a["body"] * 2)
        return [a["body"][1], *[paragraph] * (self.words // 60)]

    def do_show(self, number, request):
        a = article(int(request["article"][1:]))
        words, _ = self.found(request.get("query", ""))
        blocks = (
            [{"n": 1, "text": a["title"], "label": "title", "reason": "is the title"}]
            if a["title"]
            else []
        )
        blocks += [{"n": 2, "text": "By Ida Vell", "label": "byline", "reason": "names the author"}]
        blocks += [
            {"n": 3 + i, "text": text, "label": "body", "reason": None, "style": None}
            for i, text in enumerate(self.paragraphs(a))
        ]
        blocks += [
            {
                "n": 20,
                "text": "Leave a comment",
                "label": "comment",
                "reason": "asks for a comment",
            },
            {
                "n": 21,
                "text": "[bold]Sign in[/nope] \x1b[2J to post",
                "label": "comment",
                "reason": "asks for a comment",
            },
        ]
        if request["article"] in self.kept:
            blocks[-2].update(label="body", reason=None)
        a = {**a, "language": self.languages.get(a["id"], a["language"])}
        flags = self.flags.get(a["id"], {})
        hits = [[i, s, e] for i, block in enumerate(blocks) for s, e in spans(block["text"], words)]
        self.say(
            id=number,
            result={
                **a,
                "byline": "Ida Vell",
                "date_from": a["date"] and "stated",
                "attribution": [],
                "blocks": blocks,
                "origin": "crawl/a.txt",
                "url": f"https://harbour.example/{a['n']}" if a["n"] % 2 == 0 else None,
                "sha256": "0f",
                "added": "2026-02-20T09:00:00+00:00",
                "flags": flags,
                "tags": flags.get("tags", []),
                "place": self.places.get(a["id"]),
                "language_by": "reader" if a["id"] in self.languages else "detected",
                **self.original(request, blocks),
                "unsure": "",
                "problems": [],
                "minutes": 1,
                "language_sure": 1.0,
                "hits": hits,
                "title_hits": spans(a["title"] or "", words),
            },
        )

    def original(self, request, blocks):
        wanted = request.get("original", True)
        return {"original": "\n".join(block["text"] for block in blocks)} if wanted else {}

    def chosen(self, request):
        if "articles" in request:
            return request["articles"]
        _words, found = self.found(request.get("query", ""))
        spared = request.get("except", [])
        return [a["id"] for a in map(article, found) if a["id"] not in spared]

    def do_flag(self, number, request):
        names = self.chosen(request)
        before = {name: dict(self.flags.get(name, {})) for name in names}
        what = "nothing"
        for name in names:
            now = self.flags.setdefault(name, {})
            for flag in ("read", "starred"):
                if flag in request:
                    now[flag] = request[flag]
                    what = flag if request[flag] else "un" + flag
            on, off = set(request.get("tag", [])), set(request.get("untag", []))
            if on or off:
                now["tags"] = sorted({*now.get("tags", []), *on} - off)
                what = "tagged" if on else "untagged"
        self.undone.append((what, before))
        self.say(event="changed", articles=self.count)
        self.say(id=number, result={"changed": len(names), "undo": what})

    def do_undo(self, number, _request):
        if not self.undone:
            self.say(id=number, result={"undone": None, "changed": 0})
            return
        what, before = self.undone.pop()
        if what in {"saved", "renamed", "removed"}:
            self.saved, before = before, {}
        elif what == "language":
            self.languages = before
        elif what == "kept":
            self.kept = before
        else:
            self.flags.update(before)
        self.say(id=number, result={"undone": what, "changed": len(before)})

    def do_saved(self, number, request):
        before, action = dict(self.saved), request.get("action", "list")
        if action == "save":
            self.saved[request["name"]] = (request["query"], request.get("sort", ""))
        elif action == "rename":
            self.saved[request["to"]] = self.saved.pop(request["name"])
        elif action == "remove":
            del self.saved[request["name"]]
        if action != "list":
            self.undone.append(({"save": "saved"}.get(action, action + "d"), before))
        found = [
            {"name": name, "query": query, "sort": sort, "total": len(self.found(query)[1])}
            for name, (query, sort) in sorted(self.saved.items())
        ]
        self.say(id=number, result={"saved": found})

    def do_tags(self, number, _request):
        counts = {}
        for flags in self.flags.values():
            for tag in flags.get("tags", []):
                counts[tag] = counts.get(tag, 0) + 1
        tags = [{"name": name, "articles": n} for name, n in sorted(counts.items())]
        self.say(id=number, result={"tags": tags})

    def do_place(self, number, request):
        place = [request["block"], request["character"]]
        self.places[request["article"]] = place if any(place) else None
        self.say(id=number, result={})

    def do_languages(self, number, _request):
        counts = self.counts(range(min(self.count, 100)))["language"]
        found = [{"id": code, "articles": n} for code, n in counts.items()]
        self.say(id=number, result={"languages": found})

    def do_language(self, number, request):
        self.undone.append(("language", dict(self.languages)))
        self.languages[request["article"]] = request["language"]
        self.say(id=number, result={"language": request["language"], "undo": "language"})

    def do_keep(self, number, request):
        self.undone.append(("kept", set(self.kept)))
        self.kept.add(request["article"])
        self.do_show(number, {"article": request["article"]})

    def do_export(self, number, request):
        count = len(self.chosen(request))
        self.say(id=number, result={"exported": count, "path": request["path"]})

    def do_complete(self, number, request):
        text, at = request["text"], request["at"]
        start = text.rfind(" ", 0, at) + 1
        word = text[start:at]
        offered = ["lang:", "lang:ar", "lang:en", "lang:uk", "lang:zh", "is:unread", "is:starred"]
        items = [{"insert": one, "label": one} for one in offered if one.startswith(word)]
        self.say(id=number, result={"start": start, "end": at, "items": items})

    def do_import(self, number, request):
        self.say(
            event="progress",
            path=request["paths"][0],
            done=6,
            of=12,
            rate=100.0,
            added=6,
            updated=0,
            unchanged=0,
            refused=1,
            finished=False,
        )
        self.count += 12
        self.say(event="changed", articles=self.count)
        items = [
            {"origin": "crawl/broken.txt", "status": "refused", "id": None, "reason": "is not text"}
        ]
        self.say(
            id=number,
            result={
                "added": 12,
                "updated": 0,
                "unchanged": 0,
                "refused": 1,
                "flagged": 0,
                "items": items,
            },
        )


def spans(text, words):
    return [
        [m.start(), m.end()]
        for word in words
        for m in re.finditer(re.escape(word), text, re.IGNORECASE)
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--words", type=int, default=0, help="of an article, more or less")
    options = parser.parse_args()
    Engine(options.articles, options.words).run()
