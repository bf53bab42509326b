// Package recent keeps what was worked out a moment ago, for those who ask for the same again: pages that many people
// watch would otherwise work it out for each of them.
package recent

import (
	"sync"
	"time"
)

// Kept is the last value for each key, for as long as Lasts after it was worked out, or for as long as that took, if that
// is longer: what takes long is not worked out all the time. Who asks while it is worked out waits for that value. An
// error is not kept. The zero value keeps nothing longer than it took.
type Kept[K comparable, V any] struct {
	Lasts time.Duration

	mu sync.Mutex
	by map[K]*last[V]
}

type last[V any] struct {
	mu    sync.Mutex
	value V
	until time.Time
}

// Get gives the value for a key: a recent one, or one that is worked out. now is the clock; it is asked again after
// waiting and working, which may have taken long.
func (k *Kept[K, V]) Get(key K, now func() time.Time, work func() (V, error)) (V, error) {
	l := k.of(key)
	l.mu.Lock()
	defer l.mu.Unlock()
	began := now()
	if began.Before(l.until) {
		return l.value, nil
	}
	value, err := work()
	if err == nil {
		ended := now()
		l.value, l.until = value, ended.Add(max(k.Lasts, ended.Sub(began)))
	}
	return value, err
}

// Forget lets a key's value go, for one that nobody will ask for again.
func (k *Kept[K, V]) Forget(key K) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.by, key)
}

func (k *Kept[K, V]) of(key K) *last[V] {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = map[K]*last[V]{}
	}
	if k.by[key] == nil {
		k.by[key] = &last[V]{}
	}
	return k.by[key]
}
