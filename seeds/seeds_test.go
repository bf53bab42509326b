package seeds_test

import (
	"testing"

	"socia/platform/db"
	"socia/seeds/seedtest"
)

func TestPlant_Time(t *testing.T) {
	seedtest.Open(t, db.SQLite)
}
