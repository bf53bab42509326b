package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

// noon is 13:00 in Madrid.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

const (
	secret  = "cinc paraules soltes per entrar"
	secret2 = "unes altres paraules per entrar"
)

// cheap keeps tests fast; the real costs are tested by nobody's patience.
var cheap = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// house is a founded cooperative with its administrator "admin".
type house struct {
	*Service
	t     *testing.T
	d     *db.DB
	clock *clock.Set
}

func service(t *testing.T, d *db.DB) *Service {
	t.Helper()
	return New(d, Options{Hashing: cheap, HashersAtOnce: 4})
}

func founding() Founding {
	return Founding{Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: "catalan-cooperative", Handle: "admin", Passphrase: secret}
}

// eachHouse runs a test on both databases.
func eachHouse(t *testing.T, test func(h *house)) {
	t.Helper()
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(noon)
		h := &house{Service: service(t, d), t: t, d: d, clock: c}
		if err := h.Found(t.Context(), founding()); err != nil {
			t.Fatal(err)
		}
		test(h)
	})
}

func (h *house) signUp(handle string) models.AccountID {
	h.t.Helper()
	id, err := h.SignUp(h.t.Context(), NewAccount{Handle: handle, Passphrase: secret, Again: secret, Language: "ca"}, "10.0.0.1")
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) signIn(handle string) string {
	h.t.Helper()
	token, err := h.SignIn(h.t.Context(), handle, secret, "10.0.0.1", "Firefox Linux")
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

func (h *house) resolve(token string) Actor {
	h.t.Helper()
	a, err := h.Resolve(h.t.Context(), token)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// enter makes an account if need be and gives its actor.
func (h *house) enter(handle string) Actor {
	h.t.Helper()
	return h.resolve(h.signIn(handle))
}

func (h *house) exec(statement string, args ...any) {
	h.t.Helper()
	if err := h.d.Write(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(statement, args...).Error }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) count(table, where string, args ...any) (n int64) {
	h.t.Helper()
	if err := h.d.Read(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Table(table).Where(where, args...).Count(&n).Error }); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func wantFault(t *testing.T, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || !fault.Has(err, key) {
		t.Errorf("%s: got %v, want %s: %s", what, err, kind, key)
	}
}

func TestSignUp_ThenSignInWithAnyCaseOfTheHandle(t *testing.T) {
	eachHouse(t, func(h *house) {
		id := h.signUp("Nuria.P")
		for _, handle := range []string{"nuria.p", " NURIA.P "} {
			if a := h.enter(handle); a.Account != id || a.Handle != "nuria.p" || a.Language != "ca" || len(a.Roles) != 0 {
				t.Errorf("%q gives %+v", handle, a)
			}
		}
		_, err := h.SignUp(t.Context(), NewAccount{Handle: "NURIA.p", Passphrase: secret, Again: secret, Language: "ca"}, "10.0.0.1")
		wantFault(t, "the same handle again", err, fault.KindInvalid, "identity.handle_taken")
	})
}

func TestSignUp_RefusesWhatIsNoHandleOrNoPassphrase(t *testing.T) {
	eachHouse(t, func(h *house) {
		for name, c := range map[string]struct {
			n   NewAccount
			key string
		}{
			"no handle":             {NewAccount{"", secret, secret, "ca"}, "ui.error.required"},
			"handle of one letter":  {NewAccount{"a", secret, secret, "ca"}, "identity.handle_form"},
			"handle too long":       {NewAccount{strings.Repeat("a", 33), secret, secret, "ca"}, "identity.handle_form"},
			"handle with markup":    {NewAccount{"<script>", secret, secret, "ca"}, "identity.handle_form"},
			"handle with a newline": {NewAccount{"maria\nadmin", secret, secret, "ca"}, "identity.handle_form"},
			"look-alike letters":    {NewAccount{"аdmin", secret, secret, "ca"}, "identity.handle_form"},
			"no passphrase":         {NewAccount{"maria", "", "", "ca"}, "ui.error.required"},
			"eleven letters":        {NewAccount{"maria", "àbcdefghijk", "àbcdefghijk", "ca"}, "identity.passphrase_short"},
			"far too long":          {NewAccount{"maria", strings.Repeat("ab", 129), strings.Repeat("ab", 129), "ca"}, "identity.passphrase_long"},
			"one letter again":      {NewAccount{"maria", strings.Repeat("à", 20), strings.Repeat("à", 20), "ca"}, "identity.passphrase_guessable"},
			"the handle in it":      {NewAccount{"maria", "la-MARIA-2026!", "la-MARIA-2026!", "ca"}, "identity.passphrase_guessable"},
			"typed differently":     {NewAccount{"maria", secret, secret2, "ca"}, "identity.passphrases_differ"},
		} {
			_, err := h.SignUp(t.Context(), c.n, "10.0.0.1")
			wantFault(t, name, err, fault.KindInvalid, c.key)
		}
		if n := h.count("accounts", "1 = 1"); n != 1 {
			t.Errorf("%d accounts", n)
		}
		if _, err := h.SignUp(t.Context(), NewAccount{"maria", "àbcdefghijkl", "àbcdefghijkl", "ca"}, "10.0.0.1"); err != nil {
			t.Errorf("twelve letters: %v", err)
		}
	})
}

func TestSignUp_SameHandleAtOnceMakesOneAccount(t *testing.T) {
	eachHouse(t, func(h *house) {
		made := parallel(8, func(int) error {
			_, err := h.SignUp(t.Context(), NewAccount{"maria", secret, secret, "ca"}, "10.0.0.1")
			return err
		})
		if n := countNil(t, made, "identity.handle_taken"); n != 1 || h.count("accounts", "handle = 'maria'") != 1 {
			t.Errorf("%d sign-ups succeeded", n)
		}
	})
}

// Whoever asks for one handle after the other to learn which exist is slowed down like whoever makes many accounts.
func TestSignUp_ProbingForHandlesIsSlowedDown(t *testing.T) {
	eachHouse(t, func(h *house) {
		var err error
		for n := 0; n <= freeTriesAddress+1; n++ {
			_, err = h.SignUp(t.Context(), NewAccount{"admin", secret, secret, "ca"}, "10.0.0.9")
		}
		wantFault(t, "one more", err, fault.KindTooMany, "identity.too_many_tries")
	})
}

// parallel does a thing many times at once.
func parallel(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// countNil counts successes; every failure must be the named fault.
func countNil(t *testing.T, errs []error, key string) (n int) {
	t.Helper()
	for _, err := range errs {
		if err == nil {
			n++
		} else if !fault.Has(err, key) {
			t.Errorf("unexpected: %v", err)
		}
	}
	return n
}

func TestSignIn_UnknownHandleAndWrongPassphraseGetTheSameAnswer(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("off")
		h.exec("UPDATE accounts SET disabled_at = ? WHERE handle = 'off'", noon)
		var first *fault.Fault
		for _, c := range []struct{ handle, passphrase string }{{"admin", secret2}, {"nobody", secret}, {"", ""}, {"off", secret}, {"admin", ""}, {strings.Repeat("x", 5000), secret}} {
			token, err := h.SignIn(t.Context(), c.handle, c.passphrase, "10.0.0.1", "")
			f, ok := fault.As(err)
			if !ok || token != "" {
				t.Fatalf("%q: %q, %v", c.handle, token, err)
			}
			if first == nil {
				first = f
			}
			if f.Kind != first.Kind || f.Key != first.Key || f.Field != first.Field || len(f.Args) != 0 {
				t.Errorf("%q: %+v differs from %+v", c.handle, f, first)
			}
		}
	})
}

// An unknown handle costs a whole comparison: with a hash that takes long enough to be seen, it takes as long as a
// wrong passphrase. Only a lower bound is asked for, so that a busy machine changes nothing.
func TestSignIn_UnknownHandleCostsAComparison(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, clock.At(noon))
	slow := &argon2id.Params{Memory: 16 * 1024, Iterations: 8, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	s := New(d, Options{Hashing: slow})
	hash, err := s.hash(secret)
	if err != nil {
		t.Fatal(err)
	}
	cost := func(a *models.Account) time.Duration {
		least := time.Hour
		for range 3 {
			began := time.Now()
			if ok, err := s.matches(a, secret2); ok || err != nil {
				t.Fatalf("%v %v", ok, err)
			}
			least = min(least, time.Since(began))
		}
		return least
	}
	known := cost(&models.Account{PassphraseHash: hash})
	for name, a := range map[string]*models.Account{"unknown": nil, "without a passphrase": {PassphraseHash: ""}} {
		if took := cost(a); took < known/3 {
			t.Errorf("%s took %s, a wrong passphrase %s", name, took, known)
		}
	}
	if ok, err := s.matches(nil, "nobody has this passphrase"); ok || err != nil {
		t.Errorf("the decoy's passphrase opens: %v %v", ok, err)
	}
}

func TestSetLanguage_KnowsThree(t *testing.T) {
	eachHouse(t, func(h *house) {
		token := h.signIn("admin")
		for _, lang := range []string{"es", "en", "ca"} {
			if err := h.SetLanguage(t.Context(), h.resolve(token), lang); err != nil || h.resolve(token).Language != lang {
				t.Errorf("%s: %v", lang, err)
			}
		}
		wantFault(t, "fr", h.SetLanguage(t.Context(), h.resolve(token), "fr"), fault.KindInvalid, "identity.language_unknown")
	})
}

// A cooperative is founded with everything or not at all: a setup that breaks off can be run again.
func TestFound_IsOneActWithWhatOthersNeed(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		s := service(t, d)
		broken := errors.New("the power is gone")
		if err := s.Found(t.Context(), founding(), func(context.Context, *db.Tx) error { return broken }); !errors.Is(err, broken) {
			t.Fatalf("%v", err)
		}
		if coop, err := s.Cooperative(t.Context()); err == nil {
			t.Fatalf("half a cooperative: %+v", coop)
		}
		if err := s.Found(t.Context(), founding()); err != nil {
			t.Errorf("again: %v", err)
		}
	})
}

