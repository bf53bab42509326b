package polls

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"socia/core/disclosure"
	"socia/core/methods"
	"socia/core/paper"
	"socia/models"
	"socia/platform/db"
)

// outsideTx leaves in a view of a closed poll what people outside may see of it. Pages and files are drawn from the view,
// so that none of them has more.
func (s *Service) outsideTx(tx *db.Tx, v *View) error {
	shown, err := s.shownTx(tx, v.Poll)
	if err != nil {
		return err
	}
	if !told(v.Poll) {
		shown = disclosure.Everything // there is no result
	} else if v.Poll.Method == methods.Sortition {
		shown = disclosure.OutcomeOnly
	}
	v.Kept = shown != disclosure.Everything && (v.Poll.ByClass() || v.Poll.Method == methods.Sortition)
	v.Shown = shown
	v.Poll, v.Outline = v.Poll.Outside(shown)
	return nil
}

// shownTx is how much of a poll's figures people outside see. Votes of a closed poll never change, so that it is found once.
func (s *Service) shownTx(tx *db.Tx, poll models.Poll) (disclosure.Extent, error) {
	if known, ok := s.shown.Load(poll.ID); ok {
		extent, _ := known.(disclosure.Extent)
		return extent, nil
	}
	var rows []struct {
		ClassCode string
		Votes     int64
		Choice    *string
		N         int64
	}
	err := tx.DB.Model(&models.PollElector{}).Select("poll_electors.class_code AS class_code, poll_electors.votes AS votes, votes.choice AS choice, COUNT(*) AS n").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where("poll_electors.poll_id = ?", poll.ID).Group("poll_electors.class_code, poll_electors.votes, votes.choice").Scan(&rows).Error
	if err != nil {
		return "", fmt.Errorf("read what each class voted in poll %d: %w", poll.ID, err)
	}
	method, _ := methods.ByName(poll.Method)
	sheets, weighed := make([]disclosure.Sheet, len(rows)), poll.TellsClasses()
	for i, r := range rows {
		sheets[i] = disclosure.Sheet{Class: r.ClassCode, People: r.N}
		if method.Plural() {
			// Who has three votes is as easily told by them as a class is by its weight.
			sheets[i].Class = fmt.Sprintf("%s × %d", r.ClassCode, r.Votes)
			weighed = weighed || r.Votes != rows[0].Votes
		}
		if r.Choice == nil {
			continue
		}
		if sheets[i].Says, err = saidOf(method, poll.Setup.Setup, *r.Choice); err != nil {
			return "", fmt.Errorf("read a vote of poll %d: %w", poll.ID, err)
		}
	}
	shown := disclosure.OfVote(sheets, weighed)
	s.shown.Store(poll.ID, shown)
	return shown, nil
}

// saidOf is each thing that a vote says which figures of its method tell: its word; or, of each option, which mark, or that
// it has none where that counts as much, which it prefers of each two where these are counted, and that it is blank.
func saidOf(method methods.Method, setup methods.Setup, choice string) (says []string, err error) {
	if method.Answer != methods.Papers {
		return []string{choice}, nil
	}
	p, err := paper.Parse(choice)
	if err != nil {
		return nil, err
	}
	marked := slices.ContainsFunc(p, func(mark int) bool { return mark != paper.Blank })
	if !marked {
		says = append(says, "blank")
	}
	// Not to approve is an answer, and so is to give nothing where a blank counts as 0.
	noneSays := method.Form == paper.Approve || method.Form == paper.Score && setup.Blanks == methods.BlanksZero
	for option, mark := range p {
		switch {
		case mark != paper.Blank:
			says = append(says, fmt.Sprintf("%d:%d", option, mark))
		case noneSays:
			says = append(says, fmt.Sprintf("%d:0", option))
		}
	}
	if method.HasTies() {
		says = append(says, preferred(p)...)
	}
	return says, nil
}

// preferred says of each two options which a paper ranks better; what it does not rank comes after all that it does.
func preferred(p paper.Paper) (says []string) {
	rank := func(option int) int {
		if p[option] == paper.Blank {
			return math.MaxInt
		}
		return p[option]
	}
	for i := range p {
		for j := range i {
			says = append(says, fmt.Sprintf("%d~%d:%d", i, j, cmp.Compare(rank(i), rank(j))))
		}
	}
	return says
}
