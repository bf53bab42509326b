package members_test

import (
	"testing"

	"socia/app/members"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// TestAdmission_ClassWithoutShare_IsRefused is about statutes of before every class had to have one.
func TestAdmission_ClassWithoutShare_IsRefused(t *testing.T) {
	each(t, func(h *house) {
		waiting := h.apply(h.stranger, "Nova")
		body, _ := rules.Preset(rules.PresetCatalan)
		body.Counting = rules.Counting{Method: rules.MethodClass, Article: "Estatuts", Shares: []rules.ClassShare{{Class: "worker", Share: 1}}}
		h.must(h.db.Write(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Create(&models.RuleSet{Version: 2, Preset: body.Preset, Body: body, Reason: "x", CreatedAt: tx.Now}).Error
		}))
		_, err := h.members.Admit(t.Context(), h.validator, waiting, "")
		h.refused(err, fault.KindInvalid, "identity.class_without_share")
		for class, may := range map[string]bool{"user": false, "worker": true} {
			file := "number,name,kind,class,joined_on\n800,Berta,person," + class + ",2026-01-01\n"
			_, err := h.members.Import(t.Context(), h.admin, []byte(file), members.ImportOptions{}, "")
			if may != (err == nil) || !may && !fault.Has(err, "identity.class_without_share") {
				t.Errorf("import into %s: %v", class, err)
			}
		}
	})
}
