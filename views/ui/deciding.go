package ui

// Way is one of several things to begin: its name leads there, More explains it.
type Way struct {
	Name, Lead, Href string
	More             Link
	MoreLabel        string // More in full, for those who do not see what stands beside it
}

// Round is one step of a count: what was done in it. The only one needs no title.
type Round struct {
	Title string
	Acts  []string
}

// Lines is a ballot paper with a field for each option. Ranked ones are numbered, and a script moves them about.
type Lines struct {
	ID, Legend, Hint, Error string
	Fields                  []Field
	Ranked                  bool
}

func (l Lines) describedBy() string {
	ids := ""
	if l.Error != "" {
		ids = l.ID + "-error "
	}
	if l.Hint != "" {
		ids += l.ID + "-hint"
	}
	return ids
}
