package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"socia/core/ballots"
	"socia/core/condorcet"
	"socia/core/count"
	"socia/core/lot"
)

// countedElection is a file of ballots and what its count came to.
type countedElection struct {
	ballots.Election
	count.Result
	lots lot.Breaker
}

// tallied is the count as JSON; options are called by their names in the file.
type tallied struct {
	Method     string                             `json:"method"`
	Version    string                             `json:"version"`
	Format     ballots.Format                     `json:"format"`
	Title      string                             `json:"title,omitempty"`
	Seats      int                                `json:"seats"`
	Candidates []string                           `json:"candidates"`
	FullNames  map[string]string                  `json:"full_names,omitempty"`
	Withdrawn  []string                           `json:"withdrawn,omitempty"`
	Papers     count.Figure                       `json:"papers"`
	Valid      count.Figure                       `json:"valid"`
	Blank      int64                              `json:"blank"`
	Quota      count.Figure                       `json:"quota"` // empty where the method has none
	Winners    []string                           `json:"winners"`
	Order      [][]string                         `json:"order,omitempty"`
	Rounds     []talliedRound                     `json:"rounds"`
	Pairs      map[string]map[string]count.Figure `json:"pairs,omitempty"`
	Paths      map[string]map[string]count.Figure `json:"paths,omitempty"`
	Lots       []talliedLot                       `json:"lots,omitempty"`
	Seed       *string                            `json:"seed,omitempty"`
}

type talliedRound struct {
	Number    int                     `json:"number"`
	Acts      []talliedAct            `json:"acts"`
	Tally     map[string]count.Figure `json:"tally"`
	States    map[string]count.State  `json:"states"`
	Keep      map[string]count.Figure `json:"keep,omitempty"`
	Exhausted count.Figure            `json:"exhausted,omitempty"`
	Residual  count.Figure            `json:"residual,omitempty"`
	Inactive  *count.Inactive         `json:"inactive,omitempty"`
	Quota     count.Figure            `json:"quota,omitempty"`
}

type talliedAct struct {
	Kind      count.ActKind           `json:"kind"`
	Option    string                  `json:"option,omitempty"`
	Against   string                  `json:"against,omitempty"`
	Among     []string                `json:"among,omitempty"`
	Rule      string                  `json:"rule,omitempty"`
	Votes     count.Figure            `json:"votes,omitempty"`
	Needed    count.Figure            `json:"needed,omitempty"`
	Transfers map[string]count.Figure `json:"transfers,omitempty"`
	Exhausted count.Figure            `json:"exhausted,omitempty"`
}

// talliedLot is a tie that the method left. By is "seed", or "file_order" where no lot was needed.
type talliedLot struct {
	What   string   `json:"what"`
	By     string   `json:"by"`
	Among  []string `json:"among"`
	Chosen []string `json:"chosen"`
}

