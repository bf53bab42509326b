package disclosure

// Extent is how much of a vote's figures people outside the cooperative see; a
// closed type. Members see everything: among them votes are open.
type Extent string

// The extents.
const (
	// Everything: lines and arithmetic by class, and figures in which the classes weigh.
	Everything Extent = "everything"
	// ByHead: figures in which every vote is worth the same, whoever cast it, and none by class.
	ByHead Extent = "by_head"
	// OutcomeOnly: how it ended and who was chosen, how many could vote and how many did.
	OutcomeOnly Extent = "outcome"
)

// LeastInClass is how many people of a class must have voted for its figures to be seen: as many as a cell of a table
// about gender must hold.
const LeastInClass = minCell

// Sheet is people of one class who voted alike. It is raw: it must not be shown.
// Says is each thing that their vote says, in a text of its own: a word, or what
// it marks each option with. People who could vote and did not say nothing.
type Sheet struct {
	Class  string
	People int64
	Says   []string
}

// OfVote says what of a vote people outside see. Weighed says that its figures
// tell the classes apart even where no line does: the votes of one class weigh
// more than those of another, or each class has to agree.
//
// The reader to guard against knows who is in each class, which anybody can know
// of a class of one or two, and may not know how they voted. Lines by class tell
// that reader how somebody voted in two cases. Where few of a class voted, what
// each said is told, or nearly: of one it is told outright. And where all of a
// class who voted said the same thing, it is told of each, however many they are.
// So every class that had somebody who could vote needs LeastInClass people who
// did, counted as people, whatever their votes count as, and no thing that all of
// these said. One class that falls short hides the lines of all: what is missing
// from a total is what was hidden.
//
// To drop the lines is enough where every vote is worth the same, since a total
// of such votes is the same whoever of the voters said what. It is not enough where
// classes weigh: 3/7 of a vote can only come from a class of seven. Then no
// figure is left, only the outcome, which the cooperative must be able to tell.
//
// Equations, for every vote:
//
//	OfVote does not depend on the order of the sheets, nor on how alike ones are joined
//	OfVote(v, false) == Everything  <=>  OfVote(v, true) == Everything
//	Everything  =>  from what each class said in all, nobody's answer follows
func OfVote(all []Sheet, weighed bool) Extent {
	switch {
	case classesShowable(all):
		return Everything
	case weighed:
		return OutcomeOnly
	}
	return ByHead
}

func classesShowable(all []Sheet) bool {
	voted := map[string]int64{}
	alike := map[string]map[string]int64{} // class: how many said each thing
	for _, s := range all {
		if s.People <= 0 {
			continue
		}
		if alike[s.Class] == nil {
			alike[s.Class] = map[string]int64{}
		}
		if len(s.Says) > 0 {
			voted[s.Class] += s.People
		}
		for _, said := range s.Says {
			alike[s.Class][said] += s.People
		}
	}
	for class, each := range alike {
		if voted[class] < LeastInClass {
			return false
		}
		for _, n := range each {
			if n >= voted[class] {
				return false
			}
		}
	}
	return true
}
