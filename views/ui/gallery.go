package ui

// This file holds what the gallery shows: one cooperative's ordinary week, in
// its first language, with the lengths that really occur.

func galleryTodo() []TodoItem {
	return []TodoItem{
		{Text: "Vota a «Tarifa solidària 2027»", When: "Es tanca avui, dissabte 28 de novembre, a les 20.00 (CET). Encara no has votat.", Urgent: true, Action: Action{Label: "Vota ara", Label2: "Tarifa solidària 2027", Href: "#ballot"}},
		{Text: "Assemblea general ordinària", When: "Dissabte 12 de desembre, 10.30, a la Lleialtat Santsenca i en línia. Ets al cens.", Action: Action{Label: "Mira l’ordre del dia", Href: "#", Kind: Quiet}},
		{Text: "Quota del quart trimestre: 18,00 €", When: "Venç el 30 de novembre. El teu vot no en depèn fins al 30 de gener.", Action: Action{Label: "Paga", Label2: "Quota del quart trimestre", Href: "#", Kind: Quiet}},
	}
}

func galleryDecided() Table {
	return Table{
		Caption: "Decidit fa poc", HideCaption: true,
		Columns: []Column{{Label: "Acord"}, {Label: "Resultat"}, {Label: "Qui ho porta"}, {Label: "Quan"}},
		Rows: [][]Cell{
			{LinkCell("Còpies de seguretat en un segon centre de dades cooperatiu", "#"), BadgeCell(Yes, "Aprovat"), Text("Equip tècnic"), Text("abans del març")},
			{LinkCell("Canvi de l’article 14 dels estatuts", "#"), BadgeCell(No, "No aprovat"), Text("–"), Text("18 de maig")},
			{LinkCell("Conveni amb la xarxa d’ateneus cooperatius del Vallès Occidental i l’Alt Penedès", "#"), BadgeCell(Wait, "Pendent d’acta"), Text("Consell rector"), Text("12 de desembre")},
			{LinkCell("Traducció de la guia d’acollida", "#"), BadgeCell(Plain, "Retirat"), Text("–"), Text("3 d’octubre")},
		},
	}
}

func galleryResult() Bar {
	return Bar{
		Title: "61 a favor, 20 en contra i 9 abstencions; en calien 60",
		Parts: []Part{{"a favor", 61, Yes}, {"en contra", 20, No}, {"abstencions", 9, Plain}},
		Mark:  &Mark{At: 60},
	}
}

func galleryShortResult() Bar {
	return Bar{
		Title: "3 a favor, 118 en contra i 1 abstenció; en calien 82",
		Parts: []Part{{"a favor", 3, Yes}, {"en contra", 118, No}, {"abstenció", 1, Plain}},
		Mark:  &Mark{At: 82},
	}
}

func galleryQuorum() Bar {
	return Bar{
		Title: "34 de 161 vots presents o representats; en primera convocatòria en calien 81",
		Parts: []Part{{"presents", 27, Yes}, {"representats", 7, Wait}, {"hi falten", 127, Plain}},
		Mark:  &Mark{At: 81, Label: "Quòrum: 81"},
	}
}

func galleryClasses() Table {
	num := func(label string) Column { return Column{Label: label, Num: true} }
	return Table{
		Caption: "Per classes", Keep: true,
		Columns: []Column{{Label: "Classe"}, num("A favor"), num("En contra"), num("Abst."), num("Delegats")},
		Rows: [][]Cell{
			{Text("Usuàries"), Text("49"), Text("17"), Text("7"), Text("12")},
			{Text("De treball"), Text("6"), Text("0"), Text("1"), Text("0")},
			{Text("Col·laboradores"), Text("6"), Text("3"), Text("1"), Text("2")},
		},
		Foot: []Cell{Text("Total"), Text("61"), Text("20"), Text("9"), Text("14")},
	}
}