func TestFound_WorksOnceAlsoAtOnce(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		s := service(t, d)
		if _, err := s.Cooperative(t.Context()); !fault.Has(err, "identity.no_cooperative") {
			t.Errorf("before: %v", err)
		}
		for name, wrong := range map[string]func(f *Founding){
			"name":       func(f *Founding) { f.Name = "" },
			"language":   func(f *Founding) { f.Language = "fr" },
			"time zone":  func(f *Founding) { f.TimeZone = "Mars/Olympus" },
			"currency":   func(f *Founding) { f.Currency = "€" },
			"preset":     func(f *Founding) { f.Preset = "none" },
			"handle":     func(f *Founding) { f.Handle = "<b>" },
			"passphrase": func(f *Founding) { f.Passphrase = "short" },
		} {
			f := founding()
			wrong(&f)
			if fl, ok := fault.As(s.Found(t.Context(), f)); !ok || fl.Kind != fault.KindInvalid {
				t.Errorf("wrong %s was taken", name)
			}
		}
		errs := parallel(6, func(i int) error {
			f := founding()
			f.Handle = fmt.Sprint("admin", i)
			return service(t, d).Found(t.Context(), f)
		})
		if n := countNil(t, errs, "identity.already_founded"); n != 1 {
			t.Errorf("founded %d times", n)
		}
		h := &house{t: t, d: d}
		if h.count("accounts", "1=1") != 1 || h.count("role_terms", "1=1") != 1 || h.count("rule_sets", "1=1") != 1 || h.count("member_classes", "1=1") != 3 {
			t.Error("a founding that failed left something")
		}
	})
}

