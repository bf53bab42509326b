package assemblies

import (
	"testing"

	"socia/models"
)

func TestProxy_TheHolderRefusesIt_AndTheGiverIsTold(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.convened()
		proxy, err := w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(1), "")
		must(t, err)
		refused(t, w.svc.RevokeProxy(w.ctx(), w.as(7), proxy), "assemblies.proxy_unknown")
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(1), proxy))
		if w.count(&models.Proxy{}, "assembly_id = ? AND revoked_at IS NULL", id) != 0 {
			t.Error("the mandate that its holder refused is in force")
		}
		if n := w.count(&models.InboxNotice{}, "kind = 'assemblies.told.proxy_refused' AND account_id = ?", *w.members[5].AccountID); n != 1 {
			t.Errorf("the giver was told %d times", n)
		}
		if w.count(&models.InboxNotice{}, "kind = 'assemblies.told.proxy_revoked'") != 0 {
			t.Error("the holder is told of their own refusal")
		}
		_, err = w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(2), "")
		must(t, err)
	})
}
