package members_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
	"socia/platform/seal"
)

func TestDirectory_PagesHaveEveryMemberOnceInTheSameOrderOnBothDatabases(t *testing.T) {
	each(t, func(h *house) {
		var csv strings.Builder
		csv.WriteString("number,name,kind,class,joined_on\n")
		for i := range 120 { // twenty names six times over, with accents and capitals
			fmt.Fprintf(&csv, "%d,%s,person,user,2025-01-01\n", i+1, []string{"Àngels", "angela", "Zoe", "Èric", "eva", "Òscar", "_nord", "100% cotó", "Núria", "Marçal"}[i%10])
		}
		_, err := h.members.Import(t.Context(), h.admin, []byte(csv.String()), members.ImportOptions{}, "")
		h.must(err)
		for _, sort := range []members.Sort{members.ByName, members.ByNumber} {
			names, numbers := h.walk(members.Filter{Sort: sort})
			if len(names) != 121 || len(slices.Compact(slices.Sorted(slices.Values(numbers)))) != 121 {
				t.Fatalf("%s: %d lines", sort, len(names))
			}
			if sort == members.ByNumber && !slices.IsSorted(numbers) {
				t.Errorf("numbers are not in order: %v", numbers)
			}
			if sort == members.ByName {
				if got := slices.Compact(names); !slices.Equal(got, []string{"100% cotó", "_nord", "angela", "Àngels", "Èric", "eva", "Marçal", "Núria", "Òscar", "Pau Roca", "Zoe"}) {
					t.Errorf("the order is %q", got)
				}
			}
		}
		for search, want := range map[string]int{"ANGELS": 12, "eric": 12, "%": 12, "_": 12, "7": 1, "à": 73, "' OR 1=1 --": 0, "  ": 121} {
			names, _ := h.walk(members.Filter{Search: search})
			if len(names) != want {
				t.Errorf("searching %q finds %d, want %d", search, len(names), want)
			}
		}
	})
}

// walk reads every page as the administrator.
func (h *house) walk(f members.Filter) (names []string, numbers []int64) {
	h.t.Helper()
	for cursor := models.MemberID(0); ; {
		l, err := h.members.Directory(h.t.Context(), h.admin, f, cursor)
		h.must(err)
		for _, e := range l.Entries {
			names, numbers = append(names, e.Name), append(numbers, e.Number)
		}
		if cursor = l.Next; cursor == 0 {
			if int(l.Total) != len(names) {
				h.t.Errorf("the total says %d, the pages have %d", l.Total, len(names))
			}
			return names, numbers
		}
	}
}

func TestDirectory_FiltersByClassCollectiveKindAndLeft(t *testing.T) {
	each(t, func(h *house) {
		h.member("Sara", h.sud, 0)
		gone := h.member("Gil", h.sud, 0)
		h.must(h.members.Leave(t.Context(), h.admin, gone, today.AddDays(-1), "mudança", ""))
		for _, c := range []struct {
			f    members.Filter
			want []string
		}{
			{members.Filter{}, []string{"Pau Roca", "Sara"}},
			{members.Filter{Collective: h.sud}, []string{"Sara"}},
			{members.Filter{Class: h.classes["worker"]}, nil},
			{members.Filter{Kind: models.Organisation}, nil},
			{members.Filter{Left: true}, []string{"Gil"}},
		} {
			if names, _ := h.walk(c.f); !slices.Equal(names, c.want) {
				t.Errorf("%+v lists %v, want %v", c.f, names, c.want)
			}
		}
	})
}

func TestDirectory_MembersSeeNameClassAndCollectiveOnly(t *testing.T) {
	each(t, func(h *house) {
		sara := h.member("Sara", h.sud, 0)
		h.must(h.members.ChangeDetails(t.Context(), h.admin, sara, members.Details{Name: "Sara", Email: "sara@exemple.cat", Language: "es"}))
		l, err := h.members.Directory(t.Context(), h.plain, members.Filter{Sort: members.ByNumber}, 0)
		h.must(err)
		for _, e := range l.Entries {
			if e.Name == "Sara" && (e.Number != 0 || !e.JoinedOn.IsZero() || e.Collective != "Sud" || e.Class.Code != "user") {
				t.Errorf("a member sees %+v", e)
			}
		}
		if l, _ := h.members.Directory(t.Context(), h.plain, members.Filter{Search: fmt.Sprint(h.nextMember)}, 0); l.Total != 0 {
			t.Errorf("a member finds by number")
		}
		for _, c := range []struct {
			by    identity.Actor
			sight members.Sight
			email string
		}{{h.plain, members.SightName, ""}, {h.treasurer, members.SightDays, ""}, {h.validator, members.SightDays, ""}, {h.other, members.SightWhole, "sara@exemple.cat"}, {h.admin, members.SightWhole, "sara@exemple.cat"}} {
			p, err := h.members.Member(t.Context(), c.by, sara)
			h.must(err)
			if p.Sight != c.sight || p.Email != c.email || (p.Number != 0) != (c.sight >= members.SightDays) {
				t.Errorf("%s sees %+v", c.by.Handle, p)
			}
		}
		_, err = h.members.Member(t.Context(), h.stranger, sara)
		h.refused(err, fault.KindForbidden, "identity.membership_needed")
		_, err = h.members.Directory(t.Context(), h.stranger, members.Filter{}, 0)
		h.refused(err, fault.KindForbidden, "identity.membership_needed")
		_, err = h.members.Member(t.Context(), h.plain, 9999)
		h.refused(err, fault.KindNotFound, "members.no_member")
		h.must(h.members.Leave(t.Context(), h.admin, sara, today.AddDays(-1), "mudança", ""))
		_, err = h.members.Member(t.Context(), h.plain, sara)
		h.refused(err, fault.KindNotFound, "members.no_member")
	})
}

