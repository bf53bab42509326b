-- +goose Up
-- The queue of jobs. maragu.dev/goqite reads and writes this table and sets its columns.
CREATE TABLE goqite (
  id text PRIMARY KEY DEFAULT ('m_' || lower(hex(randomblob(16)))),
  created text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
  updated text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
  queue text NOT NULL,
  body blob NOT NULL,
  timeout text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
  received integer NOT NULL DEFAULT 0,
  priority integer NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX goqite_queue_priority_created_idx ON goqite (queue, priority DESC, created);

-- Mail that an installation without an SMTP server shows on a page instead (the demo).
CREATE TABLE local_mails (
  id INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  sent_at DATETIME NOT NULL
);

-- +goose Down
DROP TABLE local_mails;
DROP TABLE goqite;
