package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"socia/models"
	"socia/platform/db"
)

// ballot is a poll that a test has begun, as marta has it before her.
type ballot struct {
	guest
	page, member string
}

var paperOf = regexp.MustCompile(`name="(?:choice|marks|mark|reason)-(\d+)`)

// asks begins a consultation by a method with what its form needs.
func (h *meetingHouse) asks(method string, more ...string) ballot {
	h.Helper()
	form := append([]string{"method", method, "question", "Què fem?", "options", "Anna\nBerta\nCarla", "seats", "1", "reasons", "optional", "closes_at", "2026-12-15T18:00", "once", method}, more...)
	page, _, _ := strings.Cut(h.as("jordi").do("/polls", form...), "?")
	b := ballot{guest: h.as("marta"), page: page}
	found := paperOf.FindStringSubmatch(b.see(page))
	if found == nil {
		h.Fatalf("%s has no paper", page)
	}
	b.member = found[1]
	return b
}

// sends posts marks: what of the member, perhaps with a position after a slash, and the value in turn.
func (b ballot) sends(lang string, namesAndValues ...string) (status int, body string) {
	b.Helper()
	form := url.Values{"csrf": {tokenField.FindStringSubmatch(b.see("/standing"))[1]}}
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		what, position, of := strings.Cut(namesAndValues[i], "/")
		name := what + "-" + b.member
		if of {
			name += "-" + position
		}
		form.Add(name, namesAndValues[i+1])
	}
	status, body, _ = b.send(http.MethodPost, b.page+"/votes?lang="+lang, form)
	return status, body
}

func (b ballot) votes() (n int64) {
	b.Helper()
	b.ok(b.DB.Read(b.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Vote{}).Where("poll_id = ?", strings.TrimPrefix(b.page, "/polls/")).Count(&n).Error
	}))
	return n
}

// A paper that cannot count is refused with what is wrong beside it, in the reader's language; what was marked stands
// there still, and nothing is stored.
func TestCastVotes_PaperThatCannotCount_IsExplainedAndKept(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	for _, c := range []struct {
		what  string
		plan  []string
		marks []string
		says  [3]string
		keeps []string
	}{
		{"choose", []string{"most", "2"}, []string{"marks", "1", "marks", "2", "marks", "3"}, [3]string{"N’has triat 3 i com a màxim en pots triar 2.", "Has elegido 3 y como máximo puedes elegir 2.", "You chose 3, and at most 2 may be chosen."}, []string{`value="1" checked`, `value="2" checked`, `value="3" checked`}},
		{"irv", nil, []string{"mark/1", "1", "mark/2", "3"}, [3]string{"Falta la posició 2", "Falta la posición 2", "Rank 2 is missing"}, []string{`value="1" selected`, `value="3" selected`}},
		{"stv-meek", nil, []string{"mark/1", "2", "mark/2", "1", "mark/3", "2"}, [3]string{"Dues opcions tenen la posició 2", "Dos opciones tienen la posición 2", "Two options have rank 2"}, []string{`value="1" selected`, `value="2" selected`}},
		{"dots", []string{"dots", "5"}, []string{"mark/1", "4", "mark/2", "3"}, [3]string{"Has repartit 7 punts i només en tens 5.", "Has repartido 7 puntos y solo tienes 5.", "7 dots"}, []string{`value="4"`, `value="3"`}},
		{"score", []string{"top", "5", "blanks", "zero"}, []string{"mark/1", "3", "mark/2", "9"}, [3]string{"«Berta» té una marca", "«Berta» tiene una marca", "“Berta” has a mark"}, []string{`value="3" selected`}},
		{"approval", nil, []string{"reason", "Ho explico abans."}, [3]string{"Falta marcar el vot.", "Falta marcar el voto.", "The vote is not marked yet."}, []string{"Ho explico abans."}},
	} {
		t.Run(c.what, func(t *testing.T) {
			b := h.asks(c.what, c.plan...)
			for i, lang := range []string{"ca", "es", "en"} {
				status, body := b.sends(lang, append([]string{"reason", "La meva raó"}, c.marks...)...)
				if status != http.StatusUnprocessableEntity || strings.Count(body, c.says[i]) < 2 {
					t.Errorf("in %s: %d; not at the head and beside the paper: %q; it says %s", lang, status, c.says[i], errorsIn(body))
				}
				if !strings.Contains(body, `href="#f-choice-`+b.member+`">`) || strings.Count(body, `id="f-choice-`+b.member+`"`) != 1 || strings.Contains(errorsIn(body), ">: ") {
					t.Errorf("in %s: the fault does not lead to its paper: %s", lang, errorsIn(body))
				}
				for _, kept := range c.keeps {
					if !strings.Contains(body, kept) {
						t.Errorf("in %s: %s is lost", lang, kept)
					}
				}
			}
			if n := b.votes(); n != 0 {
				t.Errorf("%d votes are stored", n)
			}
		})
	}
}

