package ballots

import "slices"

// batchMarks is after how many marks a batch is handed over.
const batchMarks = 1 << 15

// batch is papers on their way to the taker.
type batch struct {
	weights []int64
	ends    []uint32
	hashes  []uint32
	marks   []Mark
}

func (b *batch) empty() {
	b.weights, b.ends, b.hashes, b.marks = b.weights[:0], b.ends[:0], b.hashes[:0], b.marks[:0]
}

// conveyor takes papers and hands them on in batches to a taker that works
// beside the reader: one core reads while the other compares. There is one
// taker and the batches keep their order, so results never depend on scheduling.
type conveyor struct {
	into Taker
	now  *batch
	full chan *batch
	free chan *batch
	done chan struct{}
	err  error // of the taker; read it after done
}

func convey(into Taker) *conveyor {
	c := &conveyor{into: into, now: new(batch), full: make(chan *batch, 1), free: make(chan *batch, 3), done: make(chan struct{})}
	c.free <- new(batch)
	c.free <- new(batch)
	go c.work()
	return c
}

// work takes batch after batch, and none any more after a refusal.
func (c *conveyor) work() {
	for b := range c.full {
		if c.err == nil {
			c.err = b.takeInto(c.into)
		}
		c.free <- b
	}
	close(c.done)
}

func (b *batch) takeInto(into Taker) error {
	if r, ok := into.(*Rankings); ok {
		return r.takeAll(b)
	}
	start := uint32(0)
	for i, end := range b.ends {
		if err := into.Take(b.weights[i], b.marks[start:end:end]); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// Take copies the paper into the batch. A refusal is heard of at the end.
func (c *conveyor) Take(weight int64, marks []Mark) error {
	copy(c.room(len(marks)), marks)
	c.add(weight, len(marks), hash(marks))
	return nil
}

// room is where the marks of the next paper may be written.
func (c *conveyor) room(marks int) []Mark {
	b := c.now
	b.marks = slices.Grow(b.marks, marks)
	return b.marks[len(b.marks) : len(b.marks)+marks]
}

// add takes the paper whose marks were written into the room for them.
func (c *conveyor) add(weight int64, marks int, h uint32) {
	b := c.now
	b.marks = b.marks[:len(b.marks)+marks]
	b.weights = append(b.weights, weight)
	b.ends = append(b.ends, uint32(len(b.marks))) //nolint:gosec // G115: a batch ends soon after 2^15 marks
	b.hashes = append(b.hashes, h)
	if len(b.marks) >= batchMarks {
		c.pass()
	}
}

// pass hands the batch over and takes an empty one.
func (c *conveyor) pass() {
	c.full <- c.now
	c.now = <-c.free
	c.now.empty()
}

// settle waits until everything so far was taken: then both other batches are back.
func (c *conveyor) settle() {
	if len(c.now.ends) > 0 {
		c.pass()
	}
	first, second := <-c.free, <-c.free
	c.free <- first
	c.free <- second
}

// end waits until everything was taken.
func (c *conveyor) end() error {
	c.full <- c.now
	close(c.full)
	<-c.done
	return c.err
}