func TestStatutes_VersionsOneAfterTheOther(t *testing.T) {
	eachHouse(t, func(h *house) {
		admin := h.enter("admin")
		first, err := h.Statutes(t.Context())
		if err != nil || first.Version != 1 || first.Preset != "catalan-cooperative" {
			t.Fatalf("%+v %v", first, err)
		}
		body, _ := rules.Preset("catalan-cooperative")
		change := StatutesChange{From: 1, Body: body, Reason: "Assemblea 2/2026"}
		maria := Actor{Account: h.signUp("maria")}
		wantFault(t, "no administrator", h.SetStatutes(t.Context(), maria, change, ""), fault.KindForbidden, "identity.role_needed")
		wantFault(t, "no reason", h.SetStatutes(t.Context(), admin, StatutesChange{From: 1, Body: body, Reason: " \n"}, ""), fault.KindInvalid, "ui.error.required")
		wantFault(t, "an empty rule set", h.SetStatutes(t.Context(), admin, StatutesChange{From: 1, Reason: "x"}, ""), fault.KindInvalid, fault.FieldsKey)
		errs := parallel(6, func(int) error { return h.SetStatutes(t.Context(), admin, change, "") })
		if n := countNil(t, errs, "identity.statutes_changed_meanwhile"); n != 1 {
			t.Errorf("%d changes from one version", n)
		}
		for range 2 {
			if err := h.SetStatutes(t.Context(), admin, StatutesChange{From: 2, Body: body, Reason: "Assemblea 3/2026"}, "token"); err != nil {
				t.Errorf("sent twice: %v", err)
			}
		}
		all, err := h.StatutesHistory(t.Context())
		if err != nil || len(all) != 3 || all[0].Version != 3 || all[0].Reason != "Assemblea 3/2026" || *all[0].SetBy != admin.Account || all[2].SetBy != nil {
			t.Errorf("%+v %v", all, err)
		}
		if err := h.d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec("UPDATE rule_sets SET reason = 'x'").Error }); err == nil {
			t.Error("an old version was changed")
		}
	})
}

var errUndo = errors.New("undo")

