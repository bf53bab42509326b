// Package clock tells the time, and lets tests tell another.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now is the machine's time.
func (System) Now() time.Time { return time.Now() }

// Set is a clock that stands still until it is moved. It is safe for concurrent use.
type Set struct {
	mu  sync.Mutex
	now time.Time
}

// At makes a clock that stands at an instant.
func At(t time.Time) *Set { return &Set{now: t} }

// Now is the instant at which the clock stands.
func (s *Set) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Move sets the clock to an instant.
func (s *Set) Move(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = t
}

// Advance moves the clock by a duration.
func (s *Set) Advance(d time.Duration) { s.Move(s.Now().Add(d)) }
