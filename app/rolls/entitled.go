package rolls

import (
	"context"

	"socia/app/identity"
	"socia/models"
	"socia/platform/db"
)

// Entitled is a member who may vote outside assemblies at an instant, and whose account votes for them.
type Entitled struct {
	Member  models.MemberID
	Class   string
	Votes   int64 // how many the member has under those statutes
	Account *models.AccountID
}

// EntitledTx lists every member who may vote now under the statutes in force, by id: the electors of a consultation.
func EntitledTx(ctx context.Context, tx *db.Tx) (all []Entitled, err error) {
	if err := apartTx(tx, freezes); err != nil {
		return nil, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return nil, err
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return nil, err
	}
	classes, err := classCodesTx(tx)
	if err != nil {
		return nil, err
	}
	for after := models.MemberID(0); ; {
		members, err := membersTx(tx, after, today)
		if err != nil {
			return nil, err
		}
		if len(members) == 0 {
			return all, nil
		}
		verdicts, err := verdictsTx(ctx, tx, members, tx.Now, statutes.Body, happened)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			if verdicts[m.ID].MayVote {
				all = append(all, Entitled{Member: m.ID, Class: classes[m.ClassID], Votes: statutes.Body.Counting.VotesOf(m.Votes), Account: m.AccountID})
			}
		}
		after = members[len(members)-1].ID
	}
}
