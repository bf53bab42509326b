package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/core/iban"
	"socia/handlers/web"
	"socia/views/ui"

	pages "socia/views/fees"
)

type bankForm struct {
	IBAN   string `form:"iban" validate:"max=60"`
	Holder string `form:"holder"`
}

// EditBankAccount asks where members send their transfers.
func (h *Handlers) EditBankAccount(c *fiber.Ctx) error {
	now, err := h.Fees.BankAccount(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	return h.Page(c, pages.Form(h.bankPage(c, bankForm{IBAN: iban.Grouped(now.IBAN), Holder: now.Holder}, nil)))
}

// SetBankAccount changes where members send their transfers.
func (h *Handlers) SetBankAccount(c *fiber.Ctx) error {
	form, err := web.Decode[bankForm](c)
	if err == nil {
		err = h.Fees.SetBankAccount(c.UserContext(), web.Actor(c), fees.BankAccount{IBAN: form.IBAN, Holder: form.Holder})
	}
	if err == nil {
		return h.See(c, "/fees/account", "fees.done.bank_account")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.PageStatus(c, status, pages.Form(h.bankPage(c, form, e)))
}

func (h *Handlers) bankPage(c *fiber.Ctx, form bankForm, e web.Errors) pages.FormPage {
	t := h.T(c)
	title := t.T("fees.bank.title")
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", title, "")...), Title: title, Lead: t.T("fees.bank.lead"), After: t.T("fees.bank.after"),
		Form: ui.FormAttrs{Action: "/fees/account", CSRF: h.CSRF(c)}, Submit: ui.Action{Label: t.T("fees.bank.do")}, Back: ui.Action{Label: t.T("ui.word.cancel"), Href: "/fees", Kind: ui.Linky},
		Asks: []pages.Ask{
			{Kind: pages.AskText, Field: ui.Field{Name: "iban", Label: t.T("fees.bank.iban"), Hint: t.T("fees.bank.iban_hint"), Value: form.IBAN, Autocomplete: "off", Error: e["iban"]}},
			{Kind: pages.AskText, Field: ui.Field{Name: "holder", Label: t.T("fees.bank.holder"), Hint: t.T("fees.bank.holder_hint"), Value: form.Holder, Autocomplete: "off", Error: e["holder"]}},
		},
	}
	p.Errors = e.Of(pages.Fields(p.Asks)...)
	return p
}
