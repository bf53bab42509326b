package polls

import (
	"slices"
	"testing"

	"socia/core/budget"
	"socia/core/lot"
	"socia/core/methods"
	"socia/core/money"
	"socia/core/paper"
	"socia/core/ratio"
	"socia/models"
	"socia/platform/i18n"
)

// sharedOut is what is told, in a language, of an amount shared out among papers of weights, of which a voter's is scale.
func sharedOut(t *testing.T, language string, amount, step money.Cents, scale int64, costs []money.Cents, papers []paper.Bundle, weights ...models.PollWeight) []string {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	projects := make([]budget.Project, len(costs))
	for i, cost := range costs {
		projects[i] = budget.Project{Name: string(rune('A' + i)), Cost: cost}
	}
	r, err := budget.EqualShares(projects, papers, amount, budget.Options{Scale: scale, Step: ratio.Int(int64(step)), Breaker: lot.Breaker{Seed: "seed"}})
	if err != nil {
		t.Fatal(err)
	}
	method, _ := methods.ByName(methods.EqualShares)
	poll := models.Poll{Method: methods.EqualShares, Setup: models.PollSetup{Setup: methods.Setup{AmountCents: int64(amount)}}}
	return Tell(texts.For(language), poll, method, models.PollCount{Result: &r, Weights: weights}, map[string]string{"u": "Users", "w": "Workers"}).Notes
}

func approving(marks string, weight int64) paper.Bundle {
	p, _ := paper.Parse(marks)
	return paper.Bundle{Paper: p, Weight: weight, Voters: 1}
}

// 200 among 5 is 40; A and B cost two people 50 each, and C is out of reach: ten raises of 1 spend all.
func TestTell_EqualShares_TellsTheFirstShareTheRaisesAndTheLast(t *testing.T) {
	t.Parallel()
	papers := []paper.Bundle{approving("1,,", 1), approving("1,,", 1), approving(",1,", 1), approving(",1,", 1), approving(",,1", 1)}
	for language, want := range map[string][]string{
		"ca": {
			"Hi havia 200,00\u00a0€ per gastar i en queden 0,00\u00a0€.",
			"La quantitat es reparteix a parts iguals: 200,00\u00a0€ entre 5 vots fan 40,00\u00a0€ per vot al començament.",
			"Per gastar el que sobra, la part de cada vot puja 10 vegades, 1,00\u00a0€ cada vegada: al final és de 50,00\u00a0€. Res més del que algú aprova no cap en el que queda.",
		},
		"es": {
			"Había 200,00\u00a0€ para gastar y quedan 0,00\u00a0€.",
			"La cantidad se reparte a partes iguales: 200,00\u00a0€ entre 5 votos son 40,00\u00a0€ por voto al principio.",
			"Para gastar lo que sobra, la parte de cada voto sube 10 veces, 1,00\u00a0€ cada vez: al final es de 50,00\u00a0€. Nada más de lo que alguien aprueba cabe en lo que queda.",
		},
		"en": {
			"There was €200.00 to spend, and €0.00 is left.",
			"The amount is shared out equally: €200.00 among 5 votes is €40.00 a vote at first.",
			"To spend what is left, the share of each vote is raised 10 times, by €1.00 at a time: at the end it is €50.00. Nothing else that somebody approves fits in what is left.",
		},
	} {
		if got := sharedOut(t, language, 200_00, 1_00, 1, []money.Cents{100_00, 100_00, 900_00}, papers); !slices.Equal(got, want) {
			t.Errorf("%s: %q", language, got)
		}
	}
}

