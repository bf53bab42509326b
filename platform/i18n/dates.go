package i18n

import (
	"fmt"
	"time"

	"socia/core/civil"
)

var monthNames = map[string][12]string{
	Catalan: {"gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre", "novembre", "desembre"},
	Spanish: {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

var shortMonthNames = map[string][12]string{
	Catalan: {"gen.", "febr.", "març", "abr.", "maig", "juny", "jul.", "ag.", "set.", "oct.", "nov.", "des."},
	Spanish: {"ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "sept.", "oct.", "nov.", "dic."},
	English: {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

var weekdayNames = map[string][7]string{
	Catalan: {"diumenge", "dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte"},
	Spanish: {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

// noDate stands where a date is not set.
const noDate = "–"

// Month gives the name of a month: "octubre".
func (t *Texts) Month(m time.Month) string { return monthNames[t.lang][m-1] }

// Weekday gives the name of a day of the week: "dissabte".
func (t *Texts) Weekday(d time.Weekday) string { return weekdayNames[t.lang][d] }

// OfMonth gives the month as it follows a day, with the Catalan elision:
// "de gener", "d’abril", "d’agost", "d’octubre"; "de abril"; "April".
func (t *Texts) OfMonth(m time.Month) string {
	name := t.Month(m)
	switch {
	case t.lang == English:
		return name
	case t.lang == Catalan && (m == time.April || m == time.August || m == time.October):
		return "d’" + name
	}
	return "de " + name
}

// DayMonth writes a day without its year: "28 d’octubre", "28 October".
func (t *Texts) DayMonth(d civil.Date) string {
	if d.Month == 0 {
		return noDate
	}
	return fmt.Sprintf("%d %s", d.Day, t.OfMonth(d.Month))
}

// MonthYear writes a month: "octubre de 2026", "October 2026".
func (t *Texts) MonthYear(year int, m time.Month) string {
	if t.lang == English {
		return fmt.Sprintf("%s %d", t.Month(m), year)
	}
	return fmt.Sprintf("%s de %d", t.Month(m), year)
}

// LongDate writes a day without the weekday: "28 de novembre de 2026".
func (t *Texts) LongDate(d civil.Date) string {
	if d.Month == 0 {
		return noDate
	}
	if t.lang == English {
		return fmt.Sprintf("%s %d", t.DayMonth(d), d.Year)
	}
	return fmt.Sprintf("%s de %d", t.DayMonth(d), d.Year)
}

// Date writes a day in words: "dissabte, 28 de novembre de 2026", "Saturday 28 November 2026".
// A date that is not set is a dash.
func (t *Texts) Date(d civil.Date) string {
	if d.Month == 0 {
		return noDate
	}
	if t.lang == English {
		return t.Weekday(d.Weekday()) + " " + t.LongDate(d)
	}
	return t.Weekday(d.Weekday()) + ", " + t.LongDate(d)
}

// ShortDate writes a day for a narrow column: "28 nov. 2026".
func (t *Texts) ShortDate(d civil.Date) string {
	if d.Month == 0 {
		return noDate
	}
	return fmt.Sprintf("%d\u00a0%s\u00a0%d", d.Day, shortMonthNames[t.lang][d.Month-1], d.Year)
}

// Span writes days from one to another for a narrow column, "1 set. 2024 – 31 ag. 2025"; with an end open it says since or
// until when: "des de l’1 de setembre de 2024".
func (t *Texts) Span(from, to civil.Date) string {
	switch {
	case from.Month == 0 && to.Month == 0:
		return noDate
	case to.Month == 0:
		return t.T("ui.since", "Day", t.LongDate(from))
	case from.Month == 0:
		return t.T("ui.up_to", "Day", t.LongDate(to))
	}
	return t.ShortDate(from) + " – " + t.ShortDate(to)
}

// Time writes an instant with its day and the zone it is told in:
// "dissabte, 28 de novembre de 2026, 20.00 (CET)".
func (t *Texts) Time(at time.Time, loc *time.Location) string {
	at = at.In(loc)
	zone, _ := at.Zone()
	return fmt.Sprintf("%s, %s\u00a0(%s)", t.Date(dayOf(at)), t.Clock(at, loc), zone)
}

// ShortTime writes an instant for a narrow column: "28 nov. 2026, 20.00".
func (t *Texts) ShortTime(at time.Time, loc *time.Location) string {
	return t.ShortDate(dayOf(at.In(loc))) + ", " + t.Clock(at, loc)
}

// Clock writes the time of day: "20.00" in Catalan, "20:00" in Spanish and English.
func (t *Texts) Clock(at time.Time, loc *time.Location) string {
	if t.lang == Catalan {
		at = at.In(loc)
		return fmt.Sprintf("%d.%02d", at.Hour(), at.Minute())
	}
	return at.In(loc).Format("15:04")
}

func dayOf(at time.Time) civil.Date {
	y, m, d := at.Date()
	return civil.Date{Year: y, Month: m, Day: d}
}
