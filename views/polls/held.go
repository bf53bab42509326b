package polls

import (
	"strings"

	"socia/core/methods"
	"socia/models"
	"socia/platform/i18n"
)

// Held says what whoever votes should know of the count: how many are chosen, what there is to spend, what must be
// reached.
func Held(t *i18n.Texts, poll models.Poll, method methods.Method, options []string) string {
	var all []string
	s := poll.Setup
	if method.Name == methods.Sortition {
		all = append(all, t.N("polls.ballot.drawn", s.Seats))
	} else if method.Seats {
		all = append(all, t.N("polls.ballot.seats", s.Seats))
	}
	if method.Name == methods.Advice {
		all = append(all, t.T("polls.ballot.advice"))
	}
	if method.Group == methods.Money {
		all = append(all, t.T("polls.ballot.amount", "Amount", t.Money(s.AmountCents, euros)))
	}
	if method.Name == methods.Debian && s.Default > 0 && s.Default <= len(options) {
		all = append(all, overDefault(t, s.Setup, options[s.Default-1])...)
	}
	if s.ParityAtLeast > 0 {
		all = append(all, t.N("polls.ballot.parity", s.ParityAtLeast, "Group", s.ParityGroup))
	}
	if s.Alternate {
		all = append(all, t.T("polls.ballot.alternate", "Group", s.ParityGroup))
	}
	if s.QuorumPercent > 0 {
		all = append(all, t.T("polls.ballot.quorum", "Percent", s.QuorumPercent))
	}
	return strings.Join(all, " ")
}

// overDefault says what each option needs against the option "none of these".
func overDefault(t *i18n.Texts, s methods.Setup, standard string) []string {
	all := []string{t.T("polls.ballot.default", "Option", standard)}
	if s.DefaultQuorum > 0 {
		all = append(all, t.N("polls.ballot.default_quorum", s.DefaultQuorum, "Option", standard))
	}
	if s.DefaultMajority > 1 {
		all = append(all, t.T("polls.ballot.default_majority", "Option", standard, "Times", t.Number(int64(s.DefaultMajority))))
	}
	return all
}