func TestInbox_OneReadsOnlyOnesOwn(t *testing.T) {
	eachHouse(t, func(h *house) {
		admin, maria := h.enter("admin"), Actor{Account: h.signUp("maria")}
		tell := func(to models.AccountID, fail error) {
			err := h.d.Write(t.Context(), func(tx *db.Tx) error {
				if err := NotifyTx(t.Context(), tx, to, "identity.notice.appointed", map[string]string{"role": "auditor"}, "/account"); err != nil {
					return err
				}
				return fail
			})
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
		}
		tell(admin.Account, nil)
		tell(maria.Account, nil)
		tell(maria.Account, nil)
		tell(maria.Account, errUndo)
		all, err := h.Inbox(t.Context(), maria)
		if err != nil || len(all) != 2 || all[0].ID < all[1].ID || all[0].Args["role"] != "auditor" {
			t.Fatalf("%+v %v", all, err)
		}
		if err := h.ReadAll(t.Context(), maria, all[1].ID); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Unread(t.Context(), maria); n != 1 || err != nil {
			t.Errorf("%d unread after reading up to the first, %v", n, err)
		}
		if err := h.ReadAll(t.Context(), maria, all[0].ID+100); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Unread(t.Context(), admin); n != 1 || err != nil {
			t.Errorf("somebody else's notice was read: %d %v", n, err)
		}
	})
}

func TestActor_Methods(t *testing.T) {
	three := models.CollectiveID(3)
	a := Actor{Account: 1, Roles: []models.RoleTerm{{Role: models.RoleValidator, CollectiveID: &three}, {Role: models.RoleAuditor}},
		Members: []models.Member{{ID: 8, Kind: models.Organisation}, {ID: 9, Kind: models.Person}}}
	if !a.SignedIn() || System.SignedIn() || a.Has() || !a.Has(models.RoleTreasurer, models.RoleAuditor) || a.Has(models.RoleAdministrator) {
		t.Error("SignedIn or Has")
	}
	if !a.Validates(3) || a.Validates(4) || a.Validates(0) || (Actor{Roles: []models.RoleTerm{{Role: models.RoleValidator}}}).Validates(0) {
		t.Error("Validates")
	}
	if !a.ActsFor(8) || !a.ActsFor(9) || a.ActsFor(7) || a.ActsFor(0) {
		t.Error("ActsFor")
	}
	if m, ok := a.Member(); !ok || m.ID != 9 {
		t.Errorf("the person comes first: %v", m)
	}
	if m, ok := (Actor{Members: a.Members[:1]}).Member(); !ok || m.ID != 8 {
		t.Errorf("else the organisation: %v", m)
	}
	wantFault(t, "no role", a.Require(models.RoleAdministrator), fault.KindForbidden, "identity.role_needed")
	wantFault(t, "no roles asked for", a.Require(), fault.KindForbidden, "identity.role_needed")
	wantFault(t, "not theirs", a.RequireActsFor(7, models.RoleTreasurer), fault.KindForbidden, "identity.not_yours")
	_, err := System.RequireMember()
	wantFault(t, "no member", err, fault.KindForbidden, "identity.membership_needed")
	if a.Require(models.RoleAuditor) != nil || a.RequireActsFor(7, models.RoleAuditor) != nil || a.RequireActsFor(8) != nil {
		t.Error("refused what is theirs")
	}
}

func TestActor_ActsForActiveMembersOnly(t *testing.T) {
	eachHouse(t, func(h *house) {
		token := h.signIn("admin")
		by := h.resolve(token)
		err := h.d.Write(t.Context(), func(tx *db.Tx) error {
			var class models.MemberClass
			if err := tx.DB.Order("id").Take(&class).Error; err != nil {
				return err
			}
			for n, m := range []models.Member{
				{Kind: models.Organisation, Name: "Mas", JoinedOn: civil.Date{Year: 2026, Month: 3, Day: 3}},
				{Kind: models.Person, Name: "Núria", JoinedOn: civil.Date{Year: 2026, Month: 3, Day: 2}},
			} {
				m.Number, m.ClassID, m.SortName, m.AccountID, m.Language, m.CreatedAt = int64(n+1), class.ID, m.Name, &by.Account, "ca", tx.Now
				if err := tx.DB.Create(&m).Error; err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Forget()
		names := func() (all []string) {
			for _, m := range h.resolve(token).Members {
				all = append(all, m.Name)
			}
			return all
		}
		if got := names(); !slices.Equal(got, []string{"Núria"}) {
			t.Errorf("today: %v", got)
		}
		h.clock.Move(time.Date(2026, time.March, 2, 23, 0, 0, 0, time.UTC)) // midnight in Madrid
		if got := names(); !slices.Equal(got, []string{"Mas", "Núria"}) {
			t.Errorf("tomorrow: %v", got)
		}
	})
}
