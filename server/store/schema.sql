-- The store, version 1 (PRAGMA user_version); schema-2.sql goes on from here, and so on: a store of an older program is
-- taken along step by step, each in one transaction. Times are milliseconds since 1970 UTC. What is sealed is CMS to the
-- ticket certificate. Standings and kinds are stored as their names, so that a person can read the tables.

CREATE TABLE numbers (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE exams (
    package_id TEXT PRIMARY KEY,
    identifier TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    short_title TEXT NOT NULL,
    language TEXT NOT NULL,
    lowest_software TEXT NOT NULL,
    content INTEGER NOT NULL,
    result_policy INTEGER NOT NULL,
    max_time_ms INTEGER NOT NULL,
    item_count INTEGER NOT NULL,
    digest BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    published_ms INTEGER NOT NULL,
    open_file BLOB NOT NULL,
    key_file BLOB NOT NULL
);
CREATE INDEX exams_by_identifier ON exams (identifier, published_ms);

CREATE TABLE sittings (
    id TEXT PRIMARY KEY,
    center TEXT NOT NULL,
    package_id TEXT NOT NULL REFERENCES exams,
    title TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    opens_ms INTEGER NOT NULL,
    closes_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    sealed_codes BLOB NOT NULL
);
CREATE INDEX sittings_by_center ON sittings (center, opens_ms);

-- The one row that decides what a session is worth.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    sitting TEXT NOT NULL REFERENCES sittings,
    center TEXT NOT NULL,
    package_id TEXT NOT NULL,
    admission TEXT NOT NULL,
    candidate_id TEXT NOT NULL,
    candidate_name TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    opens_ms INTEGER NOT NULL,
    closes_ms INTEGER NOT NULL,
    max_time_ms INTEGER NOT NULL,
    item_count INTEGER NOT NULL,
    time_factor INTEGER NOT NULL,
    theme TEXT NOT NULL,
    zoom INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    is_replaced INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    standing TEXT NOT NULL,
    reason TEXT NOT NULL,
    result_epoch INTEGER NOT NULL,
    transcript BLOB NOT NULL,
    receipt_code TEXT NOT NULL,
    is_journal INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    points INTEGER NOT NULL,
    maximum INTEGER NOT NULL,
    scaled INTEGER NOT NULL,
    UNIQUE (center, admission)
);
CREATE INDEX sessions_by_center ON sessions (center, closes_ms);
CREATE INDEX sessions_by_sitting ON sessions (sitting);
CREATE INDEX sessions_by_candidate ON sessions (center, candidate_id);

CREATE TABLE session_secrets (
    session TEXT PRIMARY KEY REFERENCES sessions,
    sealed_codes BLOB NOT NULL,
    sealed_ticket BLOB NOT NULL
);

CREATE TABLE shown (
    session TEXT NOT NULL,
    position INTEGER NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (session, position)
) WITHOUT ROWID;

-- Every number a ticket was given out under; only the newest keeps its file.
CREATE TABLE tickets (
    session TEXT NOT NULL REFERENCES sessions,
    epoch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    file_digest BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    is_newest INTEGER NOT NULL,
    file BLOB NOT NULL,
    PRIMARY KEY (session, epoch, number)
);
CREATE UNIQUE INDEX tickets_newest ON tickets (session, epoch) WHERE is_newest;

-- Everything authentic that was ever handed in. A row is never changed but in its standing, and never removed.
CREATE TABLE results (
    session TEXT NOT NULL REFERENCES sessions,
    epoch INTEGER NOT NULL,
    transcript BLOB NOT NULL,
    is_journal INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    signer_serial TEXT NOT NULL,
    standing TEXT NOT NULL,
    reason TEXT NOT NULL,
    file_digest BLOB NOT NULL,
    score BLOB NOT NULL,
    receipt BLOB NOT NULL,
    file BLOB NOT NULL,
    PRIMARY KEY (session, epoch, transcript)
);

-- A center's certificates: seats and staff. The generation rises with each change among them.
CREATE TABLE centers (
    center TEXT PRIMARY KEY,
    generation INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE certificates (
    center TEXT NOT NULL,
    serial TEXT NOT NULL,
    name TEXT NOT NULL,
    role INTEGER NOT NULL,
    not_after_ms INTEGER NOT NULL,
    added_ms INTEGER NOT NULL,
    revoked_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    der BLOB NOT NULL,
    PRIMARY KEY (center, serial)
);

CREATE TABLE crls (
    center TEXT PRIMARY KEY,
    made_ms INTEGER NOT NULL,
    der BLOB NOT NULL
);

-- Enrolment codes, hashed: each serves once.
CREATE TABLE invites (
    code BLOB PRIMARY KEY,
    center TEXT NOT NULL,
    seat TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE statuses (
    center TEXT NOT NULL,
    seat TEXT NOT NULL,
    session TEXT NOT NULL,
    number INTEGER NOT NULL,
    file BLOB NOT NULL,
    PRIMARY KEY (center, seat)
);
