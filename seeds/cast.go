package seeds

import (
	"encoding/csv"
	"strconv"
	"strings"

	"socia/app/equality"
	"socia/core/civil"
	"socia/models"
)

// The cooperative's proportions are a real one's: 7 worker, 14 collaborating and 140 user members, 61 of them
// organisations. newcomers joined during the two years, among the users; as many as leavers more were imported.
const (
	workers         = 7
	collaborators   = 14
	users           = 140
	organisations   = 61
	newPeople       = 17
	newEntities     = 7
	leavers         = 5
	accountsPeople  = 42 // of the imported user members who are people, how many have an account
	accountsEntites = 18
)

// habit is how somebody pays.
type habit int

// The habits: each quarter, or two or four of them at once.
const (
	quarterly  habit = 1
	halfYearly habit = 2
	yearly     habit = 4
)

// role is one member of the cast.
type role struct {
	number         int64 // as the members' book has it; newcomers get theirs when they are admitted
	handle         string
	kind           models.MemberKind
	name           string
	representative string
	class          string
	node           int // which of the collectives
	email          string
	language       string
	joined         civil.Date
	left           civil.Date
	group          equality.CountIn // what they declare; empty: nothing
	plan           string
	cents          int64
	pays           habit
	until          int // the first quarter of theirs that they do not pay
	id             models.MemberID
}

// cast is everybody, the imported ones first, in the order of their numbers.
type cast struct {
	imported  []*role
	newcomers []*role
	named     map[string]*role // by handle
}

// all is everybody who ever joined.
func (c *cast) all() []*role { return append(append([]*role{}, c.imported...), c.newcomers...) }

// always is a quarter that never comes.
const always = 1 << 20

func newCast(p *planting) *cast {
	n := &namer{p: p, taken: map[string]bool{}}
	c := &cast{named: map[string]*role{}}
	for i := range workers {
		c.add(p, n.human(i, "worker"))
	}
	for i := range collaborators {
		c.add(p, n.human(i, "collaborating"))
	}
	for i := range users - organisations - newPeople + leavers {
		r := n.human(i, "user")
		if i >= accountsPeople {
			r.handle, r.group = "", ""
		}
		c.add(p, r)
	}
	for i := range organisations - newEntities {
		r := n.entity(i)
		if i >= accountsEntites {
			r.handle = ""
		}
		c.add(p, r)
	}
	c.giveParts(p)
	for i := range newPeople + newEntities {
		c.addNewcomer(p, n, i)
	}
	for _, r := range c.all() {
		if _, known := c.named[r.handle]; r.handle != "" && !known {
			c.named[r.handle] = r
		}
	}
	return c
}

// add puts somebody into the members' book of the years before the software.
func (c *cast) add(p *planting, r *role) {
	r.number = int64(len(c.imported) + 1)
	r.joined = p.began.AddDays(-20 - p.rng.IntN(3000))
	if r.handle == "?" {
		r.handle = handle(r.number)
	}
	if r.number%6 == 0 {
		r.email = handle(r.number) + "@example.org"
	}
	c.imported = append(c.imported, r)
}

// addNewcomer is somebody who applies during the two years. Their quarters begin on the day on which they were
// admitted; those of the last three began so that something is always in its days of grace.
func (c *cast) addNewcomer(p *planting, n *namer, i int) {
	var r *role
	if i < newPeople {
		r = n.human(100+i, "user")
	} else {
		r = n.entity(i)
	}
	r.handle = "nova" + strconv.Itoa(i+1)
	r.joined = p.quarters[0].AddDays(25 + 26*i)
	if i%8 == 7 {
		r.joined, r.until = p.today.AddDays(-31).AddMonths(-3*(1+i/8)), 1+i/8
	}
	c.newcomers = append(c.newcomers, r)
}

// human invents a person. The group is what the invented person declares, and follows from nothing else.
func (n *namer) human(i int, class string) *role {
	r := &role{handle: "?", kind: models.Person, class: class, node: n.p.rng.IntN(3), language: "ca", pays: quarterly, until: always, plan: class}
	switch k := n.p.rng.IntN(20); {
	case class != "user" && i%2 == 0, class == "user" && k < 9:
		r.name, r.group = n.person(menNames()), equality.CountMen
	case class != "user", k < 18:
		r.name, r.group = n.person(womenNames()), equality.CountWomen
	default:
		r.name, r.group = n.person(otherNames()), equality.CountAnother
	}
	if class == "user" && i%11 == 5 && i/11 < len(pseudonyms()) {
		r.name = pseudonyms()[i/11]
	}
	if i%7 == 3 {
		r.language = "es"
	}
	silent := map[string]bool{"user": i%5 == 4, "worker": i >= 5, "collaborating": i > 0 && i%3 == 0}
	if silent[class] {
		r.group = "" // nobody has to say
	}
	r.cents = one(n.p, map[string][]int64{
		"user": {1500, 2000, 3000, 3000, 3000, 4000, 5000, 6000}, "worker": {3000, 3000, 4500}, "collaborating": {4500, 6000, 6000, 9000},
	}[class])
	r.pays = one(n.p, []habit{quarterly, halfYearly, yearly, yearly})
	return r
}

