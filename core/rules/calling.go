package rules

// CallingOrUsual is how many members can have an assembly called: in a rule set of before there was such a rule what its
// preset says (Llei 12/2015 art. 45.3: a tenth, with caps by size; Ley 27/1999 art. 23.3: a fifth), or else a tenth.
func (r RuleSet) CallingOrUsual() Support {
	if r.Calling.Percent != 0 || len(r.Calling.Caps) > 0 || r.Calling.Article != "" {
		return r.Calling
	}
	if preset, known := Preset(r.Preset); known {
		return preset.Calling
	}
	return Support{Percent: 10, Article: "Estatuts"}
}

// Remote is whether members may attend an assembly and vote in it from where
// they are: that is for the statutes to say (Llei 12/2015 art. 46.2). The means
// must give every one of Guarantees (art. 46.3).
type Remote struct {
	Allowed          bool   `json:"allowed"`
	Article          string `json:"article"`
	GuaranteeArticle string `json:"guarantee_article"`
}

// OrUsual is the rule itself, or that members may in a rule set of before there was such a rule.
func (r Remote) OrUsual() Remote {
	if r == (Remote{}) {
		return Remote{Allowed: true, Article: "Estatuts", GuaranteeArticle: "Estatuts"}
	}
	return r
}

// Guarantee is what attending from afar must give; a closed type.
type Guarantee string

// What attending from afar must give.
const (
	GuaranteeConfidential Guarantee = "confidential" // votes are confidential, as far as the cooperative holds a secret vote
	GuaranteeIdentified   Guarantee = "identified"   // who attends is who they say
	GuaranteeContinuous   Guarantee = "continuous"   // a broken line ends neither attendance nor the vote
	GuaranteeHeard        Guarantee = "heard"        // whoever attends can speak
	GuaranteeVote         Guarantee = "vote"         // and vote
)

// Guarantees lists them all, in the order in which pages show them.
func Guarantees() []Guarantee {
	return []Guarantee{GuaranteeConfidential, GuaranteeIdentified, GuaranteeContinuous, GuaranteeHeard, GuaranteeVote}
}

// Secrecy is how many of the votes present and represented make a vote secret by
// asking for it: Percent of them (Ley 27/1999 art. 25.3: a tenth).
type Secrecy struct {
	Percent int    `json:"percent"`
	Article string `json:"article"`
}

// SecrecyOrUsual is when a vote is secret: in a rule set of before there was such a rule what its preset says, or else
// when a tenth asks.
func (r RuleSet) SecrecyOrUsual() Secrecy {
	if r.Secrecy != (Secrecy{}) {
		return r.Secrecy
	}
	if preset, known := Preset(r.Preset); known {
		return preset.Secrecy
	}
	return Secrecy{Percent: 10, Article: "Estatuts"}
}

// Needed is how many votes must ask when so many are present and represented: ceil(present × Percent / 100), at least 1.
func (s Secrecy) Needed(present int64) int64 {
	return max(1, (present*int64(s.Percent)+99)/100)
}

// Secret says whether so many of the votes present and represented are enough for a secret vote.
func (s Secrecy) Secret(asking, present int64) bool { return asking >= s.Needed(present) }
