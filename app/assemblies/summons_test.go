package assemblies

import (
	"testing"
	"time"

	"socia/app/identity"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

func TestConvene_ClassWithoutShare_IsRefusedAndSaysWhich(t *testing.T) {
	byClass := func(r *rules.RuleSet) {
		r.Counting = rules.Counting{Method: rules.MethodClass, Article: "Estatuts", Shares: []rules.ClassShare{{Class: "worker", Share: 60}, {Class: "user", Share: 40}}}
	}
	each(t, byClass, func(w *town) {
		id := w.draft()
		_, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "A"}, "")
		must(t, err)
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			return tx.DB.Create(&models.MemberClass{Code: "collaborating", NameCA: "Col·laboradores", NameEN: "Collaborating", Position: 3}).Error
		}))
		f := faultOf(t, w.svc.Convene(w.ctx(), w.leader, id, ""), "assemblies.class_without_share")
		if classes, ok := f.Args["Classes"].(identity.Classes); !ok || classes.Name("en") != "Collaborating" {
			t.Errorf("the refusal names %v", f.Args["Classes"])
		}
		v, err := w.svc.Review(w.ctx(), w.leader, id)
		must(t, err)
		if p := v.Problem(); p == nil || p.Key != "assemblies.class_without_share" {
			t.Errorf("the review says %v", p)
		}
		if w.count(&models.Roll{}, "1 = 1") != 0 {
			t.Error("a refused call froze a roll")
		}
	})
}

func TestSecondCall_SoonerThanTheStatutesSay_IsRefusedBesideItsField(t *testing.T) {
	each(t, nil, func(w *town) {
		for _, after := range []time.Duration{0, 30*time.Minute - time.Second} {
			p := w.plan()
			p.SecondCall = p.FirstCall.Add(after)
			_, err := w.svc.Draft(w.ctx(), w.leader, p, "")
			if f := faultOf(t, err, "assemblies.second_too_soon").Details()[0]; f.Field != "second_call" || f.Args["Minutes"] != 30 || f.Args["Article"] != "Estatuts" {
				t.Errorf("the refusal is beside %q and says %v", f.Field, f.Args)
			}
		}
		id := w.draft()
		_, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "A"}, "")
		must(t, err)
		p := w.plan()
		p.SecondCall = p.FirstCall
		refused(t, w.svc.Edit(w.ctx(), w.leader, id, p), "assemblies.second_too_soon")
		// The statutes may have changed since it was written: convening asks again.
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			r, err := identity.StatutesTx(tx)
			if err != nil {
				return err
			}
			r.ID, r.Version, r.Body.SecondCall.Minutes = 0, r.Version+1, 60
			return tx.DB.Create(&r).Error
		}))
		refused(t, w.svc.Convene(w.ctx(), w.leader, id, ""), "assemblies.second_too_soon")
		v, err := w.svc.Review(w.ctx(), w.leader, id)
		must(t, err)
		if f := v.Problem(); f == nil || f.Key != "assemblies.second_too_soon" {
			t.Errorf("the review says %v", f)
		}
	})
}

func TestSecondCall_StatutesOfBeforeTheRule_AskForHalfAnHour(t *testing.T) {
	each(t, func(r *rules.RuleSet) { r.SecondCall = rules.SecondCall{} }, func(w *town) {
		p := w.plan()
		p.SecondCall = p.FirstCall.Add(29 * time.Minute)
		_, err := w.svc.Draft(w.ctx(), w.leader, p, "")
		refused(t, err, "assemblies.second_too_soon")
		w.draft()
	})
}
