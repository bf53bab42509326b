package seeds_test

import (
	"testing"
	"time"

	"socia/seeds/seedtest"
)

func TestPlant_Time(t *testing.T) {
	began := time.Now()
	if err := seedtest.Plant(t.Context(), "sqlite:"+t.TempDir()+"/s.db", seedtest.Now()); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(began))
}
