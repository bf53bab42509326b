package polls

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"socia/app/identity"
	"socia/core/lot"
	"socia/core/methods"
	"socia/core/paper"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// countTx counts the votes of a poll from their rows, by the statutes that it was opened under.
func countTx(tx *db.Tx, poll models.Poll) (*tally.Result, *models.PollCount, error) {
	if poll.Method == methods.Motion {
		result, err := motionTx(tx, poll)
		return &result, nil, err
	}
	statutes, err := identity.StatutesByIDTx(tx, poll.RuleSetID)
	if err != nil {
		return nil, nil, err
	}
	count, err := methodTx(tx, poll, statutes.Body)
	return nil, &count, err
}

// motionTx counts a motion by class. Outside assemblies who took part is who is present.
func motionTx(tx *db.Tx, poll models.Poll) (tally.Result, error) {
	statutes, err := identity.StatutesByIDTx(tx, poll.RuleSetID)
	if err != nil {
		return tally.Result{}, err
	}
	var rows []struct {
		ClassCode string
		Choice    *models.Choice
		N         int64
	}
	err = tx.DB.Model(&models.PollElector{}).
		Select("poll_electors.class_code AS class_code, votes.choice AS choice, CAST(SUM(poll_electors.votes) AS BIGINT) AS n").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where("poll_electors.poll_id = ?", poll.ID).Group("poll_electors.class_code, votes.choice").Scan(&rows).Error
	if err != nil {
		return tally.Result{}, fmt.Errorf("count poll %d: %w", poll.ID, err)
	}
	counts := map[string]*tally.ClassCount{}
	for class, roll := range poll.RollCounts {
		counts[class] = &tally.ClassCount{Class: class, Roll: roll}
	}
	for _, r := range rows {
		k := counts[r.ClassCode]
		if k == nil {
			return tally.Result{}, fmt.Errorf("poll %d has electors of class %s, its roll has none", poll.ID, r.ClassCode)
		}
		if r.Choice != nil || !poll.Consultation() {
			k.Present += r.N
		}
		if r.Choice == nil {
			continue
		}
		switch *r.Choice {
		case models.For:
			k.For += r.N
		case models.Against:
			k.Against += r.N
		case models.Abstain:
			k.Abstain += r.N
		}
	}
	result, err := tally.Decide(inOrder(counts), rules.DecisionKind(poll.Decision), statutes.Body)
	if percent := poll.Setup.QuorumPercent; err == nil && percent > 0 {
		result.AskTurnout(int64(percent))
	}
	return result, err
}

func inOrder(counts map[string]*tally.ClassCount) []tally.ClassCount {
	all := make([]tally.ClassCount, 0, len(counts))
	for _, k := range counts {
		all = append(all, *k)
	}
	slices.SortFunc(all, func(a, b tally.ClassCount) int { return strings.Compare(a.Class, b.Class) })
	return all
}

// alike says whether a poll counted again gives what was announced.
func alike(poll models.Poll, result *tally.Result, count *models.PollCount) (bool, error) {
	if result != nil {
		was := poll.Result
		return was != nil && result.Outcome == was.Outcome && result.For.Equal(was.For) && result.Against.Equal(was.Against) && result.Abstain.Equal(was.Abstain) && result.Base.Equal(was.Base), nil
	}
	if was := poll.Count; was != nil && was.Answers != nil && was.Answers.Silent == nil && count.Answers != nil {
		told := *count.Answers // as results were stored before they told more
		told.Silent, told.Amended, told.Withdrawn, told.Eased = nil, 0, 0, 0
		older := *count
		older.Answers, count = &told, &older
	}
	now, err := json.Marshal(count)
	if err != nil {
		return false, fmt.Errorf("write the count of poll %d: %w", poll.ID, err)
	}
	was, err := json.Marshal(poll.Count)
	return bytes.Equal(now, was), err
}

// sheet is what was voted alike in one class; N counts votes, of which a member may have several.
type sheet struct {
	ClassCode string
	Choice    string
	N         int64
}

