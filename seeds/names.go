package seeds

import "fmt"

// Names are put together from these lists. No person and no organisation is meant by any of them.

func womenNames() []string {
	return []string{
		"Berta", "Carme", "Clàudia", "Dolors", "Elisenda", "Fàtima", "Gal·la", "Gemma", "Immaculada", "Iolanda", "Itziar", "Joana", "Judit",
		"Lídia", "Lucía", "Marcel·la", "Mariona", "Meritxell", "Mercè", "Míriam", "Montserrat", "Neus", "Ngozi", "Olena", "Pilar", "Queralt",
		"Rocío", "Roser", "Sibil·la", "Sílvia", "Sofía", "Txell", "Xènia", "Yasmina", "Zoraida",
	}
}

func menNames() []string {
	return []string{
		"Adrià", "Albert", "Álvaro", "Andrés", "Arnau", "Avel·lí", "Biel", "Cesc", "Dídac", "Driss", "Eloi", "Enric", "Ferran", "Guillem",
		"Íñigo", "Jaume", "Javier", "Joaquim", "Krzysztof", "Liam", "Lluís", "Mamadou", "Marcel·lí", "Marçal", "Miquel", "Narcís", "Òscar",
		"Pere", "Rafael", "Roger", "Sergi", "Tomàs", "Xavier",
	}
}

func otherNames() []string { return []string{"Àlex", "Ariel", "Cris", "Noa", "Sasha", "Trini"} }

func surnames() []string {
	return []string{
		"Abelló", "Avel·laneda", "Batllori", "Bonet", "Camprodon", "Casadesús", "Cortès", "d'Abadal", "d'Horta", "de la Fuente", "Diop",
		"El Amrani", "Farrés", "Fernández", "García", "Gil·labert", "Grau", "Huguet", "Ibáñez", "Isern", "Jordà", "Kovalenko", "Llobet",
		"Manyà", "Muñoz", "N'Diaye", "Nogués", "Nowak", "Núñez", "O'Connor", "Okafor", "Oller", "Peiró", "Quer", "Quiñones", "Rabassa",
		"Sala", "Schäfer", "Serrallonga", "Tarrés", "Ullastres", "Valldeperas", "Vila-seca", "Yılmaz", "Zamorano", "Zhang",
	}
}

// pseudonyms are what some people are known by; nobody has to give a legal name.
func pseudonyms() []string {
	return []string{"Lluna de Març", "gat_mesquer", "La Bruixa del Segre", "n0de", "La Pebrotera", "Ona 72", "L'Esparver", "Capgirell"}
}

func kindsOfOrganisation() []string {
	return []string{
		"Ateneu Popular", "Associació Cultural", "Casal de Joves", "Cooperativa de Consum", "Ràdio Comunitària", "Escola Bressol", "Editorial",
		"Grup d'Esplai", "Col·lectiu d'Arquitectura", "Xarxa d'Intercanvi", "Biblioteca Popular", "Orfeó", "Laboratori Ciutadà", "Horts Comunitaris",
	}
}

func namesOfOrganisation() []string {
	return []string{
		"L'Arç Blanc", "La Roda del Molinar", "Mar de Boirina", "Tres Turonets", "L'Escletxa Oberta", "El Cau de la Fagina", "La Bitlla Coixa",
		"Vent de Serena", "L'Il·lusió Compartida", "La Paral·lela Torta", "El Forn d'en Quimet", "Pont de les Heures", "Les Tres Alzinetes",
		"La Nau d'Estiu", "El Rebost del Riu Sec", "Sal i Farigola",
	}
}

// longNames are as long as those of real federations.
func longNames() []string {
	return []string{
		"Federació d'Associacions de Famílies d'Alumnes i d'Entitats de Lleure Educatiu de la Conca Alta del Riu Sec i Rodalia",
		"Associació per a la Recerca, la Divulgació i l'Ensenyament de les Tecnologies Lliures als Barris de Muntanya",
		"Societat Cooperativa Catalana Limitada d'Iniciativa Social de Cures i Acompanyament L'Heura de Ponent",
		"Plataforma Veïnal en Defensa de l'Aigua, l'Horta i els Camins Públics de la Vall de Sant Marcel·lí",
	}
}

// namer gives each name once.
type namer struct {
	p     *planting
	taken map[string]bool
}

func (n *namer) person(first []string) string {
	for {
		name, last, second := one(n.p, first), one(n.p, surnames()), one(n.p, surnames())
		switch n.p.rng.IntN(5) {
		case 0, 1:
			name += " " + last + " i " + second
		case 2, 3:
			name += " " + last + " " + second
		default:
			name += " " + last
		}
		if last != second && !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}

func (n *namer) organisation() string {
	for {
		name := one(n.p, kindsOfOrganisation()) + " " + one(n.p, namesOfOrganisation())
		if n.p.rng.IntN(4) == 0 {
			name += ", SCCL"
		}
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}

// handle is a handle that tells nothing: most people choose such ones.
func handle(number int64) string { return fmt.Sprintf("socia%03d", number) }