func (n *namer) entity(i int) *role {
	r := &role{
		handle: "?", kind: models.Organisation, class: "user", node: n.p.rng.IntN(3), language: "ca", until: always, plan: "entity",
		cents: one(n.p, []int64{4500, 6000, 9000, 9000, 9000, 12000, 15000}), pays: one(n.p, []habit{halfYearly, yearly, yearly}),
	}
	r.name = n.organisation()
	if long := longNames(); i%12 == 2 && i/12 < len(long) {
		r.name = long[i/12]
	}
	r.representative = n.person(append(womenNames(), menNames()...))
	return r
}

// giveParts names those whom the demonstration shows, and sets who leaves and who does not pay.
func (c *cast) giveParts(p *planting) {
	user, entity := workers+collaborators, workers+collaborators+users-organisations-newPeople+leavers
	c.part(0, "jordi", "Jordi Casamitjana i Llop", equality.CountMen)
	c.part(1, "nuria", "Núria Vila-seca d'Olzet", equality.CountWomen)
	c.part(2, "laia", "Laia Benaiges i Gil·labert", equality.CountWomen)
	c.part(3, "roser", "Roser Puigdefàbregas Amat", equality.CountWomen)
	c.part(workers, "pau", "Pau Ribalta i O'Neill", equality.CountMen)
	c.part(workers+1, "mireia", "Mireia Ametlla i Prous", equality.CountWomen)
	c.part(workers+2, "samir", "Samir Ouahbi", equality.CountMen)
	c.part(user, "marta", "Marta Solervicens i Rius", equality.CountWomen)
	c.part(user+1, "aina", "Aina Torrelló Marquès", equality.CountWomen)
	c.part(user+2, "oriol", "Oriol Montblanc i Gual", equality.CountMen)
	c.part(user+3, "montse", "Montserrat Eixalà i Font", equality.CountWomen)
	c.part(user+4, "quim", "Joaquim Barnola d'Espuny", equality.CountMen)
	for _, i := range []int{user, user + 1, user + 3, user + 4} {
		c.imported[i].until, c.imported[i].pays = always, quarterly
	}
	c.imported[workers].node, c.imported[workers+1].node, c.imported[workers+2].node = 0, 1, 2
	// Oriol has paid nothing for four quarters and the case is decided; the entity's case is being heard.
	c.imported[user+2].until, c.imported[user+2].pays, c.imported[user+2].cents = quartersCharged-4, quarterly, 3000
	late := c.imported[entity]
	late.handle, late.name, late.until, late.pays = "horta", "Horts Comunitaris de la Riera d'en Malla", quartersCharged-3, quarterly
	for k, i := range []int{user + 11, user + 19, user + 47, entity + 6, entity + 23, entity + 31} {
		r := c.imported[i]
		r.pays, r.until = quarterly, quartersCharged-2-k%2
	}
	c.imported[entity+1].handle = "montse" // she represents it as well
	waived := c.imported[user+8]
	waived.handle, waived.pays, waived.until = "txell", quarterly, quartersCharged-3
	for k := range leavers {
		r := c.imported[entity-1-k]
		r.left = p.quarters[2+k].AddDays(40)
		r.until, r.pays = 3+k, quarterly
	}
}

func (c *cast) part(i int, handle, name string, g equality.CountIn) {
	r := c.imported[i]
	r.handle, r.name, r.group, r.language, r.email = handle, name, g, "ca", handle+"@example.org"
}

// book is the members' book as the cooperative's spreadsheet had it.
func (c *cast) book() ([]byte, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	rows := [][]string{{"Número de sòcia", "Nom", "Tipus", "Classe", "Col·lectiu", "Representant", "Correu electrònic", "Llengua", "Data d'alta"}}
	for _, r := range c.imported {
		kind := "persona"
		if r.kind == models.Organisation {
			kind = "entitat"
		}
		rows = append(rows, []string{strconv.FormatInt(r.number, 10), r.name, kind, r.class, nodes()[r.node].Name, r.representative, r.email, r.language, r.joined.String()})
	}
	err := w.WriteAll(rows)
	return []byte(b.String()), err
}
