-- The schema, version 1. Every table with data of accounts has the account as the
-- first part of its key, so that accounts can be copied and dropped as a whole.
-- seq is the order of insertion and of lists; a row of a layer that replaces one
-- of its base has the seq of that row as its place in lists. Lookup texts are
-- BLOBs: they compare byte by byte as in Go, NUL included.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- Numbers that are never used twice, not even after a reset.
CREATE TABLE sequences (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
) WITHOUT ROWID;

-- kind is "served", "seed" or "snapshot"; the last two never change. An account
-- with a base is a layer: what it has no rows for is read from its base, which
-- is a seed or a snapshot without a base.
CREATE TABLE accounts (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    base       TEXT NOT NULL,   -- '': none
    origin     TEXT NOT NULL,   -- of a served one: the seed or snapshot it started from; '': none
    owner      TEXT NOT NULL,   -- of a snapshot: the account it was taken of; '': none
    created    BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL  -- Unix seconds
);
CREATE INDEX accounts_by_name ON accounts (name) WHERE kind = 'served';
CREATE INDEX accounts_by_base ON accounts (base) WHERE base <> '';
CREATE INDEX accounts_by_origin ON accounts (origin) WHERE origin <> '';
CREATE UNIQUE INDEX accounts_by_owner ON accounts (owner, name) WHERE owner <> '';

CREATE TABLE vaults (
    seq               INTEGER PRIMARY KEY,
    account           TEXT NOT NULL,
    id                TEXT NOT NULL,
    place             BIGINT,          -- NULL: replaces none
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

-- The summary comes before the document: a list then reads only the first page of
-- a row.
CREATE TABLE items (
    seq      INTEGER PRIMARY KEY,
    account  TEXT NOT NULL,
    id       TEXT NOT NULL,
    vault    TEXT NOT NULL,
    place    BIGINT,        -- NULL: replaces none
    title    BLOB NOT NULL,
    folded   BLOB NOT NULL, -- filter.Fold of the title
    tags     BLOB NOT NULL, -- JSON, as in item_tags
    summary  BLOB NOT NULL, -- JSON
    document BLOB NOT NULL  -- JSON
);
CREATE UNIQUE INDEX items_by_id ON items (account, id); -- no constraint: bulk.go rebuilds it
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

-- Items of the base that a layer does not show: they are deleted, or the layer has
-- a row of its own for them. vault and seq are those of the base's row.
CREATE TABLE hidden (
    account TEXT NOT NULL,
    vault   TEXT NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (account, vault, seq)
) WITHOUT ROWID;

-- Items whose files in the base a layer does not show.
CREATE TABLE hidden_files (
    account TEXT NOT NULL,
    item    TEXT NOT NULL,
    PRIMARY KEY (account, item)
) WITHOUT ROWID;

-- A content number stands for bytes that never change: a reader of a file that is
-- replaced or deleted meanwhile finds no chunk, and never that of another file.
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

-- Tokens that are not valid now, and can be restored: those of a snapshot and,
-- under the id of a served account, those it started with.
CREATE TABLE kept_tokens (
    account  TEXT NOT NULL,
    seq      BIGINT NOT NULL, -- their order
    id       TEXT NOT NULL,
    hash     TEXT NOT NULL,
    document BLOB NOT NULL, -- JSON
    PRIMARY KEY (account, id)
) WITHOUT ROWID;

-- One row is a segment: count records, numbered from first on; the numbers of an
-- account have no gaps, and those of a layer continue those of its base.
CREATE TABLE activity (
    account TEXT NOT NULL,
    first   BIGINT NOT NULL,
    count   BIGINT NOT NULL,
    records BLOB NOT NULL,
    PRIMARY KEY (account, first)
);
