package assemblies

import (
	"context"
	"errors"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/polls"
	"socia/core/fault"
	"socia/core/mandate"
	"socia/models"
	"socia/platform/db"
)

// DeclareProxy records that a member gives the vote in one assembly to another. The giver does it online until the
// assembly opens; a facilitator on a written mandate until it closes. The giver must have the vote and not be there,
// the holder must be on the roll, and the statutes' limits hold.
func (s *Service) DeclareProxy(ctx context.Context, by identity.Actor, id models.AssemblyID, giver, holder models.MemberID, once string) (proxy models.ProxyID, err error) {
	if err := by.RequireActsFor(giver, models.RoleFacilitator); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		made, err := tx.Once(once, func() (string, error) {
			p, err := declareTx(ctx, tx, by, id, mandate.Proxy{Giver: int64(giver), Holder: int64(holder)})
			return ref(p), err
		})
		if err != nil {
			return err
		}
		proxy, err = idOf[models.ProxyID](made)
		return err
	})
	return proxy, err
}

func declareTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.AssemblyID, m mandate.Proxy) (models.ProxyID, error) {
	a, err := lockTx(tx, id)
	if err != nil {
		return 0, err
	}
	if err := mayDeclare(a, by); err != nil {
		return 0, err
	}
	f, err := floorTx(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	giver, holder := models.MemberID(m.Giver), models.MemberID(m.Holder)
	if err := f.fit(giver, holder); err != nil {
		return 0, err
	}
	if err := activeMemberTx(tx, holder); err != nil {
		return 0, fault.Invalid("holder", "assemblies.not_on_roll")
	}
	if err := mandate.Check(f.mandates(), m, f.statutes.Body.Proxies); err != nil {
		return 0, err
	}
	p := models.Proxy{AssemblyID: id, GiverID: giver, HolderID: holder, DeclaredBy: by.Account, DeclaredAt: tx.Now}
	if err := tx.DB.Create(&p).Error; err != nil {
		return 0, fmt.Errorf("store a proxy: %w", err)
	}
	if err := f.tellHolderTx(ctx, tx, by, a, p); err != nil {
		return 0, err
	}
	return p.ID, audit.LineTx(ctx, tx, by.Account, "proxy.declared", "assembly", int64(id), audit.Detail{"giver": giver, "holder": holder})
}

// tellHolderTx tells the holder of a new mandate, who may not know of it yet.
func (f floor) tellHolderTx(ctx context.Context, tx *db.Tx, by identity.Actor, a models.Assembly, p models.Proxy) error {
	giver, _ := f.line(p.GiverID)
	holder, _ := f.line(p.HolderID)
	account := holder.Member.AccountID
	if account == nil || *account == by.Account {
		return nil
	}
	args := map[string]string{"Title": a.Title, "Giver": giver.Member.Name}
	return identity.NotifyTx(ctx, tx, *account, "assemblies.told.proxy", args, path(a.ID))
}

// mayDeclare says until when: members by themselves until the opening, facilitators until the close.
func mayDeclare(a models.Assembly, by identity.Actor) error {
	switch a.State() {
	case models.AssemblyDraft:
		return fault.NotFound("assemblies.unknown")
	case models.AssemblyConvened:
		return nil
	case models.AssemblyOpen:
		if by.Has(models.RoleFacilitator) {
			return nil
		}
		return fault.Conflict("assemblies.proxy_too_late")
	case models.AssemblyClosed:
	}
	return fault.Conflict("assemblies.closed")
}

// fit says whether a giver has a vote to give, and whether the holder is on the roll.
func (f floor) fit(giver, holder models.MemberID) error {
	g, known := f.line(giver)
	if !known {
		return fault.Invalid("giver", "assemblies.not_on_roll")
	}
	if !g.Eligible {
		return fault.Invalid("giver", "assemblies.giver_without_vote")
	}
	if _, here := f.there[giver]; here {
		return fault.Invalid("giver", "assemblies.giver_is_here")
	}
	if _, known := f.line(holder); !known {
		return fault.Invalid("holder", "assemblies.not_on_roll")
	}
	return nil
}

// RevokeProxy takes a mandate back, until the assembly closes: the giver may, whoever facilitates, and the holder, who
// refuses to carry it. In polls that are open already the vote is the giver's again once they come, unless the holder has
// cast it: there the mandate was used.
func (s *Service) RevokeProxy(ctx context.Context, by identity.Actor, id models.ProxyID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var p models.Proxy
		if err := tx.DB.Take(&p, id).Error; err != nil && !db.Missing(err) {
			return fmt.Errorf("read proxy %d: %w", id, err)
		}
		if p.ID == 0 || by.RequireActsFor(p.GiverID, models.RoleFacilitator) != nil && !by.ActsFor(p.HolderID) {
			return fault.NotFound("assemblies.proxy_unknown")
		}
		a, err := lockTx(tx, p.AssemblyID)
		if err != nil {
			return err
		}
		if a.State() == models.AssemblyClosed {
			return fault.Conflict("assemblies.closed")
		}
		if p.RevokedAt != nil {
			return nil
		}
		if _, err = revokeTx(ctx, tx, by, p.AssemblyID, p.GiverID); err != nil {
			return err
		}
		return polls.GiveBackTx(ctx, tx, by, p.AssemblyID, p.GiverID, false)
	})
}

// revokeTx takes back the mandate that a member has given in an assembly, if any, and says whether there was one.
func revokeTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.AssemblyID, giver models.MemberID) (bool, error) {
	var p models.Proxy
	if err := tx.DB.Where("assembly_id = ? AND giver_id = ? AND revoked_at IS NULL", id, giver).Take(&p).Error; db.Missing(err) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("read the proxy of member %d: %w", giver, err)
	}
	done := tx.DB.Model(&models.Proxy{}).Where("id = ? AND revoked_at IS NULL", p.ID).
		Updates(map[string]any{"revoked_at": tx.Now, "revoked_by": by.Account})
	if done.Error != nil {
		return false, fmt.Errorf("revoke a proxy: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return false, nil
	}
	if err := tellRevokedTx(ctx, tx, by, p); err != nil {
		return false, err
	}
	return true, audit.LineTx(ctx, tx, by.Account, "proxy.revoked", "assembly", int64(id), audit.Detail{"giver": giver})
}

// tellRevokedTx tells the holder that a mandate is theirs no more, and the giver when it was the holder who refused it.
func tellRevokedTx(ctx context.Context, tx *db.Tx, by identity.Actor, p models.Proxy) error {
	var giver, holder models.Member
	if err := errors.Join(tx.DB.Take(&giver, p.GiverID).Error, tx.DB.Take(&holder, p.HolderID).Error); err != nil {
		return fmt.Errorf("read the members of proxy %d: %w", p.ID, err)
	}
	a, err := byIDTx(tx, p.AssemblyID)
	if err != nil {
		return err
	}
	told, key := holder.AccountID, "assemblies.told.proxy_revoked"
	if by.ActsFor(holder.ID) && !by.ActsFor(giver.ID) {
		told, key = giver.AccountID, "assemblies.told.proxy_refused"
	}
	if told == nil || *told == by.Account {
		return nil
	}
	return identity.NotifyTx(ctx, tx, *told, key, map[string]string{"Title": a.Title, "Giver": giver.Name, "Holder": holder.Name}, path(a.ID))
}