// methodTx counts a poll by any method but the motion, under some statutes.
func methodTx(tx *db.Tx, poll models.Poll, statutes rules.RuleSet) (c models.PollCount, err error) {
	method, ok := methods.ByName(poll.Method)
	if !ok {
		return c, fmt.Errorf("poll %d has the unknown method %q", poll.ID, poll.Method)
	}
	sheets, err := sheetsTx(tx, poll)
	if err != nil {
		return c, err
	}
	for _, s := range sheets {
		c.Cast += s.N
	}
	if c.Quorum, err = quorumTx(tx, poll, c.Cast); err != nil {
		return c, err
	}
	if err := atVoteTx(tx, poll, method, statutes, sheets, &c); err != nil {
		return c, err
	}
	switch method.Answer {
	case methods.Words:
		c.Answers, err = answersTx(tx, poll)
	case methods.Papers:
		err = countPapersTx(tx, poll, method, statutes, sheets, &c)
	case methods.None:
		c.Result, c.Strata, err = drawTx(tx, poll)
	}
	return c, err
}

// counted is what an elector counts as: the votes that the member has, or one where people are counted.
func counted(poll models.Poll) string {
	if method, _ := methods.ByName(poll.Method); method.Heads() {
		return "COUNT(*)"
	}
	return "CAST(SUM(poll_electors.votes) AS BIGINT)"
}

// sheetsTx reads what was voted in a poll, by class.
func sheetsTx(tx *db.Tx, poll models.Poll) (sheets []sheet, err error) {
	err = tx.DB.Model(&models.Vote{}).Select("poll_electors.class_code AS class_code, votes.choice AS choice, "+counted(poll)+" AS n").
		Joins("JOIN poll_electors ON poll_electors.poll_id = votes.poll_id AND poll_electors.member_id = votes.member_id").
		Where("votes.poll_id = ?", poll.ID).Group("poll_electors.class_code, votes.choice").Order("poll_electors.class_code, votes.choice").Scan(&sheets).Error
	if err != nil {
		return nil, fmt.Errorf("read the votes of poll %d: %w", poll.ID, err)
	}
	return sheets, nil
}

// quorumTx compares who took part with what the poll asks; nil when it asks nothing.
func quorumTx(tx *db.Tx, poll models.Poll, cast int64) (*models.PollQuorum, error) {
	percent := int64(poll.Setup.QuorumPercent)
	if percent == 0 {
		return nil, nil
	}
	var electors int64
	if err := tx.DB.Model(&models.PollElector{}).Select(counted(poll)).Where("poll_id = ?", poll.ID).Scan(&electors).Error; err != nil {
		return nil, fmt.Errorf("count the electors of poll %d: %w", poll.ID, err)
	}
	needed := tally.Turnout(cast, electors, percent).Needed
	return &models.PollQuorum{Percent: poll.Setup.QuorumPercent, Electors: electors, TookPart: cast, Needed: needed.Rat().Num().Int64()}, nil
}

// atVoteTx asks the statutes whether enough took part, where something is decided by those who do: a draw, advice, a day
// to meet and who joins in ask nobody's vote.
func atVoteTx(tx *db.Tx, poll models.Poll, method methods.Method, statutes rules.RuleSet, sheets []sheet, c *models.PollCount) error {
	if method.Heads() {
		return nil
	}
	among, err := amongTx(tx, poll, sheets)
	if err != nil {
		return err
	}
	c.AtVote, err = tally.AtVote(classCounts(poll.RollCounts, among, sheets), statutes)
	if err != nil {
		return fmt.Errorf("ask the quorum of poll %d: %w", poll.ID, err)
	}
	return nil
}