// Who has voted finds their marks on the paper again. Ticking a blank vote beside them, as they stood, makes the vote
// blank; ticking it beside other marks says two things, and is refused beside the paper with what was typed.
func TestCastVotes_BlankBesideMarks_IsBlankOnlyWhereTheMarksAreThoseOfBefore(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	for _, c := range []struct {
		what          string
		plan          []string
		marks, others []string
		kept          string
	}{
		{"choose", []string{"most", "2"}, []string{"marks", "1", "marks", "3"}, []string{"marks", "2"}, `value="2" checked`},
		{"approval", nil, []string{"marks", "1", "marks", "3"}, []string{"marks", "2"}, `value="2" checked`},
		{"budget-greedy", []string{"options", "Pou | 10\nBancs | 20\nArbres | 5", "amount", "30"}, []string{"marks", "1", "marks", "2"}, []string{"marks", "3"}, `value="3" checked`},
		{"score", []string{"top", "5", "blanks", "zero"}, []string{"mark/1", "0", "mark/2", "4"}, []string{"mark/2", "4"}, `value="4" selected`},
		{"dots", []string{"dots", "5"}, []string{"mark/1", "0", "mark/2", "4", "mark/3", "1"}, []string{"mark/1", "5", "mark/2", "0"}, `value="5"`},
		{"times", nil, []string{"mark/1", "0", "mark/2", "2"}, []string{"mark/1", "1"}, `value="1" selected`},
		{"irv", nil, []string{"mark/1", "2", "mark/2", "1", "mark/3", ""}, []string{"mark/1", "1"}, `value="1" selected`},
		{"schulze", nil, []string{"mark/1", "1", "mark/2", "1"}, []string{"mark/3", "1"}, `value="1" selected`},
	} {
		t.Run(c.what, func(t *testing.T) {
			b := h.asks(c.what, c.plan...)
			both := func(marks []string, was string) []string {
				return append(append([]string{}, marks...), "blank", "on", "was", was)
			}
			refused := func(marks []string, was string) {
				t.Helper()
				for lang, says := range map[string]string{"ca": "Has marcat el vot en blanc i també", "es": "Has marcado el voto en blanco y también", "en": "You ticked a blank vote and marked"} {
					status, body := b.sends(lang, both(marks, was)...)
					if status != http.StatusUnprocessableEntity || strings.Count(body, says) < 2 || !strings.Contains(body, `href="#f-choice-`+b.member+`">`) {
						t.Errorf("in %s: %d %s", lang, status, errorsIn(body))
					}
					if !strings.Contains(body, c.kept) && was != "" || !blankTicked(body, b.member) {
						t.Errorf("in %s: what was typed is lost", lang)
					}
				}
			}
			refused(c.marks, "")
			if n := b.votes(); n != 0 {
				t.Fatalf("%d votes are stored", n)
			}
			b.sends("ca", append(c.marks, "was", "")...)
			was := b.says()
			if !strings.Contains(b.see(b.page), `name="was-`+b.member+`" value="`+was+`"`) {
				t.Errorf("the form does not carry %q", was)
			}
			refused(c.others, was)
			if now := b.says(); now != was {
				t.Errorf("%q became %q", was, now)
			}
			b.sends("ca", both(c.marks, was)...)
			blank := b.says()
			if strings.Trim(blank, ",") != "" || was == blank || !blankTicked(b.see(b.page), b.member) {
				t.Errorf("%q with the blank vote ticked is %q", was, blank)
			}
			b.sends("ca", both(c.others, blank)...) // the tick stood there: what is new is the marks
			if now := b.says(); strings.Trim(now, ",") == "" {
				t.Errorf("marks beside the tick of before are %q", now)
			}
		})
	}
}