func TestChangeDetails_SealsTheEmailForItsRow(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.members.ChangeDetails(t.Context(), h.plain, h.plainID, members.Details{Name: "Pau  Roca i Òlt", Representative: "x", Email: "pau@exemple.cat", Language: "en"}))
		m := h.stored(h.plainID)
		if strings.Contains(string(m.EmailSealed), "exemple") || m.SortName != "pau roca i olt" || m.Representative != "" || m.Language != "en" {
			t.Errorf("stored %+v", m)
		}
		p, err := h.members.Member(t.Context(), h.plain, h.plainID)
		h.must(err)
		if p.Email != "pau@exemple.cat" || p.Name != "Pau Roca i Òlt" || !p.Own {
			t.Errorf("read %+v", p)
		}
		another, err := seal.New(seal.NewKey())
		h.must(err)
		if p, err = members.New(h.db, another, h.who).Member(t.Context(), h.plain, h.plainID); err != nil || p.Email != "" || !p.EmailUnread {
			t.Errorf("with another key: %q unread %v, %v", p.Email, p.EmailUnread, err)
		}
		h.must(h.members.ChangeDetails(t.Context(), h.admin, h.plainID, members.Details{Name: "Pau", Language: "ca"}))
		if p, err = h.members.Member(t.Context(), h.plain, h.plainID); err != nil || p.Email != "" {
			t.Errorf("the email should be gone: %q, %v", p.Email, err)
		}
		sara := h.member("Sara", h.sud, 0)
		h.refused(h.members.ChangeDetails(t.Context(), h.plain, sara, members.Details{Name: "Sara", Language: "ca"}), fault.KindForbidden, "identity.not_yours")
		h.refused(h.members.ChangeDetails(t.Context(), h.plain, h.plainID, members.Details{Name: "", Language: "ca"}), fault.KindInvalid, "ui.error.required")
		h.refused(h.members.ChangeDetails(t.Context(), h.plain, h.plainID, members.Details{Name: "Pau", Email: "Pau <p@x.cat>", Language: "ca"}), fault.KindInvalid, "ui.error.email")
		h.refused(h.members.ChangeDetails(t.Context(), h.plain, h.plainID, members.Details{Name: "Pau", Language: "fr"}), fault.KindInvalid, "ui.error.choose")
	})
}

func TestLeave_TheDayBounds(t *testing.T) {
	each(t, func(h *house) {
		for day, key := range map[civil.Date]string{
			{}: "ui.error.required", today.AddDays(-1): "members.leaves_in_the_past", today.AddMonths(12).AddDays(1): "members.leaves_too_late", civil.New(2024, 12, 31): "members.leaves_before_joining",
		} {
			h.refused(h.members.Leave(t.Context(), h.plain, h.plainID, day, "", ""), fault.KindInvalid, key)
		}
		h.refused(h.members.Leave(t.Context(), h.validator, h.plainID, today, "x", ""), fault.KindForbidden, "identity.not_yours")
		h.refused(h.members.Leave(t.Context(), h.admin, h.plainID, today, "", ""), fault.KindInvalid, "ui.error.required")
		h.must(h.members.Leave(t.Context(), h.plain, h.plainID, today, "", "form"))
		h.must(h.members.Leave(t.Context(), h.plain, h.plainID, today, "", "form"))
		h.refused(h.members.Leave(t.Context(), h.plain, h.plainID, today, "", "other"), fault.KindConflict, "members.left_already")
		if n := h.count(&models.Departure{}, "member_id = ?", h.plainID); n != 1 {
			t.Errorf("%d departures", n)
		}
		if len(h.actor("pau").Members) != 1 {
			t.Error("the last day no longer counts")
		}
		h.clock.Move(noon.AddDate(0, 0, 1))
		if len(h.actor("pau").Members) != 0 {
			t.Error("still a member on the day after")
		}
		h.apply(h.actor("pau"), "Pau") // and may come back
	})
}

