package polls

import (
	"fmt"
	"slices"

	"socia/core/consent"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// answersTx finds how a poll ends that is never a tally.
func answersTx(tx *db.Tx, poll models.Poll, sheets []sheet) (*models.PollAnswers, error) {
	a := models.PollAnswers{Given: map[string]int64{}}
	for _, s := range sheets {
		a.Given[s.Choice] += s.N
	}
	asked, votes, err := askedVotesTx(tx, poll.ID)
	if err != nil {
		return nil, err
	}
	var r consent.Result
	switch poll.Method {
	case methods.Advice:
		process := adviceOf(poll, asked, votes)
		a.Outcome, a.Agreed, r.Silent = string(process.Stage()), a.Given["advice"] > 0, process.Missing()
	case methods.Consent:
		r, err = consentTx(tx, poll, asked, votes)
		a.Outcome, a.Agreed = string(r.Outcome), r.Outcome.Adopted()
	default:
		r, err = consensusOf(poll, asked, votes)
		a.Outcome, a.Agreed = string(r.Outcome), r.Outcome.Adopted()
	}
	if err != nil {
		return nil, fmt.Errorf("find the outcome of poll %d: %w", poll.ID, err)
	}
	for _, id := range r.Answer {
		a.Open = append(a.Open, models.MemberID(id))
	}
	silent := int64(len(r.Silent))
	a.Silent, a.Amended, a.Withdrawn, a.Eased = &silent, int64(len(r.Amended)), int64(len(r.Withdrawn)), int64(len(r.Eased))
	return &a, nil
}

// askedVotesTx reads who was asked in a poll, and their votes.
func askedVotesTx(tx *db.Tx, id models.PollID) (asked []int64, votes []models.Vote, err error) {
	if err := tx.DB.Model(&models.PollElector{}).Where("poll_id = ?", id).Order("member_id").Pluck("member_id", &asked).Error; err != nil {
		return nil, nil, fmt.Errorf("read the electors of poll %d: %w", id, err)
	}
	if err := tx.DB.Where("poll_id = ?", id).Order("member_id").Find(&votes).Error; err != nil {
		return nil, nil, fmt.Errorf("read the votes of poll %d: %w", id, err)
	}
	return asked, votes, nil
}

func consentTx(tx *db.Tx, poll models.Poll, asked []int64, votes []models.Vote) (consent.Result, error) {
	replies, err := repliesTx(tx, poll.ID)
	if err != nil {
		return consent.Result{}, err
	}
	voices := make([]consent.Voice, len(votes))
	var answers []consent.Resolution
	cast := make(map[models.MemberID]models.Vote, len(votes))
	for _, v := range votes {
		cast[v.MemberID] = v
	}
	for i, v := range votes {
		voices[i] = consent.Voice{VoterID: int64(v.MemberID), Position: consent.Position(v.Choice), Reason: v.Reason}
		objector := v
		if v.DelegateID != nil { // what was answered to who voted for them is answered to them
			objector = cast[*v.DelegateID]
		}
		r, ok := replies[objector.MemberID]
		if ok && voices[i].Position == consent.Objects && r.to(objector.CastAt) && r.holds() {
			answers = append(answers, consent.Resolution{VoterID: int64(v.MemberID), Way: wayOf(r.How)})
		}
	}
	return consent.Decide(asked, voices, answers)
}

func wayOf(how models.ResolutionHow) consent.Way {
	switch how {
	case models.ResolvedByAmendment:
		return consent.ByAmendment
	case models.ObjectionWithdrawn:
		return consent.Withdrawn
	case models.ObjectionEased:
		return consent.AsConcern
	case models.ObjectionUpheld:
	}
	return consent.Upheld
}

func consensusOf(poll models.Poll, asked []int64, votes []models.Vote) (consent.Result, error) {
	stands := make([]consent.Stand, len(votes))
	for i, v := range votes {
		stands[i] = consent.Stand{VoterID: int64(v.MemberID), Stance: consent.Stance(v.Choice), Reason: v.Reason}
	}
	return consent.Agree(asked, stands, consent.ConsensusRule{Asides: poll.Setup.StandAsides, Blocks: 1})
}

// adviceOf is an advice process as it stands. Its time is over when the poll is closed: see heardTx.
func adviceOf(poll models.Poll, asked []int64, votes []models.Vote) consent.Advice {
	a := consent.Advice{ByID: int64(poll.OpenedBy), Sought: asked, Over: poll.ClosedAt != nil}
	for _, v := range votes {
		text := v.Reason
		if v.Choice == "no_advice" {
			text = "–" // they have answered: they have nothing to say
		}
		a.Given = append(a.Given, consent.Given{MemberID: int64(v.MemberID), Text: text})
	}
	return a
}

// heardTx refuses to end an advice process before its hour while somebody who was asked has not answered. In an assembly
// whoever facilitates it says when the time is over.
func heardTx(tx *db.Tx, poll models.Poll) error {
	if poll.Method != methods.Advice || !poll.Consultation() {
		return nil
	}
	asked, votes, err := askedVotesTx(tx, poll.ID)
	if err != nil {
		return err
	}
	return adviceOf(poll, asked, votes).Heard()
}

// sought leaves out of an advice process those for whom whoever opened it would answer: nobody asks themself.
func sought(poll models.Poll, electors []models.PollElector) ([]models.PollElector, error) {
	if poll.Method != methods.Advice {
		return electors, nil
	}
	voters := make([]consent.Voter, len(electors))
	for i, e := range electors {
		voters[i].MemberID = int64(e.MemberID)
		if e.AccountID != nil {
			voters[i].AccountID = int64(*e.AccountID)
		}
	}
	asked, err := consent.Seek(int64(poll.OpenedBy), voters)
	var left []models.PollElector
	for _, e := range electors {
		if _, ok := slices.BinarySearch(asked, int64(e.MemberID)); ok {
			left = append(left, e)
		}
	}
	return left, err
}
