package polls

import (
	"fmt"

	"socia/core/consent"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// answersTx finds how a poll ends that is never a tally.
func answersTx(tx *db.Tx, poll models.Poll) (*models.PollAnswers, error) {
	a := models.PollAnswers{Given: map[string]int64{}}
	var asked []int64
	if err := tx.DB.Model(&models.PollElector{}).Where("poll_id = ?", poll.ID).Order("member_id").Pluck("member_id", &asked).Error; err != nil {
		return nil, fmt.Errorf("read the electors of poll %d: %w", poll.ID, err)
	}
	var votes []models.Vote
	if err := tx.DB.Where("poll_id = ?", poll.ID).Order("member_id").Find(&votes).Error; err != nil {
		return nil, fmt.Errorf("read the votes of poll %d: %w", poll.ID, err)
	}
	for _, v := range votes { // people, whatever votes they have: no answer outweighs another
		a.Given[string(v.Choice)]++
	}
	var r consent.Result
	var err error
	if poll.Method == methods.Advice {
		a.Outcome, a.Agreed = adviceOf(asked, votes), a.Given["advice"] > 0
		return &a, nil
	}
	if poll.Method == methods.Consent {
		r, err = consentTx(tx, poll, asked, votes)
	} else {
		r, err = consensusOf(poll, asked, votes)
	}
	if err != nil {
		return nil, fmt.Errorf("find the outcome of poll %d: %w", poll.ID, err)
	}
	a.Outcome, a.Agreed = string(r.Outcome), r.Outcome.Adopted()
	for _, id := range r.Answer {
		a.Open = append(a.Open, models.MemberID(id))
	}
	return &a, nil
}

func consentTx(tx *db.Tx, poll models.Poll, asked []int64, votes []models.Vote) (consent.Result, error) {
	answered, err := resolutionsTx(tx, poll.ID)
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
		r, ok := answered[objector.MemberID]
		// An answer is to the objection that there was: who objects anew is answered anew.
		if ok && voices[i].Position == consent.Objects && !r.At.Before(objector.CastAt) {
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

// adviceOf says whether everybody asked has answered by the close.
func adviceOf(asked []int64, votes []models.Vote) string {
	a := consent.Advice{Over: true}
	for _, id := range asked {
		a.Sought = append(a.Sought, consent.Sought{MemberID: id, Why: consent.Affected})
	}
	for _, v := range votes {
		text := v.Reason
		if v.Choice == "no_advice" {
			text = "–" // they have answered: they have nothing to say
		}
		a.Given = append(a.Given, consent.Given{MemberID: int64(v.MemberID), Text: text})
	}
	return string(a.Stage())
}