func galleryCharges() Table {
	return Table{
		Caption: "Rebuts del quart trimestre",
		Columns: []Column{{Label: "Membre", SortHref: "?sort=member", Sorted: "asc"}, {Label: "Concepte"}, {Label: "Venciment", SortHref: "?sort=due"}, {Label: "Estat"}, {Label: "Import", Num: true, SortHref: "?sort=amount"}},
		Rows: [][]Cell{
			{LinkCell("marta-v", "#"), Text("Quota d’usuària"), Text("30 nov. 2026"), BadgeCell(Yes, "Pagat"), Text("18,00 €")},
			{LinkCell("Associació Veïnal i Cultural de la Plana del Pintor i Rodalia", "#"), Text("Quota d’entitat"), Text("30 nov. 2026"), BadgeCell(Wait, "Pendent"), Text("1.234,50 €")},
			{Cell{Text: "pau", Href: "#", Note: "expedient obert el 3 d’octubre"}, Text("Quota de treball"), Text("31 ag. 2026"), BadgeCell(No, "Vençut"), Text("45,00 €")},
		},
		Foot: []Cell{Text("Suma"), Text(""), Text(""), Text(""), Text("1.297,50 €")},
	}
}

func galleryFilter() Filter {
	return Filter{Action: "#", ClearHref: "#", Fields: []Field{
		{Name: "q", Label: "Nom o número", Type: "search", Value: "associació"},
		{Name: "state", Label: "Estat", Value: "open", Options: []Option{{Value: "", Label: "Tots"}, {Value: "open", Label: "Pendents"}, {Value: "overdue", Label: "Vençuts"}}},
	}}
}

func galleryFields() []Field {
	return []Field{
		{Name: "handle", Label: "Nom amb què et coneixerem", Hint: "Pot ser un pseudònim. El veuran la resta de membres.", Required: true, Value: "marta v", Error: "Hi ha caràcters que aquí no es poden fer servir.", Autocomplete: "username", Width: Half},
		{Name: "email", Label: "Correu electrònic", Type: "email", Inputmode: "email", Autocomplete: "email", Why: &Why{"Per enviar-te les convocatòries.", "El veuen el teu col·lectiu i qui porta la secretaria.", "S’esborra un any després de la teva baixa."}},
		{Name: "amount", Label: "Import de la quota", Hint: "Entre 12,00 € i 60,00 € per trimestre. La quota de referència és de 18,00 €.", Required: true, Value: "dotze", Error: "Escriu un import en euros, com ara 18,50."},
		{Name: "since", Label: "Des de quin dia", Required: true, Value: "2026-11-28"},
		{Name: "class", Label: "Classe de membre", Required: true, Options: []Option{{Value: "u", Label: "Usuària"}, {Value: "t", Label: "De treball"}, {Value: "c", Label: "Col·laboradora"}}},
		{Name: "how", Label: "Com vols pagar", Required: true, Value: "transfer", Options: []Option{{Value: "transfer", Label: "Per transferència", Hint: "Et direm el número de compte i el concepte."}, {Value: "cash", Label: "En efectiu, a l’oficina"}, {Value: "card", Label: "Amb targeta", Hint: "Encara no és possible.", Disabled: true}}},
		{Name: "topics", Label: "De què vols rebre avisos", Values: []string{"votes"}, Options: []Option{{Value: "votes", Label: "Votacions i assemblees"}, {Value: "fees", Label: "Quotes"}, {Value: "news", Label: "Notícies de la cooperativa"}}},
		{Name: "text", Label: "Què proposes", Hint: "Pots fer servir Markdown.", Required: true, Value: "Que la tarifa solidària s’apliqui també a les entitats sense ingressos."},
		{Name: "file", Label: "Document annex", Hint: "PDF o text, com a màxim 5 MB."},
		{Name: "accept", Label: "He llegit els estatuts i els accepto", Required: true, Error: "Cal acceptar-ho per continuar."},
	}
}

func galleryBallot() Field {
	return Field{Name: "vote", Label: "Aproves la tarifa solidària per al 2027?", Required: true, Value: "yes", Options: []Option{
		{Value: "yes", Label: "Sí"}, {Value: "no", Label: "No"}, {Value: "abstain", Label: "M’abstinc", Hint: "Compta com a present, però no a favor."},
	}}
}

func galleryReview() Review {
	return Review{Final: true, Rows: []Pair{
		{Term: "Votació", Text: "Tarifa solidària 2027"},
		{Term: "El teu vot", Text: "Sí", ChangeHref: "#ballot"},
		{Term: "Votes per", Text: "tu i, per delegació, Associació Veïnal i Cultural de la Plana del Pintor"},
		{Term: "El veurà", Body: Badge(Plain, "Tothom: el vot és públic")},
	}}
}

