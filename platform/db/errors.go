package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	gormlogger "gorm.io/gorm/logger"
)

// Duplicate says whether an error is the database's refusal of a second row with the same unique value.
func Duplicate(err error) bool { return errors.Is(err, gorm.ErrDuplicatedKey) }

// Missing says whether an error means that no row was found.
func Missing(err error) bool { return errors.Is(err, gorm.ErrRecordNotFound) }

// sqliteBusy is SQLite's primary result code SQLITE_BUSY; extended codes keep it in their last byte.
const sqliteBusy = 5

// lostRace says whether the database asks for the act to be tried again: PostgreSQL's serialization failure or deadlock,
// SQLite's lock that another process holds.
func lostRace(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite interface{ Code() int }
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteBusy
}

// gormConfig: no transaction of GORM's own, errors in one vocabulary, and no SQL with values in any log.
func gormConfig(d *DB, prepare bool) *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		PrepareStmt:            prepare,
		TranslateError:         true,
		NowFunc:                d.now,
		Logger:                 gormlogger.Discard,
	}
}
