package identity

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"socia/app/audit"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Cooperative is the one organisation that this installation serves. fault.NotFound before it was set up.
func (s *Service) Cooperative(ctx context.Context) (c models.Cooperative, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = CooperativeTx(tx)
		return err
	})
	return c, err
}

// CooperativeTx is Cooperative inside an act.
func CooperativeTx(tx *db.Tx) (c models.Cooperative, err error) {
	if err = tx.DB.Take(&c, 1).Error; db.Missing(err) {
		return c, fault.NotFound("identity.no_cooperative")
	}
	if err != nil {
		return c, fmt.Errorf("read the cooperative: %w", err)
	}
	return c, nil
}

// TodayTx is the civil day of an act in the cooperative's time zone.
func TodayTx(tx *db.Tx) (civil.Date, models.Cooperative, error) {
	c, err := CooperativeTx(tx)
	return civil.Of(tx.Now, c.Location()), c, err
}

// StatutesTx is the rule set in force: the newest version.
func StatutesTx(tx *db.Tx) (r models.RuleSet, err error) {
	if err = tx.DB.Order("version DESC").Take(&r).Error; db.Missing(err) {
		return r, fault.NotFound("identity.no_cooperative")
	}
	if err != nil {
		return r, fmt.Errorf("read the statutes: %w", err)
	}
	return r, nil
}

// StatutesByIDTx is one version of the statutes, such as the one that an assembly was convened under.
func StatutesByIDTx(tx *db.Tx, id models.RuleSetID) (r models.RuleSet, err error) {
	if err := tx.DB.Take(&r, id).Error; err != nil {
		return r, fmt.Errorf("read statutes %d: %w", id, err)
	}
	return r, nil
}

// Statutes is the rule set in force.
func (s *Service) Statutes(ctx context.Context) (r models.RuleSet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		r, err = StatutesTx(tx)
		return err
	})
	return r, err
}

// StatutesHistory lists every version, newest first.
func (s *Service) StatutesHistory(ctx context.Context) (all []models.RuleSet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Order("version DESC").Limit(200).Find(&all).Error
	})
	return all, err
}

// StatutesChange is a new version of the statutes. From is the version that the change began from, so that nobody
// overwrites what somebody else decided meanwhile; Reason names the resolution that it rests on.
type StatutesChange struct {
	From   int64
	Body   rules.RuleSet
	Reason string
}

// Check says what is wrong with the change: what rules.Validate finds, and a missing reason.
func (c StatutesChange) Check() error {
	var faults []*fault.Fault
	if f, ok := fault.As(c.Body.Validate()); ok {
		faults = append(faults, f)
	}
	if strings.TrimSpace(c.Reason) == "" {
		faults = append(faults, fault.Invalid("reason", "ui.error.required"))
	}
	return fault.All(faults...)
}

// CheckStatutes says what is wrong with a change before anything is stored: what Check finds, classes that
// would have no share of the vote, and a cap that would leave none out.
func (s *Service) CheckStatutes(ctx context.Context, by Actor, change StatutesChange) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	if err := change.Check(); err != nil {
		return err
	}
	return s.db.Read(ctx, func(tx *db.Tx) error { return fitsClassesTx(tx, change.Body) })
}

// SetStatutes makes a new version of the statutes.
func (s *Service) SetStatutes(ctx context.Context, by Actor, change StatutesChange, once string) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	if err := change.Check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) {
			last, err := StatutesTx(tx)
			if err != nil {
				return "", err
			}
			if last.Version != change.From {
				return "", fault.Conflict("identity.statutes_changed_meanwhile")
			}
			if err := fitsClassesTx(tx, change.Body); err != nil {
				return "", err
			}
			return strconv.FormatInt(last.Version+1, 10), setStatutesTx(ctx, tx, by.Account, last.Version+1, change.Body, change.Reason)
		})
		return err
	})
}