func TestWithdrawDeparture_UntilItsDayHasPassed_ByWhoAnnouncedItOrAnAdministrator(t *testing.T) {
	each(t, func(h *house) {
		last := today.AddDays(10)
		h.must(h.members.Leave(t.Context(), h.plain, h.plainID, last, "", ""))
		h.refused(h.members.WithdrawDeparture(t.Context(), h.validator, h.plainID), fault.KindForbidden, "identity.not_yours")
		if p, err := h.members.Member(t.Context(), h.plain, h.plainID); err != nil || !p.MayStay {
			t.Errorf("the member may not stay: %v", err)
		}
		h.must(h.members.WithdrawDeparture(t.Context(), h.plain, h.plainID))
		h.must(h.members.WithdrawDeparture(t.Context(), h.plain, h.plainID))
		if m := h.stored(h.plainID); !m.LeftOn.IsZero() {
			t.Errorf("still leaves on %s", m.LeftOn)
		}
		if n := h.count(&models.AuditLine{}, "act = 'member.stayed' AND subject_id = ?", h.plainID); n != 1 {
			t.Errorf("%d audit lines", n)
		}
		if n := h.count(&models.Departure{}, "member_id = ?", h.plainID); n != 1 {
			t.Errorf("%d departures", n)
		}
		h.must(h.members.Leave(t.Context(), h.admin, h.plainID, last, "expulsió", ""))
		h.refused(h.members.WithdrawDeparture(t.Context(), h.plain, h.plainID), fault.KindConflict, "members.leaving_stands")
		h.must(h.members.WithdrawDeparture(t.Context(), h.admin, h.plainID))
		h.must(h.members.Leave(t.Context(), h.plain, h.plainID, last, "", ""))
		h.clock.Move(noon.AddDate(0, 0, 11))
		h.refused(h.members.WithdrawDeparture(t.Context(), h.admin, h.plainID), fault.KindConflict, "members.leaving_stands")
	})
}

func TestLeave_InParallel_OneDeparture(t *testing.T) {
	each(t, func(h *house) {
		errs := together(6, func(int) error { return h.members.Leave(t.Context(), h.plain, h.plainID, today, "", "") })
		ok := 0
		for _, err := range errs {
			if err == nil {
				ok++
			}
		}
		if n := h.count(&models.Departure{}, "member_id = ?", h.plainID); ok != 1 || n != 1 {
			t.Errorf("%d succeeded, %d departures", ok, n)
		}
	})
}

func TestLinkAccount_OnePersonForAnAccount(t *testing.T) {
	each(t, func(h *house) {
		sara, twin := h.member("Sara", h.sud, 0), h.member("Bessona", h.sud, 0)
		h.refused(h.members.LinkAccount(t.Context(), h.validator, sara, "estranya", ""), fault.KindForbidden, "identity.role_needed")
		h.refused(h.members.LinkAccount(t.Context(), h.admin, sara, "ningu", ""), fault.KindInvalid, "identity.handle_unknown")
		h.must(h.members.LinkAccount(t.Context(), h.admin, sara, " Estranya ", "f"))
		h.must(h.members.LinkAccount(t.Context(), h.admin, sara, "estranya", "f"))
		h.refused(h.members.LinkAccount(t.Context(), h.admin, twin, "estranya", ""), fault.KindInvalid, "members.account_has_person")
		h.refused(h.members.LinkAccount(t.Context(), h.admin, sara, "tina", ""), fault.KindConflict, "members.linked_already")
		if got := h.notices(h.stranger); !slices.Equal(got, []string{"members.notice.linked"}) {
			t.Errorf("the account was told %v", got)
		}
		h.must(h.members.UnlinkAccount(t.Context(), h.admin, sara))
		h.must(h.members.UnlinkAccount(t.Context(), h.admin, sara))
		h.apply(h.stranger, "Estranya")
		h.refused(h.members.LinkAccount(t.Context(), h.admin, twin, "estranya", ""), fault.KindInvalid, "members.account_is_applying")
	})
}

func TestLinkAccount_TwoMembersAtOnce_TheDatabaseKeepsOnePerson(t *testing.T) {
	each(t, func(h *house) {
		ids := make([]models.MemberID, 6)
		for i := range ids {
			ids[i] = h.member(handle(i), h.sud, 0)
		}
		together(len(ids), func(i int) error { return h.members.LinkAccount(t.Context(), h.admin, ids[i], "estranya", "") })
		if n := h.count(&models.Member{}, "account_id = ?", h.stranger.Account); n != 1 {
			t.Errorf("the account is %d persons", n)
		}
	})
}

func TestAudit_LinesOfMembersHoldNoNames(t *testing.T) {
	each(t, func(h *house) {
		id := h.apply(h.stranger, "Àngels Font")
		_, err := h.members.Admit(t.Context(), h.validator, id, "")
		h.must(err)
		var lines []models.AuditLine
		h.must(h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Order("id").Find(&lines).Error }))
		for _, l := range lines {
			if strings.Contains(l.Detail, "Font") || strings.Contains(l.Detail, "estranya") {
				t.Errorf("%s: %s", l.Act, l.Detail)
			}
		}
	})
}