// classCounts is who is on the roll, who is present and represented, and who cast something, which is given as For.
func classCounts(roll, among map[string]int64, sheets []sheet) []tally.ClassCount {
	counts := make(map[string]*tally.ClassCount, len(roll))
	for class, n := range roll {
		counts[class] = &tally.ClassCount{Class: class, Roll: n, Present: among[class]}
	}
	for _, s := range sheets {
		if k := counts[s.ClassCode]; k != nil {
			k.For += s.N
		}
	}
	return inOrder(counts)
}

// countPapersTx counts marked papers, each with the weight of its class where the statutes weigh votes, unless the method
// counts heads.
func countPapersTx(tx *db.Tx, poll models.Poll, method methods.Method, statutes rules.RuleSet, sheets []sheet, c *models.PollCount) error {
	options, err := optionsTx(tx, poll.ID)
	if err != nil {
		return err
	}
	w := weighed{scale: 1, unit: 1}
	if !method.Heads() {
		if w, err = weighTx(tx, poll, statutes, sheets); err != nil {
			return err
		}
	}
	c.Weights, c.Rounded, c.Weighing = w.weights, w.rounded, w.why
	bundles, err := bundlesOf(sheets, w.weights)
	if err != nil {
		return fmt.Errorf("read the papers of poll %d: %w", poll.ID, err)
	}
	result, plain, err := method.Count(poll.Setup.Setup, methodOptions(options), bundles, w.scale, lot.Seed(poll.Seed))
	if err != nil {
		return fmt.Errorf("count poll %d: %w", poll.ID, err)
	}
	result.Unit = w.unit
	if plain != nil {
		plain.Unit = w.unit
	}
	c.Result, c.Plain = &result, plain
	return nil
}

// weighTx is what the votes of a poll weigh by its statutes.
func weighTx(tx *db.Tx, poll models.Poll, statutes rules.RuleSet, sheets []sheet) (w weighed, err error) {
	among, err := amongTx(tx, poll, sheets)
	if err != nil {
		return w, err
	}
	if w, err = weigh(poll.RollCounts, among, statutes.Counting); err != nil {
		return w, fmt.Errorf("weigh the votes of poll %d: %w", poll.ID, err)
	}
	return w, nil
}

// amongTx is how many votes share what each class weighs: those present and represented, or, in a consultation, those cast.
func amongTx(tx *db.Tx, poll models.Poll, sheets []sheet) (map[string]int64, error) {
	among := map[string]int64{}
	if poll.Consultation() {
		for _, s := range sheets {
			among[s.ClassCode] += s.N
		}
		return among, nil
	}
	var rows []struct {
		ClassCode string
		N         int64
	}
	err := tx.DB.Model(&models.PollElector{}).Select("class_code, "+counted(poll)+" AS n").Where("poll_id = ?", poll.ID).Group("class_code").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count the electors of poll %d: %w", poll.ID, err)
	}
	for _, r := range rows {
		among[r.ClassCode] = r.N
	}
	return among, nil
}

// bundlesOf joins papers that say the same.
func bundlesOf(sheets []sheet, weights []models.PollWeight) ([]paper.Bundle, error) {
	at := map[string]int{}
	var bundles []paper.Bundle
	for _, s := range sheets {
		p, err := paper.Parse(s.Choice)
		if err != nil {
			return nil, err
		}
		w := s.N
		if i := slices.IndexFunc(weights, func(w models.PollWeight) bool { return w.Class == s.ClassCode }); i >= 0 {
			w *= weights[i].Weight
		}
		if w == 0 {
			continue // a cap leaves the class nothing while nobody else is there
		}
		i, known := at[s.Choice]
		if !known {
			i = len(bundles)
			at[s.Choice] = i
			bundles = append(bundles, paper.Bundle{Paper: p})
		}
		bundles[i].Voters += s.N
		bundles[i].Weight += w
	}
	return bundles, nil
}

func methodOptions(options []Option) []methods.Option {
	all := make([]methods.Option, len(options))
	for i, o := range options {
		all[i] = methods.Option{Label: o.Label, CostCents: o.CostCents, InGroup: o.InGroup}
	}
	return all
}