// fitsClassesTx refuses statutes that do not fit the cooperative's classes.
func fitsClassesTx(tx *db.Tx, body rules.RuleSet) error {
	return fault.Join(everyClassVotesTx(tx, body.Shared()), someClassUncappedTx(tx, body.Counting.Cap))
}

// someClassUncappedTx refuses a cap on every class that there is.
func someClassUncappedTx(tx *db.Tx, limit rules.ClassCap) error {
	var classes []string
	if err := tx.DB.Model(&models.MemberClass{}).Order("position, id").Limit(200).Pluck("code", &classes).Error; err != nil {
		return fmt.Errorf("read the codes of the member classes: %w", err)
	}
	if !limit.LeavesOut(classes) {
		return rules.CapsEverybody()
	}
	return nil
}

// everyClassVotesTx refuses shares that leave out a class: votes of whoever joins it could not be counted.
func everyClassVotesTx(tx *db.Tx, counting rules.Counting) error {
	without, err := WithoutShareTx(tx, counting)
	if err != nil {
		return err
	}
	var faults []*fault.Fault
	for _, c := range without {
		faults = append(faults, fault.Invalid("counting.shares."+c.Code, "identity.class_needs_share"))
	}
	return fault.All(faults...)
}

// Classes are member classes that a sentence names, in the reader's language.
type Classes []models.MemberClass

// Name lists the classes' names.
func (c Classes) Name(lang string) string {
	names := make([]string, len(c))
	for i, class := range c {
		names[i] = class.Name(lang)
	}
	return strings.Join(names, ", ")
}

// WithoutShareTx lists the classes to which statutes that count by class give no share; none when they count heads.
func WithoutShareTx(tx *db.Tx, counting rules.Counting) (without Classes, err error) {
	if counting.Method != rules.MethodClass {
		return nil, nil
	}
	var classes []models.MemberClass
	if err := tx.DB.Order("position, id").Limit(200).Find(&classes).Error; err != nil {
		return nil, fmt.Errorf("read member classes: %w", err)
	}
	for _, c := range classes {
		if _, ok := counting.ShareOf(c.Code); !ok {
			without = append(without, c)
		}
	}
	return without, nil
}

// VotingClassTx refuses a new member of a class to which the statutes in force give no share of the vote: nobody
// could count an assembly with them.
func VotingClassTx(tx *db.Tx, field string, class models.MemberClassID) error {
	statutes, err := StatutesTx(tx)
	if err != nil {
		return err
	}
	without, err := WithoutShareTx(tx, statutes.Body.Counting)
	if err != nil {
		return err
	}
	for _, c := range without {
		if c.ID == class {
			return fault.Invalid(field, "identity.class_without_share", map[string]any{"Classes": Classes{c}})
		}
	}
	return nil
}

// setStatutesTx stores a version. It follows the one that was read: of two changes made at once, the second finds its
// number taken.
func setStatutesTx(ctx context.Context, tx *db.Tx, by models.AccountID, version int64, body rules.RuleSet, reason string) error {
	row := models.RuleSet{Version: version, Preset: body.Preset, Body: body, Reason: reason, CreatedAt: tx.Now}
	if by != 0 {
		row.SetBy = &by
	}
	if err := tx.DB.Create(&row).Error; err != nil {
		if db.Duplicate(err) {
			return fault.Conflict("identity.statutes_changed_meanwhile")
		}
		return fmt.Errorf("store the statutes: %w", err)
	}
	return audit.LineTx(ctx, tx, by, "statutes.set", "rule_set", int64(row.ID), audit.Detail{"version": row.Version})
}

// currencyForm is that of ISO 4217.
var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// Founding is what the first set-up needs.
type Founding struct {
	Name, Language, TimeZone, Currency string
	Preset                             string
	Handle, Passphrase                 string
}

