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

// at is a clock that stands still.
func at(after time.Duration) func() time.Time { return func() time.Time { return noon.Add(after) } }

func TestGet_ServesEverybodyUntilItsTimeIsOver_AndKeysApart(t *testing.T) {
	kept := recent.Kept[string, int]{Lasts: 2 * time.Second}
	worked := 0
	for _, c := range []struct {
		key  string
		at   time.Duration
		want int
	}{{"a", 0, 1}, {"a", 2*time.Second - 1, 1}, {"b", time.Second, 2}, {"a", 2 * time.Second, 3}, {"b", 3*time.Second - 1, 2}} {
		got, err := kept.Get(c.key, at(c.at), func() (int, error) { worked++; return worked, nil })
		if got != c.want || err != nil {
			t.Errorf("%s after %v: %d, %v; want %d", c.key, c.at, got, err, c.want)
		}
	}
}

func TestGet_AnErrorIsNotKept(t *testing.T) {
	kept := recent.Kept[int, string]{Lasts: time.Minute}
	broken := errors.New("broken")
	if _, err := kept.Get(1, at(0), func() (string, error) { return "half", broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if got, err := kept.Get(1, at(0), func() (string, error) { return "whole", nil }); got != "whole" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestForget_IsWorkedOutAgain(t *testing.T) {
	kept := recent.Kept[int, int]{Lasts: time.Minute}
	kept.Forget(1)
	for _, want := range []int{1, 2} {
		if got, err := kept.Get(1, at(0), func() (int, error) { return want, nil }); got != want || err != nil {
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
			if got, err := kept.Get(7, at(0), func() (int64, error) { return worked.Add(1), nil }); got != 1 || err != nil {
				t.Errorf("%d, %v", got, err)
			}
		})
	}
	all.Wait()
}

// What takes longer than it lasts is not worked out by each in turn of those who waited for it, nor without a pause.
func TestGet_WhatTookLong_LastsAsLongAgain(t *testing.T) {
	kept, clock, worked := recent.Kept[int, int]{Lasts: 2 * time.Second}, noon, 0
	now := func() time.Time { return clock }
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {0, 1}, {10*time.Second - 1, 1}, {1, 2}} {
		clock = clock.Add(c.after)
		got, err := kept.Get(7, now, func() (int, error) {
			clock = clock.Add(10 * time.Second)
			worked++
			return worked, nil
		})
		if got != c.want || err != nil {
			t.Errorf("at %v: %d, %v; want %d", clock.Sub(noon), got, err, c.want)
		}
	}
}
