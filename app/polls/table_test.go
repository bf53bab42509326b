package polls_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"socia/app/members"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// bare is an elector whose vote the table enters.
func (h *hall) bare(i int) models.PollElector {
	e := h.elector(i, "user")
	e.AccountID = nil
	return e
}

// enters is what the table types for the n-th person: the choice, and what the form showed.
func (h *hall) enters(n int, choice, was models.Choice) polls.Entry {
	return polls.Entry{Ballot: polls.Ballot{Member: h.members[n].ID, Choice: choice}, Was: was}
}

func TestRecord_TheTableEntersVotesOnlyForPeopleWithoutAccount(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		poll := h.open(t, nil, h.elector(1, "user"), h.bare(2))
		entry := []polls.Entry{h.enters(2, models.For, "")}
		wantFault(t, h.polls.Record(t.Context(), h.actor(1), poll.ID, entry), "identity.role_needed")
		if err := h.polls.Record(t.Context(), h.facilitator, poll.ID, entry); err != nil {
			t.Fatal(err)
		}
		wantFault(t, h.polls.Record(t.Context(), h.facilitator, poll.ID, []polls.Entry{h.enters(1, models.For, "")}), "polls.not_elector")
		wantFault(t, h.polls.Record(t.Context(), h.facilitator, poll.ID, nil), "polls.choose")
		h.close(t, poll.ID)
		wantFault(t, h.polls.Record(t.Context(), h.facilitator, poll.ID, entry), "polls.closed")
	})
}

// Who has left the cooperative since the electors were frozen casts nothing at the table either: neither their own vote nor
// that of somebody whose proxy they hold. A vote that was entered while they were members stays, and an older page that still
// shows it is no hindrance for the others.
func TestRecord_WhoHasLeft_VotesNoMore(t *testing.T) {
	each(t, 6, func(t *testing.T, h *hall) {
		held := h.bare(3)
		held.VoterID = h.members[2].ID
		poll := h.open(t, nil, h.bare(1), h.bare(2), held, h.bare(4), h.bare(5))
		record := func(entries ...polls.Entry) error {
			return h.polls.Record(t.Context(), h.facilitator, poll.ID, entries)
		}
		listed := func() (names string) {
			v, err := h.polls.Show(t.Context(), h.facilitator, poll.ID)
			h.must(t, err)
			for _, p := range v.Table {
				names += fmt.Sprint(p.Member, " ")
			}
			return names
		}
		h.must(t, record(h.enters(1, models.For, "")))
		h.changes(t, 1, "left_on", civil.New(2026, 11, 22))
		h.changes(t, 2, "left_on", civil.New(2026, 11, 22))
		h.changes(t, 4, "left_on", civil.New(2026, 11, 23)) // the day of leaving still counts
		if got, want := listed(), fmt.Sprint(h.members[4].ID, " ", h.members[5].ID, " "); got != want {
			t.Errorf("the table lists %s, want %s", got, want)
		}
		for _, left := range []int{1, 2, 3} {
			was := models.Choice("")
			if left == 1 {
				was = models.For
			}
			err := record(h.enters(left, models.Against, was), h.enters(5, models.For, ""))
			wantFault(t, err, "polls.left")
			if f, _ := fault.As(err); f == nil || f.Args["Who"] != h.members[left].Name {
				t.Errorf("the refusal is %v", err)
			}
		}
		h.must(t, record(h.enters(1, models.For, models.For), h.enters(4, models.Against, ""), h.enters(5, models.For, "")))
		if r := h.close(t, poll.ID).Result; r.Total.For != 2 || r.Total.Against != 1 || r.Total.Present != 5 {
			t.Errorf("counted are %+v", r.Total)
		}
	})
}

func TestRecord_AFormThatWasOpenForAWhile_OverwritesNoNewerVote(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		poll := h.open(t, nil, h.bare(1), h.bare(2), h.bare(3))
		record := func(entries ...polls.Entry) error {
			return h.polls.Record(t.Context(), h.facilitator, poll.ID, entries)
		}
		for _, err := range []error{
			record(h.enters(1, models.For, "")),
			record(h.enters(1, models.Against, models.For)),                              // corrected
			record(h.enters(1, models.For, models.For), h.enters(2, models.Abstain, "")), // an older page: the first paper is as it was drawn
			record(h.enters(2, models.Abstain, "")),                                      // the same form again
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		err := record(h.enters(1, models.Abstain, models.For), h.enters(3, models.For, ""))
		wantFault(t, err, "polls.entered_meanwhile")
		if f, _ := fault.As(err); f.Args["Who"] != "Persona 1" {
			t.Errorf("the refusal names %v", f.Args["Who"])
		}
		var votes []models.Vote
		if err := h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Order("member_id").Find(&votes).Error }); err != nil {
			t.Fatal(err)
		}
		if len(votes) != 2 || votes[0].Choice != models.Against || votes[0].Changes != 1 || votes[1].Choice != models.Abstain || votes[1].Changes != 0 {
			t.Errorf("the votes are %+v", votes)
		}
	})
}

