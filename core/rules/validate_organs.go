package rules

// quorums looks at what each quorum counts, and of what: before a vote nobody has cast anything, so that calls are of
// the roll.
func (c *check) quorums(q Quorum, counting Counting) {
	for _, x := range []struct {
		field string
		t     Threshold
	}{{"quorum.first", q.First}, {"quorum.second", q.Second}, {"quorum.at_vote", q.VoteOrNone()}} {
		switch x.t.By {
		case UnitAsVotes, UnitPersons, UnitWeight, UnitClass:
		default:
			c.wrong(x.field+".by", "rules.unknown_unit")
		}
		if x.t.By == UnitWeight && len(counting.Shares) == 0 {
			c.wrong(x.field+".by", "rules.shares_missing")
		}
		if x.t.By == UnitPersons && counting.Most() > 1 { // whoever is there is counted by votes, as Llei 12/2015 art. 46.1 has it
			c.wrong(x.field+".by", "rules.persons_with_votes")
		}
		ofPresent := x.t.Of == BasePresent && x.field == "quorum.at_vote"
		if x.t.Of != "" && x.t.Of != BaseRoll && !ofPresent {
			c.wrong(x.field+".of", "rules.quorum_of")
		}
	}
	c.threshold("quorum.at_vote", q.VoteOrNone())
}

// classCap looks at a cap that is on. "At most all of them" bounds nothing and is refused, so that a cap on
// the page is one.
func (c *check) classCap(k ClassCap) {
	if ofAll := k.Den != 0 && len(k.Classes) > 0; k.Base != BaseRoll && k.Base != BasePresent && (k.Base != "" || ofAll) {
		c.wrong("counting.class_cap.base", "rules.unknown_base")
	}
	if len(k.Classes) == 0 {
		return
	}
	if k.Den == 0 && k.Num == 0 && k.UnderDen == 0 && k.UnderNum == 0 {
		c.wrong("counting.class_cap.num", "rules.cap_missing")
	}
	if k.Den != 0 || k.Num != 0 {
		c.underAll("counting.class_cap.num", k.Num, k.Den)
	}
	if k.UnderDen != 0 || k.UnderNum != 0 {
		c.fractionIn("counting.class_cap.under_num", k.UnderNum, k.UnderDen)
	}
}

// leavesOut asks that the cap leave a class out, where the shares name the classes; who knows the classes of a cooperative
// that counts heads asks ClassCap.LeavesOut.
func (c *check) leavesOut(n Counting) {
	if len(n.Shares) == 0 {
		return
	}
	classes := make([]string, len(n.Shares))
	for i, s := range n.Shares {
		classes[i] = s.Class
	}
	if !n.Cap.LeavesOut(classes) {
		c.faults = append(c.faults, CapsEverybody())
	}
}

// fractionIn asks for 0 < num/den <= 1 where both are one field, and says whether that holds.
func (c *check) fractionIn(field string, num, den int64) bool {
	switch {
	case den <= 0:
		c.wrong(field, "rules.fraction_den")
	case num <= 0 || num > den:
		c.wrong(field, "rules.fraction_num", map[string]any{"den": den})
	default:
		return true
	}
	return false
}

// underAll asks for less than the whole besides.
func (c *check) underAll(field string, num, den int64) {
	if c.fractionIn(field, num, den) && num == den {
		c.wrong(field, "rules.more_than_all")
	}
}

func (c *check) organs(r RuleSet) {
	challenge, information, office, revocation := r.Challenge.OrUsual(), r.Information.OrUsual(), r.Office.OrUsual(), r.Revocation.OrUsual()
	c.between("challenge.void_years", challenge.VoidYears, 1, 10)
	c.between("challenge.voidable_days", challenge.VoidableDays, 1, 365)
	c.between("information.days", information.Days, 1, 365)
	c.between("information.percent", information.Percent, 1, 100)
	c.between("information.months", information.Months, 1, 12)
	c.between("office.board_least", office.BoardLeast, 1, 100)
	c.between("office.term_years", office.TermYears, 1, 20)
	c.between("secrecy.percent", r.SecrecyOrUsual().Percent, 1, 100)
	c.underAll("revocation.num", revocation.Num, revocation.Den)
}
