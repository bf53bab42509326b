package books

// AccountKind says on which side of the books an account stands.
type AccountKind string

// The kinds of account.
const (
	Asset     AccountKind = "asset"
	Liability AccountKind = "liability"
	Equity    AccountKind = "equity"
	Income    AccountKind = "income"
	Expense   AccountKind = "expense"
)

// Account is one line of the chart of accounts.
type Account struct {
	Code   string
	Kind   AccountKind
	NameCA string
	NameES string
	NameEN string
}

// Name is the account's name in ca, es or en; any other language gets Catalan, the
// first language of the cooperative's books.
func (a Account) Name(lang string) string {
	switch lang {
	case "es":
		return a.NameES
	case "en":
		return a.NameEN
	}
	return a.NameCA
}

// The accounts that the entries of this package use.
const (
	AccountMembersAdvances = "438"
	AccountMembersDebtors  = "447"
	AccountCash            = "570"
	AccountBank            = "572"
	AccountFeeIncome       = "756"
	AccountSolidarity      = "7561"
)

// DefaultChart is what a cooperative that lives on fees needs of the Spanish chart
// of accounts for cooperatives (Orden EHA/3360/2010, on the PGC of 2007), ordered
// by code. 7561 is a subaccount of our own under 756. Each call gives a fresh slice.
func DefaultChart() []Account {
	return []Account{
		{"100", Equity, "Capital social: aportacions obligatòries", "Capital social: aportaciones obligatorias", "Share capital: mandatory contributions"},
		{"1001", Equity, "Capital social: aportacions voluntàries", "Capital social: aportaciones voluntarias", "Share capital: voluntary contributions"},
		{"112", Equity, "Fons de reserva obligatori", "Fondo de reserva obligatorio", "Mandatory reserve fund"},
		{"129", Equity, "Resultat de l'exercici", "Resultado del ejercicio", "Result of the year"},
		{"148", Liability, "Fons d'educació, formació i promoció", "Fondo de educación, formación y promoción", "Education, training and promotion fund"},
		{"410", Liability, "Creditors per prestació de serveis", "Acreedores por prestaciones de servicios", "Creditors for services"},
		{"436", Asset, "Membres: deutes de cobrament dubtós", "Socios: créditos de dudoso cobro", "Members: doubtful debts"},
		{AccountMembersAdvances, Liability, "Bestretes de membres", "Anticipos de socios", "Members' advances"},
		{AccountMembersDebtors, Asset, "Membres, deutors", "Socios deudores", "Members' debtors"},
		{"555", Liability, "Partides pendents d'aplicació", "Partidas pendientes de aplicación", "Items awaiting explanation"},
		{AccountCash, Asset, "Caixa", "Caja", "Cash"},
		{AccountBank, Asset, "Bancs, comptes corrents", "Bancos, cuentas corrientes", "Bank, current accounts"},
		{"626", Expense, "Serveis bancaris", "Servicios bancarios", "Bank charges"},
		{"650", Expense, "Pèrdues per quotes incobrables", "Pérdidas por cuotas incobrables", "Losses on uncollectable fees"},
		{AccountFeeIncome, Income, "Ingressos per quotes de membres", "Ingresos por cuotas de socios", "Members' fee income"},
		{AccountSolidarity, Income, "Aportacions solidàries", "Aportaciones solidarias", "Solidarity contributions"},
	}
}
