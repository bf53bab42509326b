package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"socia/platform/db"
)

// wrong is a form that is sent with one bad value: the field is told beside itself, and what was typed is still there.
type wrong struct {
	path, field, value string
	others             []string // names and values of the rest of the form
	nth                int      // which of the fields of that name; the first is 0
}

// Whatever cannot be taken in the forms of an assembly is told beside its field, in every language, and what was typed
// stands there still.
func TestAssemblyForms_AWrongValue_IsToldBesideItsField_AndKept(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	jordi := h.as("jordi")
	far, long := "2027-01-01T18:00", strings.Repeat("molt llarg ", 40)
	draft := []string{"title", "Assemblea", "kind", "ordinary", "place", "Ateneu", "online_url", "", "first_call", far, "second_call", "2027-01-01T18:30"}
	here, _, _ := strings.Cut(jordi.do("/assemblies", draft...), "?")
	edit := here
	var all []wrong
	for _, path := range []string{"/assemblies", edit} {
		for field, value := range map[string]string{"title": long, "kind": "festa", "place": long, "online_url": "javascript:x", "first_call": "2027-02-30T18:00", "second_call": "dimarts"} {
			all = append(all, wrong{path: path, field: field, value: value, others: draft})
		}
	}
	item := []string{"title", "Pressupost", "body", "S’aprova.", "decision", "ordinary"}
	jordi.do(here+"/items", item...)
	point := itemOf(t, jordi.see(here))
	for _, path := range []string{here + "/items", here + "/items/" + point} {
		for field, value := range map[string]string{"title": long, "body": strings.Repeat(long, 130), "decision": "xifra"} {
			all = append(all, wrong{path: path, field: field, value: value, others: item})
		}
	}
	all = append(all, wrong{path: here + "/items", field: "proposal", value: "abc", others: []string{"decision", "ordinary"}})
	h.refuse(jordi, all)

	convened := jordi.convene()
	officers := []string{"chair", h.number("nuria"), "secretary", h.number("jordi"), "tellers", h.number("aina"), "tellers", h.number("pau")}
	h.refuse(jordi, []wrong{
		{path: convened + "/officers", field: "chair", value: "ningú de tal", others: officers},
		{path: convened + "/officers", field: "secretary", value: "a", others: officers},
		{path: convened + "/officers", field: "tellers", value: "ningú", others: officers},
		{path: convened + "/officers", field: "tellers", value: "999999", others: officers, nth: 1},
		{path: convened + "/officers", field: "tellers", value: h.number("aina"), others: officers, nth: 1},
		{path: convened + "/proxies", field: "giver", value: "ningú", others: []string{"holder", h.number("pau")}},
		{path: convened + "/proxies", field: "holder", value: "zzz", others: []string{"giver", h.number("pau")}},
		{path: convened + "/proxy", field: "holder", value: "zzz", others: []string{"giver_id", h.idOf(h.number("jordi"))}},
		{path: convened + "/cancellation", field: "reason", value: "", others: nil},
	})
	h.Clock.Move(time.Date(2026, 12, 10, 17, 30, 0, 0, time.UTC))
	jordi = h.as("jordi")
	for _, handle := range []string{"jordi", "aina", "pau", "nuria"} {
		jordi.do(convened+"/arrivals", "who", h.number(handle), "mode", "in_person", "desk", "1")
	}
	jordi.do(convened+"/opening", "call", "2")
	ballot := itemOf(t, jordi.see(convened))
	h.refuse(jordi, []wrong{
		{path: convened + "/arrivals", field: "who", value: "zzz", others: []string{"mode", "in_person", "desk", "1"}},
		{path: convened + "/polls", field: "minutes", value: "-5", others: []string{"item", ballot}},
		{path: convened + "/polls", field: "minutes", value: "601", others: []string{"item", ballot}},
		{path: convened + "/polls", field: "minutes", value: "deu", others: []string{"item", ballot}},
	})
	jordi.do(convened+"/officers", officers...)
	jordi.do(convened + "/closing")
	h.refuse(jordi, []wrong{{path: convened + "/minutes", field: "language", value: "la"}})
	jordi.do(convened+"/minutes", "language", "ca")
	h.refuse(jordi, []wrong{{path: convened + "/minutes/revisions", field: "body", value: "", others: []string{"revision", "1"}}})
}

