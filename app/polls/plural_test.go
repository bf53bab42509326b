package polls_test

import (
	"encoding/json"
	"strings"
	"testing"

	"socia/core/civil"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// plural lets a member have up to three votes.
func plural(r *rules.RuleSet) { r.Counting.MostVotes = 3 }

func byShares(r *rules.RuleSet) {
	plural(r)
	r.Counting.Method = rules.MethodClass
	r.Counting.Shares = []rules.ClassShare{{Class: "user", Share: 60}, {Class: "worker", Share: 40}}
}

// has gives a member so many votes.
func (h *hall) has(t *testing.T, i int, votes int64) {
	t.Helper()
	h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("id = ?", h.members[i].ID).Update("votes", votes).Error
	}))
}

// told is all that a poll says of its count.
func told(t *testing.T, p models.Poll) string {
	t.Helper()
	text, err := json.Marshal([]any{p.Result, p.Count})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A member of two votes is as two members of one who vote alike: to the last digit of the arithmetic, by person and by
// class, for whatever is counted.
func TestCount_AMemberOfTwoVotesIsAsTwoMembers(t *testing.T) {
	for name, edit := range map[string]func(*rules.RuleSet){"by person": plural, "by class": byShares} {
		t.Run(name, func(t *testing.T) {
			under(t, 6, edit, func(t *testing.T, h *hall) {
				for _, q := range []struct {
					name methods.Name
					set  methods.Setup
				}{{methods.Motion, methods.Setup{}}, {methods.IRV, methods.Setup{Seats: 1}}, {methods.Scottish, methods.Setup{Seats: 1}}, {methods.Approval, methods.Setup{Seats: 1}}} {
					m, _ := methods.ByName(q.name)
					says := marked(m)
					if q.name == methods.Scottish {
						says = [3]models.Choice{"1,2,3", "2,1,", ",2,1"}
					}
					// Worker 0 is heavy, or has a double in worker 4; user 5 is there and casts nothing.
					heavy := []models.PollElector{h.elector(0, "worker"), h.elector(1, "worker"), h.elector(2, "user"), h.elector(3, "user"), h.elector(5, "user")}
					light := append([]models.PollElector{h.elector(4, "worker")}, heavy...)
					roll := map[string]int64{"worker": 3, "user": 7}
					heavy[0].Votes, heavy[4].Votes = 2, 3
					light[5].Votes = 3
					count := func(electors []models.PollElector, double bool) models.Poll {
						t.Helper()
						poll := h.put(t, asks(q.name, q.set), electors, roll)
						for i, choice := range []models.Choice{says[0], says[1], says[1], says[2]} {
							h.must(t, h.cast(i, poll, choice))
						}
						if double {
							h.must(t, h.cast(4, poll, says[0]))
						}
						return h.close(t, poll)
					}
					one, two := told(t, count(heavy, false)), told(t, count(light, true))
					if one != two {
						t.Errorf("%s:\n%s\n%s", q.name, one, two)
					}
				}
			})
		})
	}
}

// In a consultation the electors have the votes that the statutes in force grant; a delegation brings the giver's; the
// papers cannot be told apart from as many papers, and a lot knows people only.
func TestConsultation_FreezesAndCountsVotes(t *testing.T) {
	under(t, 5, plural, func(t *testing.T, h *hall) {
		h.has(t, 1, 2)
		h.has(t, 2, 100) // 3 count
		closes := noon.AddDate(0, 0, 10)
		h.must(t, h.polls.Delegate(t.Context(), h.actor(2), h.members[2].ID, h.members[3].Number, "", civil.New(2026, 12, 31)))
		q := chooseOne()
		q.Setup.QuorumPercent = 75
		poll := h.plan(t, q, nil, closes)
		drawn := h.plan(t, asks(methods.Sortition, methods.Setup{Seats: 2}), nil, closes)
		agreed := h.plan(t, asks(methods.Consent, methods.Setup{}), nil, closes)
		when := h.plan(t, asks(methods.Times, methods.Setup{}), nil, closes)
		h.has(t, 1, 1)
		h.must(t, h.cast(1, when, "2,1,0"))
		h.must(t, h.cast(1, poll, "1,,"))
		h.must(t, h.cast(3, poll, ",1,"))
		h.must(t, h.cast(2, agreed, "consent"))
		p := h.ends(t, poll)
		if got := stand(p); got != "Anna 2; Berta 4; Carla 0; " || p.RollCounts["user"] != 8 {
			t.Errorf("%s of %d", got, p.RollCounts["user"])
		}
		if c := p.Count; c.Cast != 6 || c.Quorum.Electors != 8 || c.Quorum.TookPart != 6 || c.Quorum.Needed != 6 || !c.Quorum.Reached() {
			t.Errorf("cast %d, quorum %+v", c.Cast, c.Quorum)
		}
		_, papers, err := h.polls.Papers(t.Context(), h.actor(0), poll)
		if err != nil || len(papers) != 2 || papers[0].Weight+papers[1].Weight != 6 {
			t.Errorf("%+v, %v", papers, err)
		}
		v, err := h.polls.Show(t.Context(), h.actor(0), poll)
		if err != nil || v.Electors != 5 || v.Cast != 3 {
			t.Errorf("%d of %d people took part, %v", v.Cast, v.Electors, err)
		}
		var most int64
		for _, n := range v.Named {
			most = max(most, n.Votes)
		}
		if most != 3 || v.Named[1].Votes != 2 || v.Named[0].Votes != 1 {
			t.Errorf("%+v", v.Named)
		}
		h.ends(t, drawn)
		file, err := h.polls.DrawFile(t.Context(), h.actor(0), drawn)
		h.must(t, err)
		if n := strings.Count(file, "\n"); h.poll(t, drawn).Count.Result.Papers.Ratio().String() != "5" || n < 5 {
			t.Errorf("not one chance for each person: %s", file)
		}
		if got := stand(h.ends(t, when)); got != "Anna 1; Berta 0; Carla 0; " {
			t.Errorf("who can come: %s", got)
		}
		if a := h.ends(t, agreed).Count.Answers; a.Given["consent"] != 1 {
			t.Errorf("%+v", a.Given)
		}
	})
}
