package methods

import "socia/core/rules"

// Decides says whether a point of an agenda may be put to the vote by the
// method. For an ordinary decision any way of voting will do, which is also how
// people are elected. What the statutes hold to a majority of its own (changing
// them, a merger, new contributions) only a motion decides: no other way counts
// for and against, so none could tell whether that majority was reached (Llei
// 12/2015 art. 47.2; Ley 27/1999 art. 28.2). Kind "" is a point for
// information, on which nobody votes.
//
// Equation: m.Decides(k) is false for every m when k is no kind of decision, and
// Motion decides every kind.
func (m Method) Decides(kind rules.DecisionKind) bool {
	switch kind {
	case rules.DecisionOrdinary:
		return m.Name != Sortition // a draw asks nobody: it is held outside assemblies
	case rules.DecisionStatutes, rules.DecisionMerger, rules.DecisionCapital:
		return m.Name == Motion
	}
	return false
}
