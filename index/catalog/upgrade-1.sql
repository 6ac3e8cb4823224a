-- From version 1 to 2: what the reader corrects and saves, and what a source is known for.

ALTER TABLE article ADD COLUMN language_by TEXT NOT NULL DEFAULT 'detected';

CREATE TABLE keeping (
    key INTEGER NOT NULL REFERENCES article (key),
    first INTEGER NOT NULL,
    past INTEGER NOT NULL,
    again TEXT AS (key || ' ' || first || ' ' || past) STORED,
    PRIMARY KEY (key, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE place (
    key INTEGER PRIMARY KEY REFERENCES article (key),
    block INTEGER NOT NULL,
    character INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL,
    again TEXT AS (key || ' ' || block || ' ' || character || ' ' || at) STORED
) STRICT;
CREATE TABLE saved (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    sort TEXT NOT NULL DEFAULT '',
    made TEXT NOT NULL,
    again TEXT AS (hex(name) || ' ' || hex(query) || ' ' || sort || ' ' || made) STORED
) STRICT, WITHOUT ROWID;
CREATE TABLE site (
    source TEXT PRIMARY KEY,
    documents INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE site_line (
    source TEXT NOT NULL,
    digest INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    PRIMARY KEY (source, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE source_rule (
    source TEXT PRIMARY KEY,
    clean INTEGER NOT NULL DEFAULT 1,
    again TEXT AS (hex(source) || ' ' || clean) STORED
) STRICT, WITHOUT ROWID;
CREATE TABLE guard (
    part TEXT NOT NULL,
    key INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (part, key)
) STRICT, WITHOUT ROWID;

ALTER TABLE flag RENAME TO flag_1;
CREATE TABLE flag (
    key INTEGER PRIMARY KEY REFERENCES article (key),
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    again INTEGER AS (((key * 2 + read) * 2 + starred) * 251) STORED
) STRICT;
INSERT INTO flag SELECT * FROM flag_1;
DROP TABLE flag_1;

ALTER TABLE tag RENAME TO tag_1;
CREATE TABLE tag (
    key INTEGER NOT NULL REFERENCES article (key),
    name TEXT NOT NULL,
    again TEXT AS (key || ' ' || hex(name)) STORED,
    PRIMARY KEY (key, name)
) STRICT, WITHOUT ROWID;
INSERT INTO tag SELECT * FROM tag_1;
DROP TABLE tag_1;

ALTER TABLE undo RENAME TO undo_1;
CREATE TABLE undo (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,
    made TEXT NOT NULL,
    before TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'marks',
    again TEXT AS (hex(what) || ' ' || made || ' ' || hex(before) || ' ' || kind) STORED
) STRICT;
INSERT INTO undo (n, what, made, before) SELECT * FROM undo_1;
DROP TABLE undo_1;
CREATE TABLE job (
    asked TEXT PRIMARY KEY,
    next INTEGER NOT NULL,
    started TEXT NOT NULL
) STRICT, WITHOUT ROWID;