func TestRecord_TwoTablesAtOnce_OneEntersAndTheOtherIsTold(t *testing.T) {
	each(t, 2, func(t *testing.T, h *hall) {
		poll := h.open(t, nil, h.bare(1))
		var group sync.WaitGroup
		var errs [2]error
		for i, choice := range []models.Choice{models.For, models.Against} {
			group.Go(func() {
				errs[i] = h.polls.Record(t.Context(), h.facilitator, poll.ID, []polls.Entry{h.enters(1, choice, "")})
			})
		}
		group.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("of two tables one must be told: %v", errs)
		}
		for _, err := range errs {
			if err != nil {
				wantFault(t, err, "polls.entered_meanwhile")
			}
		}
	})
}

// place reads where the page before begins: -1 on the first page.
type place struct{ polls.Listed }

func (p place) previous() int64 {
	if p.Previous == nil {
		return -1
	}
	return *p.Previous
}

// A paper is found by number or name, of whose it is or of who brings it; whoever brings mandates finds all theirs.
func TestShow_TheTableFindsAPaperByNumberOrName(t *testing.T) {
	each(t, 40, func(t *testing.T, h *hall) {
		h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
			for i, name := range map[int]string{3: "àngels d_or", 4: "Àngels Roca", 5: "Forn 17", 6: "Roc Font"} {
				if err := tx.DB.Model(&models.Member{}).Where("id = ?", h.members[i].ID).Updates(map[string]any{"name": name, "sort_name": members.SortName(name)}).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		var electors []models.PollElector
		for i := range h.members[1:] {
			electors = append(electors, h.bare(i+1))
		}
		electors[5].VoterID = h.members[3].ID // Roc Font's vote is brought by àngels d_or
		electors[8].Absent = true
		poll := h.open(t, nil, electors...)
		for who, want := range map[string]string{
			"4": "3 6", "17": "16", "ANGELS": "3 4 6", "angels roca": "4", "roca angels": "4", "font": "6", "d_or": "3 6", "_": "3 6", "%": "", "9": "8", "10": "", "1000": "", "forn 17": "5", "' OR 1=1 --": "",
		} {
			v, err := h.polls.ShowAt(t.Context(), h.facilitator, poll.ID, polls.Place{Who: who})
			h.must(t, err)
			var got []string
			for _, p := range v.Table {
				got = append(got, fmt.Sprint(slices.IndexFunc(h.members, func(m models.Member) bool { return m.ID == p.Member })))
			}
			if strings.Join(got, " ") != want || v.Listed.All != int64(len(got)) {
				t.Errorf("%q finds %v of %d, want %s", who, got, v.Listed.All, want)
			}
		}
	})
}

func TestShow_MoreThanOnePage_EveryVoteIsReached(t *testing.T) {
	const people = 160
	each(t, people, func(t *testing.T, h *hall) {
		electors := h.everybody()
		for i := range electors {
			electors[i].AccountID = nil
		}
		poll := h.open(t, nil, electors...)
		walk := func(rows func(polls.View) int) (total int, pages string) {
			before := int64(-1)
			for after := int64(0); ; {
				v, err := h.polls.ShowAt(t.Context(), h.facilitator, poll.ID, polls.Place{After: after})
				if err != nil {
					t.Fatal(err)
				}
				total += rows(v)
				pages += fmt.Sprint(v.Listed.First, "-", v.Listed.Last, " ")
				if at, back := (place{v.Listed}), before; v.Listed.All != people || v.Listed.Last != int64(total) || at.previous() != back {
					t.Errorf("after %d: %+v, the page before begins after %d, not %d", after, v.Listed, at.previous(), back)
				}
				before = after
				if after = v.Listed.Next; after == 0 {
					return total, pages
				}
			}
		}
		if n, pages := walk(func(v polls.View) int { return len(v.Table) }); n != people || pages != "1-25 26-50 51-75 76-100 101-125 126-150 151-160 " {
			t.Errorf("the table enters %d papers in pages of %s", n, pages)
		}
		h.close(t, poll.ID)
		if n, pages := walk(func(v polls.View) int { return len(v.Named) }); n != people || pages != "1-50 51-100 101-150 151-160 " {
			t.Errorf("%d named votes in pages of %s", n, pages)
		}
		all, err := h.polls.Votes(t.Context(), h.actor(1), poll.ID)
		if err != nil || len(all) != people || all[people-1].Number != people {
			t.Errorf("the data have %d votes, %v", len(all), err)
		}
	})
}
