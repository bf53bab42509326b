package memberfile

// field is what a column holds; noField is a column without a name.
type field string

const (
	noField        field = ""
	number         field = "number"
	name           field = "name"
	kind           field = "kind"
	class          field = "class"
	collective     field = "collective"
	email          field = "email"
	joinedOn       field = "joined_on"
	leftOn         field = "left_on"
	representative field = "representative"
	language       field = "language"
	votes          field = "votes"
)

// required are the fields that every member must have, as columns and as cells.
func required() []field { return []field{number, name, kind, class, joinedOn} }

// headers maps folded column names to fields. Folding has already made
// "Col·lectiu", "col.lectiu" and "COL-LECTIU" one word.
func headers() map[string]field {
	names := map[field][]string{
		number:         {"number", "memberno", "membernumber", "no", "num", "numero", "numerodesoci", "numerodesocia", "numerodemembre", "numerodesocio", "numdesoci", "numdesocia", "numdemembre", "numdesocio"},
		name:           {"name", "nom", "nombre"},
		kind:           {"kind", "tipus", "tipo"},
		class:          {"class", "memberclass", "classe", "clase"},
		collective:     {"collective", "collectiu", "colectiu", "colectivo", "collectivo"},
		email:          {"email", "mail", "correu", "correuelectronic", "correo", "correoelectronico", "adrecaelectronica"},
		joinedOn:       {"joinedon", "joined", "datadalta", "dataalta", "fechadealta", "fechaalta", "alta"},
		leftOn:         {"lefton", "left", "datadebaixa", "databaixa", "fechadebaja", "fechabaja", "baixa", "baja"},
		representative: {"representative", "representant", "representante"},
		language:       {"language", "llengua", "idioma", "lengua"},
		votes:          {"votes", "vots", "votos", "nombredevots", "numerodevots", "numerodevotos"},
	}
	byName := map[string]field{}
	for f, spellings := range names {
		for _, spelling := range spellings {
			byName[spelling] = f
		}
	}
	return byName
}

// kinds maps folded words to kinds of member.
func kinds() map[string]Kind {
	return map[string]Kind{
		"person": Person, "persona": Person,
		"organisation": Organisation, "organization": Organisation, "organitzacio": Organisation,
		"organizacion": Organisation, "entitat": Organisation, "entidad": Organisation,
	}
}

// languages maps folded words to language codes.
func languages() map[string]string {
	return map[string]string{
		"ca": "ca", "catala": "ca", "catalan": "ca",
		"es": "es", "castella": "es", "castellano": "es", "espanyol": "es", "espanol": "es", "spanish": "es",
		"en": "en", "angles": "en", "ingles": "en", "english": "en",
	}
}

// The keys of faults.
const (
	keyTooLarge         = "members.import.too_large"
	keyEncoding         = "members.import.encoding"
	keyEmptyFile        = "members.import.empty_file"
	keyNoRows           = "members.import.no_rows"
	keyTooManyRows      = "members.import.too_many_rows"
	keyQuotes           = "members.import.quotes"
	keyCellCount        = "members.import.cell_count"
	keyUnknownColumn    = "members.import.unknown_column"
	keyDuplicateColumn  = "members.import.duplicate_column"
	keyMissingColumn    = "members.import.missing_column"
	keyUnnamedColumn    = "members.import.unnamed_column"
	keyMissing          = "members.import.missing_"
	keyBadNumber        = "members.import.bad_number"
	keyDuplicateNumber  = "members.import.duplicate_number"
	keyBadKind          = "members.import.bad_kind"
	keyUnknownClass     = "members.import.unknown_class"
	keyUnknownGroup     = "members.import.unknown_collective"
	keyBadEmail         = "members.import.bad_email"
	keyBadDate          = "members.import.bad_date"
	keyBadYear          = "members.import.bad_year"
	keyJoinsLater       = "members.import.joins_later"
	keyLeftBeforeJoined = "members.import.left_before_joined"
	keyBadLanguage      = "members.import.bad_language"
	keyBadVotes         = "members.import.bad_votes"
	keyTooLong          = "members.import.too_long"
	keyBadCharacter     = "members.import.bad_character"
)

// Keys lists every fault key that Parse can give with the names of its arguments,
// so that a test can prove the translations complete.
func Keys() map[string][]string {
	keys := map[string][]string{
		keyTooLarge: {"max"}, keyEncoding: nil, keyEmptyFile: nil, keyNoRows: nil, keyTooManyRows: {"max"}, keyQuotes: nil,
		keyCellCount: {"got", "want"}, keyUnknownColumn: {"column"}, keyDuplicateColumn: {"column"}, keyMissingColumn: {"column"},
		keyUnnamedColumn: nil, keyBadNumber: {"value"}, keyDuplicateNumber: {"number", "first_line"}, keyBadKind: {"value"},
		keyUnknownClass: {"value"}, keyUnknownGroup: {"value"}, keyBadEmail: {"value"}, keyBadDate: {"value"},
		keyBadYear: {"value", "first", "last"}, keyJoinsLater: {"value"},
		keyLeftBeforeJoined: {"left_on", "joined_on"}, keyBadLanguage: {"value"}, keyBadVotes: {"value", "most"}, keyTooLong: {"max"}, keyBadCharacter: nil,
	}
	for _, f := range required() {
		keys[keyMissing+string(f)] = nil
	}
	return keys
}