// Tellers are needed when an assembly closes: the form says so, and the refusal leads there.
func TestTellers_AreSaidToBeNeeded_AndTheRefusalLeadsToThem(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	convened := h.as("jordi").convene()
	h.Clock.Move(time.Date(2026, 12, 10, 17, 30, 0, 0, time.UTC))
	jordi := h.as("jordi")
	jordi.do(convened+"/arrivals", "who", h.number("jordi"), "mode", "in_person", "desk", "1")
	jordi.do(convened+"/opening", "call", "2")
	for lang, says := range map[string]string{"ca": "Cal abans de tancar l’assemblea", "es": "Hace falta antes de cerrar la asamblea", "en": "Needed before the assembly is closed"} {
		body := jordi.shows(convened+"/officers?lang="+lang, says)
		if n := strings.Count(body, says); n != 2 || strings.Contains(body, `class="optional"`) {
			t.Errorf("it is said %d times, and something is called optional: %v", n, strings.Contains(body, `class="optional"`))
		}
	}
	jordi.shows(convened+"/closing", `href="`+convened+`/officers"`, "Abans de tancar, nomena")
	status, body, _ := jordi.post(convened + "/closing")
	if mistake := errorsIn(body); status != http.StatusConflict || !strings.Contains(mistake, `<a href="`+convened+`/officers">Abans de tancar`) {
		t.Errorf("%d: %s", status, mistake)
	}
	jordi.do(convened+"/officers", "chair", h.number("nuria"), "secretary", h.number("jordi"), "tellers", "", "tellers", h.number("aina"), "tellers", h.number("pau"))
	jordi.shows(convened+"/closing", "La mesa està nomenada.")
	jordi.do(convened + "/closing")
}

// itemOf is the first point that an assembly's page lets somebody change or put to the vote.
func itemOf(t *testing.T, body string) string {
	t.Helper()
	for _, before := range []string{`name="item" value="`, `/items/`} {
		if _, rest, found := strings.Cut(body, before); found {
			return rest[:strings.IndexAny(rest, `"/`)]
		}
	}
	t.Fatal("no point")
	return ""
}

func (h *meetingHouse) refuse(by guest, all []wrong) {
	h.Helper()
	for _, w := range all {
		for _, lang := range []string{"ca", "es", "en"} {
			h.refuseOne(by, w, lang)
		}
	}
}

func (h *meetingHouse) refuseOne(by guest, w wrong, lang string) {
	h.Helper()
	form := url.Values{"csrf": {tokenField.FindStringSubmatch(by.see("/standing"))[1]}}
	for i := 0; i+1 < len(w.others); i += 2 {
		form.Add(w.others[i], w.others[i+1])
	}
	if len(form[w.field]) <= w.nth {
		form.Add(w.field, "")
	}
	form[w.field][w.nth] = w.value
	what := w.path + " " + w.field + "=" + w.value[:min(len(w.value), 20)] + " in " + lang
	status, body, _ := by.send(http.MethodPost, w.path+"?lang="+lang, form)
	if status != http.StatusUnprocessableEntity {
		h.Errorf("%s: %d", what, status)
		return
	}
	doc, err := html.Parse(strings.NewReader(body))
	h.ok(err)
	var found []*html.Node // the element of the field, or the first of its choices
	field := w.field
	if strings.HasSuffix(w.path, "/proxy") && field == "giver" {
		field = "giver_id"
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && attr(n, "name") == field && attr(n, "type") != "hidden" && (attr(n, "type") != "radio" || len(found) == 0) {
			found = append(found, n)
		}
	}
	var at *html.Node
	for _, n := range found { // of the points' forms only one was sent
		if beside(n) != "" {
			at = n
		}
	}
	if at == nil || len(found) <= w.nth || field == "tellers" && at != found[w.nth] {
		h.Errorf("%s: no message beside it; the page says %s", what, errorsIn(body))
		return
	}
	if !strings.Contains(errorsIn(body), `href="#`+attr(at, "id")+`"`) {
		h.Errorf("%s: the summary does not lead to %s: %s", what, attr(at, "id"), errorsIn(body))
	}
	if kept := typedIn(at); attr(at, "type") != "radio" && at.Data != "select" && kept != strings.TrimSpace(w.value) {
		h.Errorf("%s: what was typed is lost: %.40q", what, kept)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func typedIn(n *html.Node) string {
	if n.Data == "textarea" && n.FirstChild != nil {
		return strings.TrimPrefix(n.FirstChild.Data, "\n")
	}
	return attr(n, "value")
}

// beside is the message in the same box as a field.
func beside(n *html.Node) string {
	for ; n != nil; n = n.Parent {
		if !strings.HasPrefix(attr(n, "class"), "field") {
			continue
		}
		for d := range n.Descendants() {
			if attr(d, "class") == "error" {
				return "said"
			}
		}
		return ""
	}
	return ""
}
