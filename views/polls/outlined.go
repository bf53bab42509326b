package polls

import (
	"socia/core/disclosure"
	"socia/core/methods"
	"socia/core/tally"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// Outlined tells how a poll ended to people outside, to whom none of its figures is shown.
func Outlined(t *i18n.Texts, poll models.Poll, method methods.Method, o models.Outline) Story {
	s := Story{Kind: ui.No}
	switch {
	case method.Name == methods.Motion:
		s.Kind, s.Word = Outcome(t, tally.Result{Approved: o.Outcome == string(tally.OutcomeApproved)})
		switch tally.Outcome(o.Outcome) {
		case tally.OutcomeNoQuorum:
			s.Sentence = t.T("polls.outcome.no_quorum") + ". " + t.T("polls.story.no_quorum")
		case tally.OutcomeNoVotes:
			s.Sentence = t.T("polls.sentence.no_votes")
		case tally.OutcomeApproved, tally.OutcomeNotEnough, tally.OutcomeTied, tally.OutcomeNotEnoughClasses:
		}
	case o.Drawn > 0:
		s.Kind, s.Word, s.Sentence = ui.Yes, t.T(DecidedKey(method)), t.N("polls.draw.count", o.Drawn)
		s.Lot = &LotTold{Seed: poll.Seed, Commitment: Commitment(poll), Title: t.T("polls.lot.ahead_draw"), Text: t.T("polls.lot.text_outside")}
	case len(o.Chosen) > 0:
		k := teller{t: t, method: method}
		k.r.Options = o.Chosen
		for i := range o.Chosen {
			k.r.Winners = append(k.r.Winners, i)
		}
		s.Kind, s.Word, s.Sentence = ui.Yes, t.T(DecidedKey(method)), k.sentence()
	case o.Outcome == "no_quorum":
		s.Word, s.Sentence = t.T("polls.outcome.no_quorum"), t.T("polls.story.no_quorum")
	default:
		s.Word, s.Sentence = t.T("polls.outcome."+o.Outcome), ""
	}
	return s
}

// Kept says to people outside why they do not see every figure of a poll; it is empty where they do.
func Kept(t *i18n.Texts, poll models.Poll, shown disclosure.Extent) string {
	switch {
	case shown == "" || shown == disclosure.Everything:
		return ""
	case poll.Method == methods.Sortition:
		return t.T("polls.kept.draw")
	case shown == disclosure.ByHead:
		return t.T("polls.kept.classes", "Least", disclosure.LeastInClass)
	}
	return t.T("polls.kept.figures", "Least", disclosure.LeastInClass)
}
