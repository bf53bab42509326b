package main

import (
	"strconv"
	"time"

	"socia/core/methods"
)

// The candidates of the ways, and what some voters say of them.
const (
	three    = "Anna\nBerta\nCarla"
	four     = three + "\nDina"
	projects = "Ombra | 600\nBancs | 500\nArbres | 300"
)

func choose(option string) fields { return fields{"choice": option} }

func approve(options ...string) fields { return fields{"marks": options} }

// filled gives each option its mark; the empty mark is left as it is.
func filled(all ...string) fields {
	f := fields{}
	for i, m := range all {
		if m != "" {
			f["mark/"+strconv.Itoa(i+1)] = m
		}
	}
	return f
}

func word(w, reason string) fields {
	f := fields{"choice": w}
	if reason != "" {
		f["reason"] = reason
	}
	return f
}

// names is a sentence with names in each language.
func names(ca, es, en, who string) [3]string {
	return [3]string{ca + who + ".", es + who + ".", en + who + "."}
}

// ways are polls by every method. All voters are of one class: each vote weighs the same.
func ways() []way {
	// The pairs: Berta before Anna 3 to 2, Carla before Anna 3 to 2, Carla before Berta 3 to 1 or 2.
	compared := []fields{filled("1", "2", "3"), filled("1", "3", "2"), filled("2", "1", "1"), filled("3", "2", "1"), filled("", "2", "1")}
	// Anna has three firsts of six, a surplus that goes to Dina; then Dina and Carla go out, and Berta is elected.
	transferred := []fields{filled("1", "", "", "2"), filled("1", "", "", "2"), filled("1", "", "", "2"), filled("", "1"), filled("", "1", "2"), filled("", "2", "1")}
	// Four of six where the quota is three: what Anna has left over goes to Dina.
	surplus := []fields{filled("1", "", "", "2"), filled("1", "", "", "2"), filled("1", "", "", "2"), filled("1", "", "", "2"), filled("", "1"), filled("", "1", "2")}
	approved := []fields{approve("1"), approve("1", "3"), approve("2", "1"), approve("3")}
	chosen := func(who string) [3]string {
		return [3]string{"Surt: " + who + ".", "Sale: " + who + ".", who + " wins."}
	}
	elected := names("Surten, per ordre: ", "Salen, por orden: ", "The seats go, in this order, to: ", "Anna, Berta")
	funded := names("Es financen: ", "Se financian: ", "Funded: ", "Ombra, Arbres")
	return []way{
		{method: methods.Motion, ballots: []fields{choose("for"), choose("against"), choose("for"), choose("abstain")}, says: [3]string{"Aprovat", "Aprobado", "Approved"}},
		{method: methods.Consent, ballots: []fields{choose("consent"), word("concern", "És car."), word("objection", "No hi cabem.")}, says: [3]string{"Adoptat, amb reserves", "Adoptado, con reservas", "Adopted, with concerns"}, before: answersObjection},
		{method: methods.Consensus, plan: fields{"stand_asides": "1"}, ballots: []fields{choose("agree"), choose("stand_aside"), choose("abstain")}, says: [3]string{"Hi ha consens; hi consta qui s'ha fet a un costat.", "Hay consenso", "There is consensus"}},
		{method: methods.Advice, ballots: []fields{word("advice", "Pregunteu al veïnat."), choose("no_advice"), word("advice", "Espereu.")}, plan: fields{"closes_at": "2026-11-24T12:00", "remind": "12"}, before: waitsForAdvice, says: [3]string{"S'ha acabat el temps", "Se ha acabado el tiempo", "The time is over"}},
		// Berta has two votes, Anna one; one paper is blank.
		{method: methods.Choose, plan: fields{"options": three}, ballots: []fields{choose("1"), choose("2"), choose("2"), choose("blank")}, says: chosen("Berta"), rounds: 1},
		{method: methods.Approval, plan: fields{"options": three}, ballots: []fields{approve("1", "2"), approve("2", "3"), approve("2")}, says: chosen("Berta"), rounds: 1},
		// 5, 7 and 3 points.
		{method: methods.Score, plan: fields{"options": three, "top": "5", "blanks": "zero"}, ballots: []fields{filled("5", "3", ""), filled("0", "4", "1"), filled("", "", "2")}, says: chosen("Berta"), rounds: 1},
		// 4, 6 and 5 dots.
		{method: methods.Dots, plan: fields{"options": three, "dots": "5"}, ballots: []fields{filled("3", "2", ""), filled("", "4", "1"), filled("1", "", "4")}, says: chosen("Berta"), rounds: 1},
		// Firsts 2, 1 and 2; Berta's paper goes to Carla.
		{method: methods.IRV, plan: fields{"options": three}, ballots: []fields{filled("1", "2", "3"), filled("1", "3", "2"), filled("3", "1", "2"), filled("3", "2", "1"), filled("", "2", "1")}, says: chosen("Carla"), rounds: 1},
		{method: methods.Schulze, plan: fields{"options": three}, ballots: compared, says: chosen("Carla"), rounds: 1},
		{method: methods.RankedPairs, plan: fields{"options": three}, ballots: compared, says: chosen("Carla"), rounds: 1},
		// 6, 7 and 2 points: Anna's majority does not win by Borda.
		{method: methods.Borda, plan: fields{"options": three}, ballots: []fields{filled("1", "2", "3"), filled("1", "2"), filled("1", "2", "3"), filled("3", "1", "2"), filled("", "1", "2")}, says: chosen("Berta"), rounds: 1},
		{method: methods.Debian, plan: fields{"options": three}, ballots: compared, says: chosen("Carla"), rounds: 1},
		{method: methods.Scottish, plan: fields{"options": four, "seats": "2"}, ballots: surplus, says: elected, rounds: 4},
		{method: methods.WIGM, plan: fields{"options": four, "seats": "2"}, ballots: transferred, says: elected, rounds: 3},
		{method: methods.Meek, plan: fields{"options": four, "seats": "2"}, ballots: transferred, says: elected, rounds: 3},
		// 600 + 300 of 1,000; what is left is too little for the benches.
		{method: methods.Greedy, plan: fields{"options": projects, "amount": "1000"}, ballots: approved, says: funded, rounds: 1},
		{method: methods.EqualShares, plan: fields{"options": projects, "amount": "1000"}, ballots: approved, says: funded, rounds: 1},
		{method: methods.Times, plan: fields{"options": "Dilluns, 18 h\nDimarts, 18 h"}, ballots: []fields{filled("2", "1"), filled("0", "2"), filled("1", "2")}, says: names("Va millor: ", "Va mejor: ", "Best: ", "Dimarts, 18 h"), rounds: 1},
		{method: methods.OptIn, plan: fields{"options": "Cuina\nNeteja"}, ballots: []fields{choose("1"), choose("1"), choose("2"), choose("blank")}, says: [3]string{"Hi ha gent apuntada", "Hay gente apuntada", "People are in"}},
		{method: methods.Sortition, plan: fields{"seats": "2"}, says: [3]string{"La sort ha triat, per ordre: ", "La suerte ha elegido, por orden: ", "The lot fell, in this order, on: "}},
	}
}

// answersObjection: the facilitator proposes an amendment, and who objects agrees.
func answersObjection(b *booth, poll int) {
	page := "/polls/" + strconv.Itoa(poll)
	b.goes(page)
	b.sees("No hi cabem.")
	b.sends(page+"/resolutions", fields{"how": "amended", "words": "Hi posem una altra taula."}, "")
	b.goes(page + "?lang=es")
	b.sees("Mientras tanto la objeción se mantiene.")
	b.is(b.voters[2].handle)
	b.goes("/inbox?lang=es")
	b.sees("di si estás de acuerdo")
	b.goes(page)
	b.sends(page+"/confirmations", fields{"says": "agree"}, "")
	b.goes(page + "?lang=es")
	b.sees("Quien objetaba está de acuerdo.")
	b.is("jordi")
}

// waitsForAdvice: before its hour the process ends only if everybody has answered.
func waitsForAdvice(b *booth, poll int) {
	page := "/polls/" + strconv.Itoa(poll)
	b.goes(page + "/closing")
	b.refused(func() { b.sends(page+"/closing", nil, "") }, "Respostes que falten")
	b.clock.Move(b.clock.Now().Add(24 * time.Hour))
}
