-- From version 1 to 2: what the reader corrects and saves, and what a source is known for.

ALTER TABLE article ADD COLUMN language_by TEXT NOT NULL DEFAULT 'detected';
ALTER TABLE undo ADD COLUMN kind TEXT NOT NULL DEFAULT 'marks';

CREATE TABLE keeping (
    key INTEGER NOT NULL REFERENCES article (key),
    first INTEGER NOT NULL,
    past INTEGER NOT NULL,
    PRIMARY KEY (key, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE place (
    key INTEGER PRIMARY KEY REFERENCES article (key),
    block INTEGER NOT NULL,
    character INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL
) STRICT;
CREATE TABLE saved (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    sort TEXT NOT NULL DEFAULT '',
    made TEXT NOT NULL
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
    clean INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
