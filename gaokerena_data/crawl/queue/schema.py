"""The tables of a frontier, and how a link becomes a row."""

from gaokerena_data.crawl.queue.states import DONE, LEASED, OFF_SITE, OPTED_OUT, QUEUED
from gaokerena_data.crawl.reading.links import RECORD

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, report TEXT,
    recheck INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,           -- canonical
    linked_as TEXT,                     -- the spelling to fetch, where it differs
    role TEXT NOT NULL,
    depth INTEGER NOT NULL,
    series INTEGER,
    number INTEGER NOT NULL DEFAULT 0,
    lastmod TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL DEFAULT 0,        -- not before, in seconds since 1970
    first_run INTEGER NOT NULL,
    run INTEGER NOT NULL,               -- the last run that queued it
    etag TEXT,
    last_modified TEXT,
    listed TEXT                         -- digest of what a listing page listed
);
CREATE INDEX IF NOT EXISTS queue ON pages (depth, id) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS listings ON pages (series, number) WHERE role = 'listing';
CREATE TABLE IF NOT EXISTS responses (
    id INTEGER PRIMARY KEY,
    page_id INTEGER NOT NULL REFERENCES pages (id),
    run INTEGER NOT NULL,
    final_url TEXT NOT NULL,
    status INTEGER NOT NULL,
    fetched_at TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    robots TEXT NOT NULL,
    opt_out TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS versions ON responses (page_id, id);
CREATE INDEX IF NOT EXISTS places ON responses (warc_file, warc_offset);
CREATE TABLE IF NOT EXISTS lost (       -- responses that cannot be read in the archive
    warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL, PRIMARY KEY (warc_file, warc_offset)
) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS answers AS SELECT * FROM responses WHERE NOT EXISTS (
    SELECT 1 FROM lost
    WHERE lost.warc_file = responses.warc_file AND lost.warc_offset = responses.warc_offset
);
CREATE TABLE IF NOT EXISTS shown (      -- what the listings of the last run showed
    series INTEGER NOT NULL, url_hash INTEGER NOT NULL, PRIMARY KEY (series, url_hash)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spellings (
    page_id INTEGER NOT NULL REFERENCES pages (id),
    url TEXT NOT NULL,                  -- of the same page, with other letters
    tried INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (page_id, url)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tally (
    role TEXT, state TEXT, pages INTEGER NOT NULL, PRIMARY KEY (role, state)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS tally_new AFTER INSERT ON pages BEGIN
    INSERT INTO tally VALUES (new.role, new.state, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
END;
CREATE TRIGGER IF NOT EXISTS tally_moved AFTER UPDATE OF state ON pages
WHEN old.state != new.state BEGIN
    UPDATE tally SET pages = pages - 1 WHERE role = old.role AND state = old.state;
    INSERT INTO tally VALUES (new.role, new.state, 1)
        ON CONFLICT DO UPDATE SET pages = pages + 1;
END;
"""

# A page that is known is queued again only by a later run, and only with a reason to look.
ADD = f"""
INSERT INTO pages (url, linked_as, role, depth, series, number, lastmod, state, first_run, run)
VALUES (:url, :linked_as, :role, :depth, :series, :number, :lastmod, :state, :run, :run)
ON CONFLICT (url) DO UPDATE SET
    state = '{QUEUED}', reason = NULL, tries = 0, due = 0, run = excluded.run,
    linked_as = excluded.linked_as, lastmod = coalesce(excluded.lastmod, lastmod)
WHERE run < excluded.run
    AND state NOT IN ('{QUEUED}', '{LEASED}', '{OFF_SITE}', '{OPTED_OUT}')
    AND CASE
        WHEN excluded.lastmod IS NOT NULL THEN excluded.lastmod IS NOT lastmod OR state != '{DONE}'
        WHEN excluded.role != '{RECORD}' OR state != '{DONE}' THEN 1
        ELSE :listed AND (etag IS NOT NULL OR last_modified IS NOT NULL)
    END
"""  # noqa: S608  (the names of states, no input)

ADD_SPELLING = """
INSERT OR IGNORE INTO spellings (page_id, url)
SELECT id, :spelling FROM pages WHERE url = :url
"""
