-- The catalog: the truth. Everything else can be made again from it.
-- Version 2. A change of this file needs the same change in an upgrade-N.sql, and a new VERSION.

CREATE TABLE article (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,            -- the public name; made from the first bytes seen, kept for ever
    sha256 TEXT NOT NULL,               -- of the original bytes
    origin TEXT NOT NULL,               -- file, or file:line, as shown to people
    url TEXT,
    title TEXT,
    byline TEXT,
    lede TEXT NOT NULL,
    source TEXT,
    language TEXT NOT NULL,             -- Babel locale identifier, 'und'
    language_sure REAL NOT NULL,
    date TEXT,                          -- ISO 8601 day
    date_from TEXT,                     -- stated, metadata, url
    words INTEGER NOT NULL,
    added TEXT NOT NULL,                -- UTC
    language_by TEXT NOT NULL DEFAULT 'detected'    -- or 'reader': corrected, and kept for ever
) STRICT;
CREATE INDEX article_by_bytes ON article (sha256);

-- What is read only when an article is opened. `original` and `cleaned` are zstandard frames.
CREATE TABLE content (
    key INTEGER PRIMARY KEY REFERENCES article (key),
    form TEXT NOT NULL,
    encoding TEXT NOT NULL,
    original BLOB NOT NULL,
    stated TEXT NOT NULL,               -- JSON: what came beside the text
    problems TEXT NOT NULL,             -- JSON list
    cleaned BLOB NOT NULL               -- JSON: blocks, attribution, unsure
) STRICT;

-- Under which names an article was met. Several may lead to one article (the same bytes twice).
CREATE TABLE identity (
    name TEXT PRIMARY KEY,
    key INTEGER NOT NULL REFERENCES article (key),
    sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_by_key ON identity (key);

-- What the reader did. `again` is the row once more, so that damage to it is seen: see guard.py.
CREATE TABLE flag (
    key INTEGER PRIMARY KEY REFERENCES article (key),
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    again INTEGER AS (((key * 2 + read) * 2 + starred) * 251) STORED
) STRICT;
CREATE TABLE tag (
    key INTEGER NOT NULL REFERENCES article (key),
    name TEXT NOT NULL,
    again TEXT AS (key || ' ' || hex(name)) STORED,
    PRIMARY KEY (key, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE undo (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,                 -- as told to people: read, unread, starred, tagged, ...
    made TEXT NOT NULL,
    before TEXT NOT NULL,               -- JSON, as the kind's owner wrote it
    kind TEXT NOT NULL DEFAULT 'marks', -- who takes it back: see undo.py
    again TEXT AS (hex(what) || ' ' || made || ' ' || hex(before) || ' ' || kind) STORED
) STRICT;

-- What the reader asked to keep though it was cut: [first, past) counts the characters of the text
-- of the article's blocks, one after the other, white space left out (index.clean.keeping).
CREATE TABLE keeping (
    key INTEGER NOT NULL REFERENCES article (key),
    first INTEGER NOT NULL,
    past INTEGER NOT NULL,
    again TEXT AS (key || ' ' || first || ' ' || past) STORED,
    PRIMARY KEY (key, first)
) STRICT, WITHOUT ROWID;

-- How far an article was read: the block, counted from 0, that stood at the top, and the
-- character of it.
CREATE TABLE place (
    key INTEGER PRIMARY KEY REFERENCES article (key),
    block INTEGER NOT NULL,
    character INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL,
    again TEXT AS (key || ' ' || block || ' ' || character || ' ' || at) STORED
) STRICT;

-- Searches saved under a name.
CREATE TABLE saved (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    sort TEXT NOT NULL DEFAULT '',
    made TEXT NOT NULL,
    again TEXT AS (hex(name) || ' ' || hex(query) || ' ' || sort || ' ' || made) STORED
) STRICT, WITHOUT ROWID;

-- What a source is known for: in how many of its documents each line stands.
CREATE TABLE site (
    source TEXT PRIMARY KEY,
    documents INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE site_line (
    source TEXT NOT NULL,
    digest INTEGER NOT NULL,            -- the first 64 bits, signed, of the line's hash
    documents INTEGER NOT NULL,
    PRIMARY KEY (source, digest)
) STRICT, WITHOUT ROWID;

-- What the reader decided of a whole source.
CREATE TABLE source_rule (
    source TEXT PRIMARY KEY,
    clean INTEGER NOT NULL DEFAULT 1,   -- 0: its articles are shown as they came
    again TEXT AS (hex(source) || ' ' || clean) STORED
) STRICT, WITHOUT ROWID;

-- The CRC-32 of each row of `article` and `content`: see guard.py.
CREATE TABLE guard (
    part TEXT NOT NULL,
    key INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (part, key)
) STRICT, WITHOUT ROWID;

-- Work over many articles that may be stopped and gone on with: how far it is.
CREATE TABLE job (
    asked TEXT PRIMARY KEY,             -- JSON: what was asked for
    next INTEGER NOT NULL,              -- the first key not done
    started TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the search index has still to take; written in the transaction of the change itself.
CREATE TABLE pending (
    key INTEGER PRIMARY KEY,
    change INTEGER NOT NULL
) STRICT;
CREATE TABLE clock (change INTEGER NOT NULL) STRICT;
INSERT INTO clock VALUES (0);

-- The ledger of imports; `item` keeps what was refused or came in damaged.
CREATE TABLE import (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    started TEXT NOT NULL,
    finished TEXT,
    paths TEXT NOT NULL,                -- JSON list
    added INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE item (
    import INTEGER NOT NULL REFERENCES import (n),
    origin TEXT NOT NULL,
    status TEXT NOT NULL,
    id TEXT,
    reason TEXT NOT NULL
) STRICT;
