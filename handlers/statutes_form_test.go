package handlers

import (
	"reflect"
	"strings"
	"testing"

	"socia/app/proposals"
	"socia/core/rules"
)

// The form changes every rule that the statutes have, with its article.
func TestStatutes_CapsCeilingAndEveryArticleAreInTheForm(t *testing.T) {
	h := openHouse(t)
	h.found()
	token := h.signIn("admin")
	form := formOf(h.reads("/admin/statutes", token))
	if got := form.Get("support.caps"); got != "1000: 100; 10000: 500; 100000: 1000" {
		t.Errorf("the form begins with the caps %q", got)
	}
	form.Set("step", "review")
	form.Set("reason", "Acord 7")
	for field, typed := range map[string]string{
		"support.caps": "0: 50; 1.000:80", "ceiling.num": "3/4", "ceiling.article": "Estatuts, art. 20",
		"record_date.article": "Estatuts, art. 21", "off_agenda.article": "Estatuts, art. 22",
		"calling.percent": "15", "calling.caps": "2000: 250", "calling.article": "Estatuts, art. 23", "remote.allowed": "", "remote.article": "Estatuts, art. 24",
		"secrecy.percent": "5", "secrecy.article": "Estatuts, art. 25", "minutes.certificate_days": "7",
	} {
		form.Set(field, typed)
	}
	status, _, review := h.ask("POST", "/admin/statutes", token, form)
	for _, want := range []string{"N’hi ha prou amb 50 membres.", "Si n’hi ha més de 1.000, n’hi ha prou amb 80.", "tres quarts", "Estatuts, art. 20", "Estatuts, art. 21", "Estatuts, art. 22",
		"Pot fer convocar una assemblea el 15\u00a0% dels membres.", "Si n’hi ha més de 2.000, n’hi ha prou amb 250.", "Estatuts, art. 23", "Només es pot assistir a les assemblees i votar-hi en persona", "Estatuts, art. 24",
		"Una votació és secreta si ho demana el 5\u00a0% dels vots presents i representats.", "Estatuts, art. 25", "té en 7 dies"} {
		if status != 200 || !strings.Contains(review, want) {
			t.Errorf("%d: the review does not say %q", status, want)
		}
	}
	confirm := formOf(review)
	confirm.Set("step", "confirm")
	if status, to, _ := h.ask("POST", "/admin/statutes", token, confirm); status != 303 {
		t.Fatalf("confirm: %d %s", status, to)
	}
	now, err := h.Identity.Statutes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, _ := rules.Preset(rules.PresetCatalan)
	want.Support.Caps = []rules.SupportCap{{OverMembers: 0, AtMost: 50}, {OverMembers: 1000, AtMost: 80}}
	want.Ceiling = rules.Ceiling{Num: 3, Den: 4, Article: "Estatuts, art. 20"}
	want.RecordDate.Article, want.OffAgenda.Article = "Estatuts, art. 21", "Estatuts, art. 22"
	want.Calling = rules.Support{Percent: 15, Caps: []rules.SupportCap{{OverMembers: 2000, AtMost: 250}}, Article: "Estatuts, art. 23"}
	want.Remote = rules.Remote{Allowed: false, Article: "Estatuts, art. 24", GuaranteeArticle: "Llei 12/2015, art. 46.3"}
	want.Secrecy, want.Minutes.CertificateDays = rules.Secrecy{Percent: 5, Article: "Estatuts, art. 25"}, 7
	if !reflect.DeepEqual(now.Body, want) {
		t.Errorf("in force: %+v\nwant: %+v", now.Body, want)
	}
}

func TestStatutes_WhatIsWrongWithCapsAndCeilingStandsBesideThem(t *testing.T) {
	h := openHouse(t)
	h.found()
	token := h.signIn("admin")
	begun := formOf(h.reads("/admin/statutes", token))
	for name, c := range map[string]struct{ field, typed, says string }{
		"no caps at all":        {"support.caps", "molts", "Escriu-ho així: 1000: 100"},
		"a comma between":       {"support.caps", "1000: 100, 10000: 500", "Escriu-ho així: 1000: 100"},
		"one limit twice":       {"support.caps", "1000: 100; 1000: 200", "Aquest límit hi és dues vegades"},
		"nobody is enough":      {"support.caps", "1000: 0", "Ha de ser entre 1 i"},
		"nobody calls":          {"calling.caps", "1000: 0", "Ha de ser entre 1 i"},
		"no certificate ever":   {"minutes.certificate_days", "0", "Ha de ser entre 1 i 365"},
		"from afar, no article": {"remote.article", "", "Digues quin article ho diu"},
		"a secret of nobody":    {"secrecy.percent", "0", "Ha de ser entre 1 i"},
		"a ceiling of more":     {"ceiling.num", "3/2", ""},
		"a ceiling, no article": {"ceiling.article", "", "Digues quin article ho diu"},
		"no article":            {"record_date.article", " ", "Digues quin article ho diu"},
		"nor here":              {"off_agenda.article", "", "Digues quin article ho diu"},
	} {
		form := formOf(h.reads("/admin/statutes", token))
		form.Set("step", "review")
		form.Set("reason", "x")
		form.Set(c.field, c.typed)
		status, _, body := h.ask("POST", "/admin/statutes", token, form)
		if status != 422 || !strings.Contains(body, `id="f-`+c.field+`-error"`) || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d, %v", name, status, strings.Contains(body, `id="f-`+c.field+`-error"`))
		}
	}
	// Emptied whole, the rule would be read as that of statutes of before it: that members may.
	emptied := formOf(h.reads("/admin/statutes", token))
	for field, typed := range map[string]string{"step": "review", "reason": "x", "remote.allowed": "", "remote.article": "", "remote.guarantee_article": ""} {
		emptied.Set(field, typed)
	}
	if status, _, body := h.ask("POST", "/admin/statutes", token, emptied); status != 422 || !strings.Contains(body, `id="f-remote.article-error"`) || !strings.Contains(body, `id="f-remote.guarantee_article-error"`) {
		t.Errorf("the rule on attending remotely emptied whole: %d", status)
	}
	begun.Set("step", "review")
	begun.Set("reason", "x")
	begun.Set("support.caps", " ; ")
	begun.Set("ceiling.num", "")
	if status, _, body := h.ask("POST", "/admin/statutes", token, begun); status != 200 || !strings.Contains(body, "No hi ha aquesta regla.") {
		t.Errorf("neither caps nor ceiling: %d", status)
	}
}

// Llei 12/2015 art. 44.5: the page of a proposal says that 100 members are enough where there are 4,000.
func TestSupportRule_Llei12_2015_Art44_5_ShowsTheCap(t *testing.T) {
	h := openHouse(t)
	r, _ := rules.Preset(rules.PresetCatalan)
	rule := supportRule(h.texts.For("en"), proposals.Threshold{Needed: r.Support.NeededSupporters(4000), Members: 4000, Rule: r.Support})
	if len(rule.Arithmetic) != 2 || !strings.Contains(rule.Arithmetic[0], "400") || !strings.Contains(rule.Arithmetic[1], "at most 100") || rule.Article != "Llei 12/2015, art. 44.5" {
		t.Errorf("%+v", rule)
	}
}
