package db

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"gorm.io/gorm"
)

const (
	// groupMost is how many acts are committed together at the most: enough to share one flush to disk among
	// all that wait, few enough that the first does not wait long.
	groupMost = 64
	// writerQueue is how many acts may wait before callers block.
	writerQueue = 256
)

// errStopped is what acts get that come after the database was closed.
var errStopped = errors.New("the database is closed")

// writer runs the acts of a SQLite database one after the other, and commits those that wait together.
// Each act has a savepoint: its failure undoes it alone.
type writer struct {
	db    *DB
	acts  chan *pending
	quit  chan struct{}
	ended chan struct{}
}

// pending is an act that waits for its group to be committed.
type pending struct {
	ctx  context.Context
	act  func(*Tx) error
	tx   *Tx
	err  error
	done chan error
}

func startWriter(d *DB) *writer {
	w := &writer{db: d, acts: make(chan *pending, writerQueue), quit: make(chan struct{}), ended: make(chan struct{})}
	go w.loop()
	return w
}

// run hands an act over and waits until it is durable or has failed.
func (w *writer) run(ctx context.Context, act func(*Tx) error) error {
	p := &pending{ctx: ctx, act: act, done: make(chan error, 1)}
	select {
	case <-w.quit:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	case w.acts <- p:
	}
	select {
	case err := <-p.done:
		if err == nil {
			p.tx.committed()
		}
		return err
	case <-w.ended:
		select {
		case err := <-p.done:
			return err
		default:
			return errStopped
		}
	}
}

func (w *writer) stop() {
	close(w.quit)
	<-w.ended
}

func (w *writer) loop() {
	defer close(w.ended)
	for {
		select {
		case p := <-w.acts:
			w.group(p)
		case <-w.quit:
			for {
				select {
				case p := <-w.acts:
					w.group(p)
				default:
					return
				}
			}
		}
	}
}

// group runs the first act and those that already wait behind it in one transaction, then tells each how it went.
func (w *writer) group(first *pending) {
	g := w.db.write.Begin()
	if g.Error != nil {
		first.done <- fmt.Errorf("begin: %w", g.Error)
		return
	}
	ran := make([]*pending, 0, groupMost)
	broken := error(nil)
	for p := first; p != nil; p = w.next(len(ran)) {
		ran = append(ran, p)
		if broken = w.one(g, p); broken != nil {
			break
		}
	}
	if broken == nil {
		broken = g.Commit().Error
	}
	if broken != nil {
		g.Rollback()
	}
	for _, p := range ran {
		if p.err == nil && broken != nil {
			p.err = fmt.Errorf("commit: %w", broken)
		}
		p.done <- p.err
	}
}

// next is an act that already waits, if the group has room.
func (w *writer) next(ran int) *pending {
	if ran >= groupMost {
		return nil
	}
	select {
	case p := <-w.acts:
		return p
	default:
		return nil
	}
}

// one runs an act inside its savepoint. It returns an error only if the whole transaction is lost.
func (w *writer) one(g *gorm.DB, p *pending) error {
	if p.err = p.ctx.Err(); p.err != nil {
		return nil //nolint:nilerr // the act's own error; the group goes on
	}
	p.tx = &Tx{DB: g.WithContext(p.ctx), Now: w.db.now(), db: w.db}
	sql := p.tx.SQL()
	ctx := context.WithoutCancel(p.ctx) // the savepoint has to be released for the others, whoever gives up
	if _, err := sql.ExecContext(ctx, "SAVEPOINT act"); err != nil {
		return err
	}
	if p.err = protect(p.act, p.tx); p.err != nil {
		if _, err := sql.ExecContext(ctx, "ROLLBACK TO act"); err != nil {
			return err
		}
	}
	_, err := sql.ExecContext(ctx, "RELEASE act")
	return err
}

// protect turns a panic of one act into its error: the others of the group must not suffer for it.
func protect(act func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in an act: %v\n%s", r, debug.Stack())
		}
	}()
	return act(tx)
}
