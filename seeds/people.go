package seeds

import (
	"context"
	"fmt"

	"socia/app/equality"
	"socia/app/fees"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// nodes are the three collectives.
func nodes() []members.CollectiveForm {
	return []members.CollectiveForm{
		{Name: "Nus de Barcelona", Description: "Persones i entitats de la ciutat i de la costa. Ens trobem el primer dijous de cada mes."},
		{Name: "Nus del Vallès", Description: "Ateneus, escoles i veïnat del Vallès. Fem tallers oberts cada trimestre."},
		{Name: "Nus de Ponent i Muntanya", Description: "De Lleida al Pirineu: entitats petites i connexions lentes."},
	}
}

// statutes are those of the law with two articles of the cooperative's own: votes are counted by class, and a vote
// needs a month of membership.
func statutes(from rules.RuleSet) rules.RuleSet {
	from.Counting = rules.Counting{Method: rules.MethodClass, Article: "Estatuts, art. 31", Cap: from.Counting.Cap, Shares: []rules.ClassShare{
		{Class: "user", Share: 40}, {Class: "worker", Share: 40}, {Class: "collaborating", Share: 20},
	}}
	from.Seniority = rules.Seniority{Days: 30, Article: "Estatuts, art. 12"}
	return from
}

// founding sets the cooperative up: statutes, collectives, and the members' book of the years before.
func (p *planting) founding() {
	p.at(p.began, "09:00", "founding", func(ctx context.Context) error {
		err := p.Identity.Found(ctx, identity.Founding{
			Name: Name, Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: rules.PresetCatalan, Handle: "laia", Passphrase: Passphrase,
		})
		if err != nil {
			return err
		}
		classes, err := p.Members.Classes(ctx)
		for _, c := range classes {
			p.classes[c.Code] = c.ID
		}
		if err != nil {
			return err
		}
		return p.DB.Write(ctx, func(tx *db.Tx) error { return ledger.InstallChartTx(ctx, tx) })
	})
	p.by(p.began, "09:30", "laia", "statutes", func(ctx context.Context, by identity.Actor) error {
		now, err := p.Identity.Statutes(ctx)
		if err != nil {
			return err
		}
		return p.Identity.SetStatutes(ctx, by, identity.StatutesChange{
			From: now.Version, Body: statutes(now.Body), Reason: "Estatuts aprovats en l'assemblea de constitució",
		}, "")
	})
	p.by(p.began, "09:40", "laia", "bank account", func(ctx context.Context, by identity.Actor) error {
		return p.Fees.SetBankAccount(ctx, by, fees.BankAccount{IBAN: "ES78 9999 0001 4101 2345 6789", Holder: Name + ", SCCL"})
	})
	p.by(p.began, "10:00", "laia", "collectives", func(ctx context.Context, by identity.Actor) error {
		for _, n := range nodes() {
			id, err := p.Members.CreateCollective(ctx, by, n, "")
			if err != nil {
				return err
			}
			p.nodes = append(p.nodes, id)
		}
		return nil
	})
	p.by(p.began.AddDays(1), "10:00", "laia", "members' book", func(ctx context.Context, by identity.Actor) error {
		book, err := p.cast.book()
		if err != nil {
			return err
		}
		if _, err := p.Members.Import(ctx, by, book, members.ImportOptions{}, ""); err != nil {
			return err
		}
		return p.findMembers(ctx)
	})
}

// findMembers reads which rows the members' numbers have.
func (p *planting) findMembers(ctx context.Context) error {
	byNumber := map[int64]models.MemberID{}
	err := p.DB.Read(ctx, func(tx *db.Tx) error {
		var rows []models.Member
		err := tx.DB.Select("id", "number").Order("id").Find(&rows).Error
		for _, m := range rows {
			byNumber[m.Number] = m.ID
		}
		return err
	})
	for _, r := range p.cast.imported {
		r.id = byNumber[r.number]
	}
	return err
}

// people get their accounts and offices, apply, are admitted and leave.
func (p *planting) people() {
	seen := map[string]bool{"laia": true}
	for i, r := range p.cast.imported {
		if r.handle == "" {
			continue
		}
		day, again := p.began.AddDays(2+i%9), seen[r.handle]
		seen[r.handle] = true
		p.at(day, "10:00", "account of "+r.handle, func(ctx context.Context) error {
			if again {
				return nil
			}
			return p.signUp(ctx, r)
		})
		p.by(day, "17:00", "laia", "link of "+r.handle, func(ctx context.Context, by identity.Actor) error {
			p.forget()
			return p.Members.LinkAccount(ctx, by, r.id, r.handle, "")
		})
	}
	p.offices()
	for _, r := range p.cast.newcomers {
		p.joins(r)
	}
	for _, r := range p.cast.imported {
		if r.left.IsZero() {
			continue
		}
		p.by(r.left.AddDays(-15), "11:00", "laia", "departure", func(ctx context.Context, by identity.Actor) error {
			return p.Members.Leave(ctx, by, r.id, r.left, "Ho ha demanat per carta", "")
		})
	}
	p.applications()
}

// signUp makes an account. The address is one of their own: many people behind one would have to wait.
func (p *planting) signUp(ctx context.Context, r *role) error {
	n := identity.NewAccount{Handle: r.handle, Passphrase: Passphrase, Again: Passphrase, Language: r.language}
	_, err := p.Identity.SignUp(ctx, n, "seeds/"+r.handle)
	return err
}

// offices are held for terms that resolutions gave.
func (p *planting) offices() {
	start, change := p.began.AddDays(12), p.firstMeeting().AddDays(1)
	terms := []struct {
		on     civil.Date
		handle string
		role   models.Role
		node   int
		until  civil.Date
		reason string
	}{
		{start, "jordi", models.RoleFacilitator, -1, start.AddMonths(48), "Acord 4 de l'assemblea de constitució"},
		{start, "roser", models.RoleFacilitator, -1, change, "Acord 4 de l'assemblea de constitució"},
		{start, "nuria", models.RoleTreasurer, -1, start.AddMonths(48), "Acord 5 de l'assemblea de constitució"},
		{start, "aina", models.RoleAuditor, -1, start.AddMonths(36), "Acord 6 de l'assemblea de constitució"},
		{start, "pau", models.RoleValidator, 0, civil.Date{}, "Elecció del Nus de Barcelona"},
		{start, "mireia", models.RoleValidator, 1, civil.Date{}, "Elecció del Nus del Vallès"},
		{start, "samir", models.RoleValidator, 2, civil.Date{}, "Elecció del Nus de Ponent i Muntanya"},
		{change, "mireia", models.RoleFacilitator, -1, change.AddMonths(48), "Renovació de càrrecs, punt 5 de l'assemblea ordinària"},
	}
	for _, t := range terms {
		p.by(t.on, "12:00", "laia", "term of "+t.handle, func(ctx context.Context, by identity.Actor) error {
			a := identity.Appointment{Handle: t.handle, Role: t.role, StartsOn: t.on, EndsOn: t.until, Reason: t.reason}
			if t.node >= 0 {
				a.CollectiveID = p.nodes[t.node]
			}
			p.forget()
			_, err := p.Identity.Appoint(ctx, by, a, "")
			return err
		})
	}
}

// validator is who validates for a node.
func validator(node int) string { return []string{"pau", "mireia", "samir"}[node] }

// joins tells how somebody applies and is admitted ten days later.
func (p *planting) joins(r *role) {
	applied := r.joined.AddDays(-10)
	var application models.ApplicationID
	p.at(applied, "18:00", "account of "+r.handle, func(ctx context.Context) error { return p.signUp(ctx, r) })
	p.by(applied, "18:30", r.handle, "application of "+r.handle, func(ctx context.Context, by identity.Actor) (err error) {
		application, err = p.Members.Apply(ctx, by, p.form(r, "Fem servir les eines del núvol i volem decidir-hi."), "")
		return err
	})
	p.by(r.joined, "10:00", validator(r.node), "admission of "+r.handle, func(ctx context.Context, by identity.Actor) (err error) {
		r.id, err = p.Members.Admit(ctx, by, application, "")
		p.forget()
		return err
	})
}

func (p *planting) form(r *role, motivation string) members.ApplicationForm {
	return members.ApplicationForm{
		Kind: r.kind, Name: r.name, Representative: r.representative, ClassID: p.classes[r.class], CollectiveID: p.nodes[r.node], Motivation: motivation,
	}
}

// applications are some that made nobody a member: refused, withdrawn, and three that wait for an answer.
func (p *planting) applications() {
	n := &namer{p: p, taken: map[string]bool{}}
	end := map[string]func(context.Context, models.ApplicationID) error{
		"refosa": func(ctx context.Context, id models.ApplicationID) error {
			by, err := p.as(ctx, validator(0))
			if err != nil {
				return err
			}
			return p.Members.Refuse(ctx, by, id, "L'activitat que proposa és la revenda d'espai, i els estatuts (art. 9) no ho permeten.", "")
		},
		"enrere": func(ctx context.Context, id models.ApplicationID) error {
			by, err := p.as(ctx, "enrere")
			if err != nil {
				return err
			}
			return p.Members.WithdrawApplication(ctx, by, id)
		},
	}
	for i, a := range []struct {
		handle, motivation string
		on                 civil.Date
	}{
		{"refosa", "Voldria oferir allotjament als meus clients.", p.quarters[3].AddDays(20)},
		{"enrere", "Encara no sé si tindré temps de participar-hi.", p.quarters[5].AddDays(9)},
		{"espera1", "Vinc de part de la biblioteca del barri; m'interessa el correu i el calendari.", p.today.AddDays(-12)},
		{"espera2", "Som una entitat petita i volem deixar els serveis de fora.", p.today.AddDays(-5)},
		{"espera3", "Quiero aprender a administrar servidores con vosotras.", p.today.AddDays(-2)},
	} {
		r := n.human(i, "user")
		r.handle, r.node, r.language = a.handle, 0, "ca"
		if a.handle == "espera2" {
			r = n.entity(0)
			r.handle, r.node = a.handle, 0
		}
		var id models.ApplicationID
		p.at(a.on, "19:00", "account of "+r.handle, func(ctx context.Context) error { return p.signUp(ctx, r) })
		p.by(a.on, "19:15", r.handle, "application of "+r.handle, func(ctx context.Context, by identity.Actor) (err error) {
			id, err = p.Members.Apply(ctx, by, p.form(r, a.motivation), "")
			return err
		})
		if decide := end[a.handle]; decide != nil {
			p.at(a.on.AddDays(8), "12:00", "end of the application of "+r.handle, func(ctx context.Context) error { return decide(ctx, id) })
		}
	}
}

// balance is what people declare, and the releases of figures about gender on their days.
func (p *planting) balance() {
	for i, r := range p.cast.all() {
		if r.group == "" || r.handle == "" || r.kind != models.Person {
			continue
		}
		day := p.began.AddDays(14 + i%10)
		if r.joined.After(p.began) {
			day = r.joined.AddDays(4)
		}
		d := equality.Declaration{Identities: ticked(r.group), CountIn: r.group, Consents: equality.Uses()[:3]}
		if i%13 == 0 {
			d.Consents = []equality.Use{equality.UseMembership}
		}
		p.by(day, "21:00", r.handle, "declaration of "+r.handle, func(ctx context.Context, by identity.Actor) error {
			return p.Equality.Declare(ctx, by, d, "")
		})
	}
	for day := p.release; day.After(p.began); day = day.AddMonths(-6) {
		p.at(day, "00:10", fmt.Sprintf("release of %s", day), p.Equality.Publish)
	}
}

func ticked(g equality.CountIn) []equality.Identity {
	switch g {
	case equality.CountWomen:
		return []equality.Identity{equality.Woman}
	case equality.CountMen:
		return []equality.Identity{equality.Man}
	case equality.CountAnother:
		return []equality.Identity{equality.NonBinary}
	case equality.CountNot:
	}
	return nil
}
