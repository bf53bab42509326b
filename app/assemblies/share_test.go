package assemblies

import (
	"testing"

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
		if got := f.Args["Classes"].(identity.Classes).Name("en"); got != "Collaborating" {
			t.Errorf("the refusal names %q", got)
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