func blankTicked(body, member string) bool {
	tick := regexp.MustCompile(`<input[^>]*name="blank-` + member + `"[^>]*>`).FindString(body)
	return strings.Contains(tick, " checked")
}

// says is the one vote that is stored.
func (b ballot) says() (choice string) {
	b.Helper()
	var vote models.Vote
	b.ok(b.DB.Read(b.Context(), func(tx *db.Tx) error {
		return tx.DB.Where("poll_id = ?", strings.TrimPrefix(b.page, "/polls/")).Take(&vote).Error
	}))
	return string(vote.Choice)
}

// A reason is read on a page of others: it holds no mark that turns the direction of what stands around it.
func TestCastVotes_ReasonWithInvisibleMarks_IsStoredWithoutThem(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	b := h.asks("choose", "most", "1")
	if status, _ := b.sends("ca", "choice", "1", "reason", "\u202eHi vaig\u2066\x07\r\nsempre. "); status != http.StatusSeeOther {
		t.Fatalf("status %d", status)
	}
	var v models.Vote
	h.ok(h.DB.Read(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Where("poll_id = ?", strings.TrimPrefix(b.page, "/polls/")).Take(&v).Error
	}))
	if v.Reason != "Hi vaig\nsempre." {
		t.Errorf("the reason is %q", v.Reason)
	}
}

func TestCreatePoll_SentTwice_IsOnePoll(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	first, second := h.asks("choose", "most", "1"), h.asks("choose", "most", "1")
	if first.page != second.page {
		t.Errorf("the form sent twice made %s and %s", first.page, second.page)
	}
}

// What is wrong in the form of a new poll is told beside its field, and nothing that was typed is lost.
func TestCreatePoll_WrongForm_KeepsWhatWasTyped(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	form := []string{"method", "budget-greedy", "question", "Què comprem?", "options", "Pintura | 450,00\nBancs", "amount", "mil", "reasons", "required", "quorum", "molt", "topic", "obres", "closes_at", "2020-01-01T10:00", "once", "x"}
	status, body, _ := h.as("jordi").post("/polls", form...)
	if status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", status)
	}
	for _, want := range []string{"Què comprem?", "Pintura | 450,00\nBancs", `value="mil"`, `value="molt"`, `value="obres"`, `value="2020-01-01T10:00"`, `value="required" checked`, "Falta el que costa «Bancs»", "L’hora de tancar ja ha passat", `value="x"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page after the faults lacks %s; it says %s", want, errorsIn(body))
		}
	}
}

func TestShowPoll_WhoWasNotEntitled_IsToldSoAndWhereToSeeWhy(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	b := h.asks("choose", "most", "1")
	body := h.as("oriol").shows(b.page, "no tenies dret de vot", "Mira el teu dret de vot")
	if !strings.Contains(body, `href="/standing">Mira el teu dret de vot`) {
		t.Error("nothing leads to the reader's standing")
	}
}

// Who is asked to declare for the parity rule reads first why, who sees it, and that the result tells; the others are asked nothing.
func TestDeclareForParity_TheCandidateReadsWhoWillKnow_BeforeThePaper(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	b := h.asks("stv-scottish", "options", "Marta | "+h.number("marta")+"\nBerta\nCarla", "seats", "2", "parity_at_least", "1", "parity_group", "dones")
	for lang, says := range map[string][]string{"ca": {"Per què es demana", "Qui ho veu"}, "es": {"Por qué se pide", "Quién lo ve"}, "en": {"Why it is asked", "Who sees it"}} {
		body := b.see(b.page + "?lang=" + lang)
		why, seen, asked, paper := strings.Index(body, says[0]), strings.Index(body, says[1]), strings.Index(body, `name="in_group"`), strings.Index(body, `name="mark-`)
		if why < 0 || why >= seen || seen >= asked || asked >= paper {
			t.Errorf("%s: why at %d, who sees it at %d, the declaration at %d, the paper at %d", lang, why, seen, asked, paper)
		}
	}
	if body := h.as("nuria").see(b.page + "?lang=ca"); strings.Contains(body, "Per què es demana:") || strings.Contains(body, `name="in_group"`) {
		t.Error("who is no candidate is asked to declare")
	}
}

