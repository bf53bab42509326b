package fees

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/iban"
	"socia/models"
	"socia/platform/db"
)

// BankAccount is where members send their transfers. Both parts are empty when the cooperative has named none.
type BankAccount struct{ IBAN, Holder string }

// holderMost is what a SEPA name may have.
const holderMost = 70

// bankSetters may say where fees are paid to.
var bankSetters = []models.Role{models.RoleTreasurer, models.RoleAdministrator}

func bankOf(c models.Cooperative) BankAccount {
	return BankAccount{IBAN: c.BankIBAN, Holder: c.BankHolder}
}

func (b BankAccount) read() (BankAccount, error) {
	b.Holder = strings.TrimSpace(b.Holder)
	if strings.TrimSpace(b.IBAN) == "" && b.Holder == "" {
		return BankAccount{}, nil // named no more
	}
	var faults []*fault.Fault
	number, err := iban.Parse(b.IBAN)
	switch {
	case strings.TrimSpace(b.IBAN) == "":
		faults = append(faults, fault.Invalid("iban", "ui.error.required"))
	case errors.Is(err, iban.ErrDigits):
		faults = append(faults, fault.Invalid("iban", "fees.iban_digits"))
	case err != nil:
		faults = append(faults, fault.Invalid("iban", "fees.iban_form"))
	}
	switch {
	case b.Holder == "":
		faults = append(faults, fault.Invalid("holder", "ui.error.required"))
	case utf8.RuneCountInString(b.Holder) > holderMost:
		faults = append(faults, fault.Invalid("holder", "fees.holder_too_long", map[string]any{"Most": holderMost}))
	}
	b.IBAN = number
	return b, fault.All(faults...)
}

// BankAccount is the account that fees are paid to, for those who may set it.
func (s *Service) BankAccount(ctx context.Context, by identity.Actor) (b BankAccount, err error) {
	if err := by.Require(bankSetters...); err != nil {
		return b, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		coop, err := identity.CooperativeTx(tx)
		b = bankOf(coop)
		return err
	})
	return b, err
}

// SetBankAccount says where members send their transfers from now on. The treasury and who administers are told, so that
// no account is exchanged in silence; the journal of acts has its last four digits only.
func (s *Service) SetBankAccount(ctx context.Context, by identity.Actor, asked BankAccount) error {
	if err := by.Require(bankSetters...); err != nil {
		return err
	}
	b, err := asked.read()
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		today, coop, err := identity.TodayTx(tx)
		if err != nil || bankOf(coop) == b {
			return err
		}
		if err := tx.DB.Model(&models.Cooperative{}).Where("id = 1").Updates(map[string]any{"bank_iban": b.IBAN, "bank_holder": b.Holder}).Error; err != nil {
			return fmt.Errorf("store the bank account: %w", err)
		}
		if err := tellOfficersTx(ctx, tx, today, "fees.notice.bank_account", "/fees/account", bankSetters...); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "bank_account.set", "cooperative", 1, audit.Detail{"ends_in": b.IBAN[max(0, len(b.IBAN)-4):]})
	})
}
