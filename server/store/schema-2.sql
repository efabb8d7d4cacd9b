-- From version 1 to 2: when a session was taken, by candidates of all centers; programmes, titles.

-- By the transcript's clock, kept within the window and what was received; 0: nothing was. Of what came before this
-- step the transcripts are not opened again: the close of the window, or when it was received.
ALTER TABLE sessions ADD COLUMN taken_ms INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET taken_ms =
    min(closes_ms, coalesce((SELECT min(received_ms) FROM results WHERE session = sessions.id), closes_ms))
    WHERE result_epoch > 0;

-- A candidate_id is the board's: the same person at every center.
DROP INDEX sessions_by_candidate;
CREATE INDEX sessions_by_candidate ON sessions (candidate_id);

-- Every version of every programme; the newest whose in_force_ms has come is in force.
CREATE TABLE programmes (
    id TEXT NOT NULL,
    in_force_ms INTEGER NOT NULL,
    published_ms INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (id, in_force_ms)
) WITHOUT ROWID;

-- One row for each time somebody got a title; of a title that was got again the newest counts. A row is never changed
-- but in its state, and never removed.
CREATE TABLE titles (
    number INTEGER PRIMARY KEY,
    candidate_id TEXT NOT NULL,
    programme TEXT NOT NULL,
    rules_ms INTEGER NOT NULL,
    title TEXT NOT NULL,
    session TEXT NOT NULL,
    awarded_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX titles_by_candidate ON titles (candidate_id);
CREATE UNIQUE INDEX titles_by_session ON titles (session) WHERE session <> '';

-- Who decided what of a title, when and why; the first of each is its award.
CREATE TABLE title_decisions (
    title INTEGER NOT NULL REFERENCES titles,
    at_ms INTEGER NOT NULL,
    act TEXT NOT NULL,
    who TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX title_decisions_by_title ON title_decisions (title);