// Nobody declares to be of the group: the page does not say that the rule changed nothing. How many were elected of it is
// told to those who could see the declarations.
func TestShowPoll_ParityThatTooFewDeclaredFor_IsToldAsNotReached(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	b := h.asks("stv-scottish", "options", "Marta | "+h.number("marta")+"\nBerta\nCarla", "parity_at_least", "1", "parity_group", "dones")
	if status, body := b.sends("ca", "mark/1", "1"); status != http.StatusSeeOther {
		t.Fatal(status, body)
	}
	h.as("jordi").do(b.page + "/closing")
	b.shows(b.page, "No s’ha arribat al mínim de la regla de paritat (com a mínim 1 del grup «dones»)", "Candidatures del grup que surten: 0.")
	if body, _ := h.outsideReads(strings.TrimPrefix(b.page, "/polls/"), "ca"); strings.Contains(body, "Candidatures del grup que surten") {
		t.Error("from outside one reads how many of the elected had declared")
	}
}

func TestObjections_WordsOfADelegate_AreToldOnce(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	h.as("nuria").do("/delegations", "holder", h.number("marta"), "until", "2027-01-15")
	b := h.asks("consent")
	b.do(b.page+"/votes", "choice-"+b.member, "objection", "reason-"+b.member, "Així no hi cabem totes.")
	h.as("jordi").do(b.page + "/closing")
	body := b.see(b.page + "?lang=ca")
	if n := strings.Count(body, "<p>Així no hi cabem totes.</p>"); n != 1 || !strings.Contains(body, "Per delegació, val també per a: Núria") {
		t.Errorf("the words are told %d times", n)
	}
	if n := strings.Count(body, "Així no hi cabem totes."); n != 2 { // what was said, and the vote of whoever said it
		t.Errorf("the words stand %d times on the page", n)
	}
}

func TestDelegations_ByName_FaultsBesideTheirFields_AndAHolderWithoutTheVoteIsTold(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	nuria := h.as("nuria")
	nuria.shows("/delegations", `href="/members"`)
	nuria.fails(422, `id="f-holder-error"`, "/delegations", "holder", "ningú de tal", "until", "2027-01-15")
	nuria.fails(422, `id="f-holder-error"`, "/delegations", "holder", "a", "until", "2027-01-15")
	nuria.fails(422, `id="f-until-error"`, "/delegations", "holder", h.number("marta"), "until", "2020-01-15")
	var marta, oriol models.Member
	h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error {
		if err := tx.DB.Take(&marta, "number = ?", h.number("marta")).Error; err != nil {
			return err
		}
		return tx.DB.Take(&oriol, "number = ?", h.number("oriol")).Error
	}))
	nuria.do("/delegations", "holder", marta.Name, "until", "2027-01-15")
	page := nuria.shows("/delegations", "Has delegat el vot en "+marta.Name)
	if strings.Contains(page, "no té dret de vot") {
		t.Error("a holder who may vote is said to have no vote")
	}
	h.as("marta").shows("/delegations", "Votes per Núria")
	nuria.fails(422, `id="f-topic-error"`, "/delegations", "holder", h.number("pau"), "until", "2027-01-15")
	nuria.do("/delegations", "holder", oriol.Name, "topic", "obres", "until", "2027-01-15")
	nuria.shows("/delegations", oriol.Name+" no té dret de vot")
}

var valueOf = regexp.MustCompile(`name="([a-z_]+)" value="([^"]*)"`)

