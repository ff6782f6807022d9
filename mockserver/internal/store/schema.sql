-- The schema, version 1. Every table of an account's things is found by the
-- account first, so that accounts can be copied and dropped as a whole. seq is
-- the order of insertion. Lookup texts are BLOBs: they compare byte by byte as
-- Go does, NUL included.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- Numbers that are never given twice, not even after a reset.
CREATE TABLE sequences (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
    seq     INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    name    TEXT NOT NULL,
    user_id TEXT NOT NULL
);

CREATE TABLE vaults (
    seq               INTEGER PRIMARY KEY,
    account           TEXT NOT NULL,
    id                TEXT NOT NULL,
    name              TEXT NOT NULL,
    description       TEXT NOT NULL,
    type              TEXT NOT NULL,
    attribute_version BIGINT NOT NULL,
    content_version   BIGINT NOT NULL,
    items             BIGINT NOT NULL,
    created_at        BIGINT NOT NULL, -- Unix seconds
    updated_at        BIGINT NOT NULL,
    UNIQUE (account, id)
);

-- The summary stands before the document: a list then reads the first page of
-- a row only.
CREATE TABLE items (
    seq      INTEGER PRIMARY KEY,
    account  TEXT NOT NULL,
    id       TEXT NOT NULL,
    vault    TEXT NOT NULL,
    title    BLOB NOT NULL,
    folded   BLOB NOT NULL, -- filter.Fold of the title
    tags     BLOB NOT NULL, -- JSON, as in item_tags
    summary  BLOB NOT NULL, -- JSON
    document BLOB NOT NULL, -- JSON
    UNIQUE (account, id)
);
CREATE INDEX items_by_vault ON items (account, vault);
CREATE INDEX items_by_title ON items (account, vault, folded);

CREATE TABLE item_tags (
    account TEXT NOT NULL,
    vault   TEXT NOT NULL,
    folded  BLOB NOT NULL,
    seq     BIGINT NOT NULL, -- items.seq
    tag     BLOB NOT NULL,
    PRIMARY KEY (account, vault, folded, seq, tag)
) WITHOUT ROWID;

-- A content number names bytes that never change: whoever reads a file that is
-- replaced or deleted meanwhile finds no chunk, never another file's.
CREATE TABLE files (
    account TEXT NOT NULL,
    item    TEXT NOT NULL,
    id      TEXT NOT NULL,
    content BIGINT NOT NULL,
    size    BIGINT NOT NULL,
    PRIMARY KEY (account, item, id)
) WITHOUT ROWID;

CREATE TABLE chunks (
    account TEXT NOT NULL,
    content BIGINT NOT NULL,
    n       BIGINT NOT NULL,
    data    BLOB NOT NULL,
    PRIMARY KEY (account, content, n)
);

CREATE TABLE tokens (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    account  TEXT NOT NULL,
    hash     TEXT NOT NULL,
    document BLOB NOT NULL -- JSON
);
CREATE INDEX tokens_by_account ON tokens (account);
CREATE UNIQUE INDEX tokens_by_hash ON tokens (hash) WHERE hash <> '';

-- One row is a segment: count records, numbered from first on; the numbers of
-- an account are dense.
CREATE TABLE activity (
    account TEXT NOT NULL,
    first   BIGINT NOT NULL,
    count   BIGINT NOT NULL,
    records BLOB NOT NULL,
    PRIMARY KEY (account, first)
);