func (c *countedElection) writeJSON(out io.Writer) error {
	all := tallied{
		Method: c.Method, Version: c.Version, Format: c.Format, Title: c.Title, Seats: c.Result.Seats,
		Candidates: c.Election.Options, FullNames: c.fullNames(), Withdrawn: c.names(c.Withdrawn),
		Papers: c.Result.Papers, Valid: c.Valid, Blank: c.Blank, Quota: c.Quota, Winners: c.names(c.Winners),
		Pairs: c.table(c.Pairs), Paths: c.table(c.Paths),
	}
	for _, tier := range c.Order {
		all.Order = append(all.Order, c.names(tier))
	}
	for _, round := range c.Rounds {
		all.Rounds = append(all.Rounds, c.round(round))
	}
	seed := string(c.lots.Seed)
	for _, l := range c.Lots {
		told := talliedLot{What: l.What, By: fileOrder, Among: c.names(l.Among), Chosen: c.names(l.Chosen)}
		if !c.lots.Settles(l.Among, l.Chosen) {
			told.By, all.Seed = "seed", &seed
		}
		all.Lots = append(all.Lots, told)
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}

func (c *countedElection) round(round count.Round) talliedRound {
	r := talliedRound{
		Number: round.Number, Acts: []talliedAct{}, Tally: map[string]count.Figure{}, States: map[string]count.State{},
		Exhausted: round.Exhausted, Residual: round.Residual, Inactive: round.Inactive, Quota: round.Quota,
	}
	for _, line := range round.Tally {
		if line.Votes != "" {
			r.Tally[c.name(line.Option)] = line.Votes
		}
		if line.State != "" {
			r.States[c.name(line.Option)] = line.State
		}
		if line.Keep != "" {
			if r.Keep == nil {
				r.Keep = map[string]count.Figure{}
			}
			r.Keep[c.name(line.Option)] = line.Keep
		}
	}
	for _, act := range round.Acts {
		r.Acts = append(r.Acts, c.act(act))
	}
	return r
}

func (c *countedElection) act(act count.Act) talliedAct {
	if c.byFileOrder(act) {
		act.Kind, act.Rule = count.ActTie, fileOrder
	}
	a := talliedAct{Kind: act.Kind, Option: c.name(act.Option), Among: c.names(act.Among), Rule: act.Rule, Votes: act.Votes, Needed: act.Needed}
	if act.Against != nil {
		a.Against = c.name(*act.Against)
	}
	for _, to := range act.Transfers {
		if to.To == count.ToNobody {
			a.Exhausted = to.Votes
			continue
		}
		if a.Transfers == nil {
			a.Transfers = map[string]count.Figure{}
		}
		a.Transfers[c.name(to.To)] = to.Votes
	}
	return a
}

// fileOrder is what decided a tie where no lot was drawn.
const fileOrder = "file_order"

// byFileOrder says whether a tie was decided by the file's order for ties, and not by lot.
func (c *countedElection) byFileOrder(act count.Act) bool {
	return act.Kind == count.ActLot && c.lots.Settles(act.Among, []int{act.Option})
}

// table calls the rows and columns of a table by names; nil stays nil.
func (c *countedElection) table(rows [][]count.Figure) map[string]map[string]count.Figure {
	if rows == nil {
		return nil
	}
	all := map[string]map[string]count.Figure{}
	for i, row := range rows {
		all[c.name(i)] = c.figures(row)
	}
	return all
}

func (c *countedElection) figures(row []count.Figure) map[string]count.Figure {
	all := map[string]count.Figure{}
	for j, figure := range row {
		if figure != "" {
			all[c.name(j)] = figure
		}
	}
	return all
}

// name is an option's name in the file; an act that is about no single option has none.
func (c *countedElection) name(option int) string {
	if option < 0 || option >= len(c.Election.Options) {
		return ""
	}
	return c.Election.Options[option]
}

func (c *countedElection) names(options []int) []string {
	all := make([]string, 0, len(options))
	for _, option := range options {
		all = append(all, c.name(option))
	}
	return all
}

func (c *countedElection) fullNames() map[string]string {
	all := map[string]string{}
	for i, full := range c.FullNames {
		if full != "" {
			all[c.name(i)] = full
		}
	}
	return all
}

// writeText prints a table for each round and says who is elected.
func (c *countedElection) writeText(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if c.Title != "" {
		_, _ = fmt.Fprintln(w, c.Title)
	}
	_, _ = fmt.Fprintf(w, "%s, version %s: %d seats, %s papers, %d blank, %s valid", c.Method, c.Version, c.Result.Seats, c.Result.Papers, c.Blank, c.Valid)
	if c.Quota != "" {
		_, _ = fmt.Fprintf(w, ", quota %s", c.Quota)
	}
	_, _ = fmt.Fprintln(w)
	for i, full := range c.FullNames {
		if full != "" && full != c.name(i) {
			_, _ = fmt.Fprintf(w, "  %s: %s\n", c.name(i), full)
		}
	}
	for _, round := range c.Rounds {
		c.writeRound(w, round)
	}
	c.writePairs(w)
	if len(c.Order) > 0 {
		_, _ = fmt.Fprintf(w, "\nOrder: %s\n", c.orderText())
	}
	for _, l := range c.Lots {
		how := fmt.Sprintf("Lot with the seed %q", string(c.lots.Seed))
		if c.lots.Settles(l.Among, l.Chosen) {
			how = "By the file's order"
		}
		_, _ = fmt.Fprintf(w, "\n%s for %q among %s: %s\n", how, l.What, strings.Join(c.names(l.Among), ", "), strings.Join(c.names(l.Chosen), ", "))
	}
	_, _ = fmt.Fprintf(w, "\n%s\n", c.outcome())
	return w.Flush() // keeps the first error of writing
}

// needed is what a dropped option did not reach: with the rule "beaten" it is to be passed.
func needed(act count.Act) string {
	if act.Rule == condorcet.RuleBeaten {
		return "more than " + string(act.Needed)
	}
	return string(act.Needed)
}

func (c *countedElection) outcome() string {
	if c.NothingApproved() {
		return "Elected, in this order: " + c.name(c.Winners[0]) + ". It is the default option: nothing is approved."
	}
	if len(c.Winners) == 0 {
		return "Nobody is elected."
	}
	return "Elected, in this order: " + strings.Join(c.names(c.Winners), ", ") + "."
}

// orderText writes the best first, and those that stand together with =.
func (c *countedElection) orderText() string {
	tiers := make([]string, len(c.Order))
	for i, tier := range c.Order {
		tiers[i] = strings.Join(c.names(tier), " = ")
	}
	return strings.Join(tiers, " > ")
}

func (c *countedElection) writeRound(w io.Writer, round count.Round) {
	_, _ = fmt.Fprintf(w, "\nRound %d\n", round.Number)
	for _, line := range round.Tally {
		if line.Votes != "" || line.State != "" {
			_, _ = fmt.Fprintf(w, "  %s\t%s\t%s\n", c.name(line.Option), line.Votes, line.State)
		}
	}
	for _, rest := range []struct {
		what   string
		figure count.Figure
	}{{"(exhausted)", round.Exhausted}, {"(residual)", round.Residual}, {"(quota)", round.Quota}} {
		if rest.figure != "" && (rest.what != "(quota)" || rest.figure != c.Quota) {
			_, _ = fmt.Fprintf(w, "  %s\t%s\t\n", rest.what, rest.figure)
		}
	}
	for _, act := range round.Acts {
		_, _ = fmt.Fprintf(w, "  %s\n", c.sentence(act))
	}
}

// sentence says what was done.
func (c *countedElection) sentence(act count.Act) string {
	name, against := c.name(act.Option), ""
	if act.Against != nil {
		against = c.name(*act.Against)
	}
	switch act.Kind {
	case count.ActElect:
		return name + " is elected."
	case count.ActRemaining:
		return name + " is elected: no more are left than seats."
	case count.ActDefeat:
		return name + " goes out."
	case count.ActSurplus:
		return fmt.Sprintf("The surplus of %s, %s, passes on: %s.", name, act.Votes, c.transfers(act))
	case count.ActTransfer:
		return fmt.Sprintf("The votes of %s pass on: %s.", name, c.transfers(act))
	case count.ActTie:
		return fmt.Sprintf("A tie of %s: %s, by the rule %s.", strings.Join(c.names(act.Among), ", "), name, act.Rule)
	case count.ActLot:
		how := "by lot"
		if c.byFileOrder(act) {
			how = "by the file's order"
		}
		return fmt.Sprintf("A tie of %s: %s, %s.", strings.Join(c.names(act.Among), ", "), name, how)
	case count.ActLock:
		return fmt.Sprintf("%s over %s stands (%s).", name, against, act.Votes)
	case count.ActSkip:
		return fmt.Sprintf("%s over %s is left out (%s).", name, against, act.Votes)
	case count.ActDrop:
		return fmt.Sprintf("%s is dropped: %s against %s (%s, needed %s).", name, act.Rule, against, act.Votes, needed(act))
	case count.ActGuard:
		return name + " may not go out (parity)."
	case count.ActDoom:
		return name + " may no longer be elected (parity)."
	case count.ActSwap:
		return fmt.Sprintf("%s takes the place of %s (parity).", name, against)
	case count.ActFund:
		return fmt.Sprintf("%s is funded (%s).", name, act.Votes)
	case count.ActPass:
		return name + " does not fit any more."
	}
	return string(act.Kind)
}

// writePairs prints how many papers prefer the option of the line to that of the column.
func (c *countedElection) writePairs(w io.Writer) {
	if c.Pairs == nil {
		return
	}
	_, _ = fmt.Fprintf(w, "\nPapers that prefer the option of the line to that of the column\n  \t%s\n", strings.Join(c.Election.Options, "\t"))
	for i, row := range c.Pairs {
		_, _ = fmt.Fprintf(w, "  %s", c.name(i))
		for _, figure := range row {
			_, _ = fmt.Fprintf(w, "\t%s", figure)
		}
		_, _ = fmt.Fprintln(w)
	}
}

func (c *countedElection) transfers(act count.Act) string {
	all := make([]string, 0, len(act.Transfers))
	for _, to := range act.Transfers {
		all = append(all, string(to.Votes)+" to "+cmp.Or(c.name(to.To), "nobody"))
	}
	return cmp.Or(strings.Join(all, ", "), "there are none")
}