func TestCreatePoll_IsReviewedFirst_AndMadeAsItWasReviewed(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	jordi := h.as("jordi")
	form := []string{"method", "score", "question", "Quin logo?", "options", "Sol\nLluna", "seats", "1", "top", "10", "blanks", "average", "reasons", "required", "live", "1", "closes_at", "2026-12-15T18:00", "once", "r"}
	polls := func() (n int64) {
		h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error { return tx.DB.Model(&models.Poll{}).Count(&n).Error }))
		return n
	}
	before := polls()
	jordi.fails(422, `id="f-closes_at-error"`, "/polls", append([]string{"step", "review", "closes_at", "2020-01-01T10:00"}, form[:len(form)-4]...)...)
	status, review, _ := jordi.post("/polls", append(form, "step", "review")...)
	if status != http.StatusOK || polls() != before {
		t.Fatalf("review: %d, and %d polls were made", status, polls()-before)
	}
	for _, want := range []string{"Quin logo?", "Sol · Lluna", "15 de desembre de 2026", "De seguida que ho confirmis", "Cada vot ha de dir per què"} {
		if !strings.Contains(review, want) {
			t.Errorf("the review does not say %q", want)
		}
	}
	if status, body, _ := jordi.post("/polls", append(form, "step", "edit")...); status != http.StatusOK || !strings.Contains(body, "Sol\nLluna") || polls() != before {
		t.Errorf("going back loses what was typed: %d", status)
	}
	confirm := []string{}
	for _, m := range valueOf.FindAllStringSubmatch(review, -1) {
		if m[1] != "csrf" && m[1] != "step" { // a button’s name
			confirm = append(confirm, m[1], m[2])
		}
	}
	jordi.do("/polls", confirm...)
	var made models.Poll
	h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error { return tx.DB.Order("id DESC").Take(&made).Error }))
	if s := made.Setup; polls() != before+1 || made.Question != "Quin logo?" || s.Top != 10 || s.Blanks != "average" || s.Reasons != models.ReasonsRequired || !s.Live || s.Seats != 1 {
		t.Errorf("made %q with %+v", made.Question, s)
	}
}

// A standing delegation is reviewed before it is given: whom, on what, until when, and what that means; the form twice sent
// gives one.
func TestDelegations_AreReviewedBeforeTheyAreGiven(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	nuria, number := h.as("nuria"), h.number("marta")
	form := []string{"holder", number, "topic", "Obres", "until", "2027-01-15"}
	count := func() (n int64) {
		h.ok(h.DB.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Model(&models.Delegation{}).Count(&n).Error }))
		return n
	}
	var hidden []string
	for lang, says := range map[string][]string{
		"ca": {"Repassa la delegació", "Marta", "(núm. " + number + ")", "«obres»", "15 de gener de 2027", "comptarà també com a teu", "Si votes, val el teu vot", "La pots retirar quan vulguis", "Delega el vot"},
		"es": {"Repasa la delegación", "«obres»", "contará también como tuyo", "Si votas, vale tu voto", "La puedes retirar cuando quieras"},
		"en": {"Review the delegation", "“obres”", "counts as yours too", "If you vote, your vote counts", "You can take it back"},
	} {
		status, body, _ := nuria.post("/delegations?lang="+lang, append(form, "step", "review")...)
		for _, text := range says {
			if status != http.StatusOK || !strings.Contains(body, text) {
				t.Errorf("%s: %d, does not say %q", lang, status, text)
			}
		}
		hidden = nil
		for _, name := range []string{"author", "holder", "topic", "until", "once"} {
			field := regexp.MustCompile(`<input type="hidden" name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
			if field == nil {
				t.Fatalf("the review forgets %s", name)
			}
			hidden = append(hidden, name, field[1])
		}
	}
	if count() != 0 {
		t.Error("the review gave it")
	}
	if status, body, _ := nuria.post("/delegations", append(hidden, "step", "edit")...); status != http.StatusOK || !strings.Contains(body, `value="Obres"`) || !strings.Contains(body, `value="2027-01-15"`) {
		t.Errorf("%d: the form forgets what was typed", status)
	}
	nuria.fails(422, `id="f-until-error"`, "/delegations", "holder", number, "until", "2020-01-15", "step", "review")
	nuria.fails(422, `id="f-until-error"`, "/delegations", "holder", "zzz", "until", "dimarts", "step", "review")
	nuria.fails(422, `id="f-holder-error"`, "/delegations", "holder", "zzz", "until", "dimarts", "step", "review")
	for _, id := range []string{"f-holder-error", "f-until-error"} { // an empty form tells both at once
		nuria.fails(422, `id="`+id+`"`, "/delegations", "holder", "", "until", "", "step", "review")
	}
	nuria.do("/delegations", hidden...)
	nuria.do("/delegations", hidden...)
	if n := count(); n != 1 {
		t.Errorf("%d delegations", n)
	}
	nuria.fails(422, `id="f-topic-error"`, "/delegations", append(form, "step", "review")...)
}
