package recent_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"socia/platform/recent"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestGet_ServesEverybodyUntilItsTimeIsOver_AndKeysApart(t *testing.T) {
	kept := recent.Kept[string, int]{Lasts: 2 * time.Second}
	worked := 0
	for _, c := range []struct {
		key  string
		at   time.Duration
		want int
	}{{"a", 0, 1}, {"a", 2*time.Second - 1, 1}, {"b", time.Second, 2}, {"a", 2 * time.Second, 3}, {"b", 3*time.Second - 1, 2}} {
		got, err := kept.Get(c.key, noon.Add(c.at), func() (int, error) { worked++; return worked, nil })
		if got != c.want || err != nil {
			t.Errorf("%s after %v: %d, %v; want %d", c.key, c.at, got, err, c.want)
		}
	}
}

func TestGet_AnErrorIsNotKept(t *testing.T) {
	kept := recent.Kept[int, string]{Lasts: time.Minute}
	broken := errors.New("broken")
	if _, err := kept.Get(1, noon, func() (string, error) { return "half", broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if got, err := kept.Get(1, noon, func() (string, error) { return "whole", nil }); got != "whole" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestForget_IsWorkedOutAgain(t *testing.T) {
	kept := recent.Kept[int, int]{Lasts: time.Minute}
	kept.Forget(1)
	for _, want := range []int{1, 2} {
		if got, err := kept.Get(1, noon, func() (int, error) { return want, nil }); got != want || err != nil {
			t.Errorf("%d, %v; want %d", got, err, want)
		}
		kept.Forget(1)
	}
}

func TestGet_ManyAtOnce_IsWorkedOutOnce(t *testing.T) {
	kept := recent.Kept[int, int64]{Lasts: time.Minute}
	var worked atomic.Int64
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if got, err := kept.Get(7, noon, func() (int64, error) { return worked.Add(1), nil }); got != 1 || err != nil {
				t.Errorf("%d, %v", got, err)
			}
		})
	}
	all.Wait()
}