// Found sets up the cooperative, its statutes, the usual member classes, and the first administrator, and does in the same
// act what other subjects need from the start. It works once.
func (s *Service) Found(ctx context.Context, f Founding, also ...func(context.Context, *db.Tx) error) error {
	if err := f.check(); err != nil {
		return err
	}
	hash, err := s.hash(f.Passphrase)
	if err != nil {
		return err
	}
	body, _ := rules.Preset(f.Preset)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		coop := models.Cooperative{ID: 1, Name: f.Name, Language: f.Language, TimeZone: f.TimeZone, Currency: f.Currency, CreatedAt: tx.Now}
		if err := tx.DB.Create(&coop).Error; err != nil {
			if db.Duplicate(err) {
				return fault.Conflict("identity.already_founded")
			}
			return fmt.Errorf("store the cooperative: %w", err)
		}
		if err := setStatutesTx(ctx, tx, 0, 1, body, f.Preset); err != nil {
			return err
		}
		if err := tx.DB.Create(usualClasses()).Error; err != nil {
			return fmt.Errorf("store member classes: %w", err)
		}
		account := models.Account{Handle: normalHandle(f.Handle), PassphraseHash: hash, Language: f.Language, CreatedAt: tx.Now}
		if err := tx.DB.Create(&account).Error; err != nil {
			return fmt.Errorf("store the administrator: %w", err)
		}
		term := models.RoleTerm{AccountID: account.ID, Role: models.RoleAdministrator, StartsOn: civil.Of(tx.Now, coop.Location()), Reason: "setup", AppointedAt: tx.Now}
		if err := tx.DB.Create(&term).Error; err != nil {
			return fmt.Errorf("store the administrator's term: %w", err)
		}
		for _, do := range also {
			if err := do(ctx, tx); err != nil {
				return err
			}
		}
		return audit.LineTx(ctx, tx, account.ID, "cooperative.founded", "cooperative", 1, nil)
	})
}

func (f Founding) check() error {
	var faults []*fault.Fault
	if f.Name == "" {
		faults = append(faults, fault.Invalid("name", "ui.error.required"))
	}
	if _, err := time.LoadLocation(f.TimeZone); err != nil || f.TimeZone == "" {
		faults = append(faults, fault.Invalid("time_zone", "identity.time_zone_unknown"))
	}
	if f.Language != "ca" && f.Language != "es" && f.Language != "en" {
		faults = append(faults, fault.Invalid("language", "identity.language_unknown"))
	}
	if !currencyForm.MatchString(f.Currency) {
		faults = append(faults, fault.Invalid("currency", "identity.currency_unknown"))
	}
	if _, ok := rules.Preset(f.Preset); !ok {
		faults = append(faults, fault.Invalid("preset", "identity.preset_unknown"))
	}
	faults = append(faults, checkHandle(f.Handle), checkPassphrase(f.Handle, f.Passphrase))
	return fault.All(faults...)
}

func usualClasses() []models.MemberClass {
	return []models.MemberClass{
		{Code: "user", NameCA: "Usuàries", NameES: "Usuarias", NameEN: "Users", Position: 1},
		{Code: "worker", NameCA: "De treball", NameES: "De trabajo", NameEN: "Workers", Position: 2},
		{Code: "collaborating", NameCA: "Col·laboradores", NameES: "Colaboradoras", NameEN: "Collaborating", Position: 3},
	}
}

// brief remembers a value for seconds, for what every page asks and hardly ever changes.
type brief[T any] struct {
	mu    sync.Mutex
	value T
	until time.Time
}

func (b *brief[T]) get(now time.Time, lasts time.Duration, read func() (T, error)) (T, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.until) {
		return b.value, nil
	}
	v, err := read()
	if err == nil {
		b.value, b.until = v, now.Add(lasts)
	}
	return v, err
}

// CooperativeNow is Cooperative, at most a few seconds old: every page's frame shows its name.
func (s *Service) CooperativeNow(ctx context.Context) (models.Cooperative, error) {
	return s.coop.get(time.Now(), recentFor, func() (models.Cooperative, error) { return s.Cooperative(ctx) })
}