// A vote of a user weighs 2 and one of a worker 4, where 3 are a voter: 1000 among a weight of 2 is 333.33 and 666.66, and a
// step of 2.50 is 1.66 and 3.33 for them. With ten steps the worker has the 700 of A.
func TestTell_EqualShares_OfUnequalVotes_TellsSharesAndRaisesByClass(t *testing.T) {
	t.Parallel()
	papers := []paper.Bundle{approving(",1", 2), approving("1,", 4)}
	weights := []models.PollWeight{{Class: "u", Votes: 1, Weight: 2}, {Class: "w", Votes: 1, Weight: 4}}
	for language, want := range map[string][]string{
		"ca": {
			"La quantitat es reparteix segons el que pesen els vots: 1.000,00\u00a0€ entre un pes de 2 en total. Al començament la part d’un vot és, segons la classe: Users 333,33\u00a0€ · Workers 666,66\u00a0€.",
			"Per gastar el que sobra, la part de cada vot puja 10 vegades, i cada vegada, segons la classe: Users 1,66\u00a0€ · Workers 3,33\u00a0€. Al final la part d’un vot és, segons la classe: Users 350,00\u00a0€ · Workers 700,00\u00a0€. Res més del que algú aprova no cap en el que queda. Les quantitats s’escriuen sense les fraccions de cèntim.",
		},
		"es": {
			"La cantidad se reparte según lo que pesan los votos: 1.000,00\u00a0€ entre un peso de 2 en total. Al principio la parte de un voto es, según la clase: Users 333,33\u00a0€ · Workers 666,66\u00a0€.",
			"Para gastar lo que sobra, la parte de cada voto sube 10 veces, y cada vez, según la clase: Users 1,66\u00a0€ · Workers 3,33\u00a0€. Al final la parte de un voto es, según la clase: Users 350,00\u00a0€ · Workers 700,00\u00a0€. Nada más de lo que alguien aprueba cabe en lo que queda. Las cantidades se escriben sin las fracciones de céntimo.",
		},
		"en": {
			"The amount is shared out by what votes weigh: €1,000.00 among a weight of 2 in all. At first the share of a vote is, by its class: Users €333.33 · Workers €666.66.",
			"To spend what is left, the share of each vote is raised 10 times, and each time, by its class: Users €1.66 · Workers €3.33. At the end the share of a vote is, by its class: Users €350.00 · Workers €700.00. Nothing else that somebody approves fits in what is left. Amounts are written without fractions of a cent.",
		},
	} {
		got := sharedOut(t, language, 1_000_00, 2_50, 3, []money.Cents{700_00, 400_00}, papers, weights...)
		if len(got) < 3 || !slices.Equal(got[len(got)-2:], want) {
			t.Errorf("%s: %q", language, got)
		}
	}
}

// With 60 each both would be funded, for 120 of 100: the share stays below that. Where all is funded at once it is not raised.
func TestTell_EqualShares_SaysWhyTheShareIsRaisedNoFurther(t *testing.T) {
	t.Parallel()
	papers := []paper.Bundle{approving("1,", 1), approving(",1", 1)}
	for _, c := range []struct {
		cost money.Cents
		want map[string]string
	}{
		{60_00, map[string]string{
			"ca": "puja 9 vegades, 1,00\u00a0€ cada vegada: al final és de 59,00\u00a0€. Amb una pujada més es gastaria més del que hi ha.",
			"es": "sube 9 veces, 1,00\u00a0€ cada vez: al final es de 59,00\u00a0€. Con una subida más se gastaría más de lo que hay.",
			"en": "is raised 9 times, by €1.00 at a time: at the end it is €59.00. With one more raise, more would be spent than there is.",
		}},
		{51_00, map[string]string{
			"ca": "Per gastar el que sobra, la part de cada vot puja una vegada, 0,50\u00a0€: al final és de 50,50\u00a0€.",
			"es": "Para gastar lo que sobra, la parte de cada voto sube una vez, 0,50\u00a0€: al final es de 50,50\u00a0€.",
			"en": "To spend what is left, the share of each vote is raised once, by €0.50: at the end it is €50.50.",
		}},
		{50_00, map[string]string{
			"ca": "La part no puja cap vegada. Res més del que algú aprova no cap en el que queda.",
			"es": "La parte no sube ninguna vez. Nada más de lo que alguien aprueba cabe en lo que queda.",
			"en": "The share is not raised. Nothing else that somebody approves fits in what is left.",
		}},
	} {
		step := money.Cents(1_00)
		if c.cost == 51_00 {
			step = 50
		}
		for language, want := range c.want {
			says(t, sharedOut(t, language, 100_00, step, 1, []money.Cents{c.cost, c.cost}, papers), want)
		}
	}
}