func galleryTimeline() []Event {
	return []Event{
		{When: "Dilluns, 3 d’agost de 2026", Title: "Proposta escrita", Text: "per marta-v", Kind: Plain},
		{When: "Dijous, 1 d’octubre de 2026", Title: "Suports reunits: 16 de 16", Href: "#", Kind: Yes},
		{When: "Dissabte, 28 de novembre de 2026, 20.00 (CET)", Title: "Es tanca la votació", Kind: Wait},
	}
}

func gallerySteps() []Step {
	return []Step{{Label: "Esborrany", When: "3 d’ag.", Done: true}, {Label: "Suports", When: "1 d’oct.", Done: true}, {Label: "Votació", Current: true}, {Label: "Resultat"}}
}

func galleryChart() Chart {
	return Chart{Title: "La meitat dels membres han arribat per Sants", LabelHead: "Col·lectiu", ValueHead: "Membres",
		Items:     []ChartItem{{Label: "Sants", Value: 81, Text: "81"}, {Label: "El Prat de Llobregat", Value: 52, Text: "52"}, {Label: "Manresa", Value: 28, Text: "28"}, {Label: "En línia", Value: 0, Text: "0"}},
		NoteBelow: "Membres actius a 31 d’octubre de 2026."}
}

func galleryRule() Rule {
	return Rule{
		Rule:       "Modificar els estatuts demana dos terços dels vots de les persones assistents. Les abstencions compten a la base.",
		Arithmetic: []string{"⅔ × 90 = 60", "61 ≥ 60: s’aprova", "Quòrum en segona convocatòria: qualsevol nombre (art. 46.1)"},
		Note:       "Límit de l’article 48.3 en tancar l’assistència: 10 vots de col·laboradores, menys de la meitat dels 80 de la resta.",
		Article:    "Llei 12/2015, art. 47.2", ArticleHref: "#",
	}
}

func galleryDiff() []DiffPart {
	return []DiffPart{{Text: "La tarifa solidària s’aplica a les persones "}, {Removed, "en situació d’atur"}, {Added, "amb ingressos per sota del salari mínim i a les entitats sense ingressos"}, {Text: ", durant un any renovable."}}
}

const galleryProse SafeHTML = `<h3>Per què</h3><p>Fa dos anys que <strong>catorze membres</strong> han demanat baixar la quota. Ho expliquen <a href="#">les actes</a>:</p><ul><li>els ingressos han canviat;</li><li>la quota única no ho recull.</li></ul><blockquote><p>Cadascú segons pot.</p></blockquote><p>El cost és de <code>1.296,00 €</code> l’any.</p>`

func galleryWays() []Way {
	return []Way{{Name: "Aprovació", Lead: "Cada persona marca totes les opcions que li semblen bé.", Href: "#", More: Link{Label: "Com funciona", Href: "#"}, MoreLabel: "Com funciona: Aprovació"}}
}

func galleryLines() Lines {
	ranks := []Option{{Value: "", Label: "–"}, {Value: "1", Label: "1a"}, {Value: "2", Label: "2a"}}
	return Lines{ID: "f-rank", Legend: "El vot de la Marta", Hint: "Posa un 1 a la primera preferència.", Ranked: true, Fields: []Field{
		{Name: "rank-1", Label: "Anna Puig i Casadevall", Free: true, Width: Short, Options: ranks, Value: "1"}, {Name: "rank-2", Label: "Berta", Free: true, Width: Short, Options: ranks},
	}}
}

func galleryWrongLines() Lines {
	return Lines{ID: "f-dots", Legend: "Els punts de la Marta", Hint: "Tens 5 punts per repartir.", Error: "Has repartit 7 punts i només en tens 5.", Fields: []Field{{Name: "dots-1", Label: "Pintar el local", Type: "number", Width: Digits, Value: "7", Required: true}}}
}

func galleryFoldedLines() Lines {
	return Lines{ID: "f-folded", Legend: "El vot d’Àlex Cortès Quer", Fields: []Field{{Name: "folded-1", Label: "Pintar el local", Type: "number", Width: Digits, Value: "2"}}}
}

func galleryRounds() []Round {
	return []Round{{Title: "Ronda 1", Acts: []string{"L’Anna surt amb 12 vots."}}, {Title: "Ronda 2", Acts: []string{"La Berta queda fora amb 3 vots."}}}
}
