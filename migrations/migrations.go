// Package migrations embeds the numbered schema changes, a pair of files for each: one for PostgreSQL, one for SQLite.
package migrations

import "embed"

// Files holds postgres/*.sql and sqlite/*.sql; goose runs the folder of the database in use.
//
//go:embed postgres/*.sql sqlite/*.sql
var Files embed.FS
