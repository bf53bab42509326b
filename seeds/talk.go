package seeds

import (
	"context"

	"socia/app/identity"
	"socia/app/proposals"
	"socia/core/civil"
)

// text is a proposal as its author writes it. Each of its bodies is a version; days count from the first.
type text struct {
	key, author, title string
	written            civil.Date
	bodies             []string
	publishedAfter     int // days; -1: stays a draft
	supporters         int
	withdrawnAfter     int // days; 0: never
}

// talk is the proposals: some that assemblies decided or will decide, and some in every other state.
func (p *planting) talk() {
	first, second := p.firstMeeting(), p.secondMeeting()
	for _, t := range []text{
		{key: "quotes", author: "montse", written: first.AddDays(-60), publishedAfter: 3, supporters: 21, title: "Actualitzar les quotes suggerides", bodies: []string{quotesFirst, quotesSecond}},
		{key: "xat", author: "mireia", written: first.AddDays(-75), publishedAfter: 6, supporters: 18, title: "Un xat federat per a totes les sòcies", bodies: []string{chat}},
		{key: "servidor", author: "jordi", written: second.AddDays(-66), publishedAfter: 2, supporters: 24, title: "Comprar un servidor propi i deixar el lloguer", bodies: []string{server}},
		{key: "estatuts", author: "quim", written: second.AddDays(-80), publishedAfter: 10, supporters: 17, title: "Reduir a deu dies l'antelació de les convocatòries", bodies: []string{notice}},
		{key: "cures", author: "marta", written: p.today.AddDays(-58), publishedAfter: 4, supporters: 26, title: "Espai de cures i canguratge a les assemblees", bodies: []string{careFirst, careSecond, careThird}},
		{key: "acces", author: "samir", written: p.today.AddDays(-49), publishedAfter: 5, supporters: 19, title: "Servidores accesibles: auditoría cada año", bodies: []string{access}},
		{key: "organs", author: "montse", written: p.today.AddDays(-52), publishedAfter: 3, supporters: 20, title: "Modificar l'article 31: el vot per classes", bodies: []string{weights}},
		{key: "energia", author: "pau", written: p.today.AddDays(-27), publishedAfter: 2, supporters: 18, title: "Contractar energia de la cooperativa elèctrica del barri", bodies: []string{energy}},
		{key: "formacio", author: "marta", written: p.today.AddDays(-15), publishedAfter: 1, supporters: 6, title: "Tallers oberts de programari lliure als instituts", bodies: []string{workshops, workshopsAgain}},
		{key: "copies", author: "roser", written: p.today.AddDays(-6), publishedAfter: 1, supporters: 2, title: "Còpies de seguretat fora de Barcelona", bodies: []string{backups}},
		{key: "esborrany", author: "marta", written: p.today.AddDays(-3), publishedAfter: -1, title: "Biblioteca de coses entre sòcies", bodies: []string{library}},
		{key: "esborrany2", author: "jordi", written: p.today.AddDays(-9), publishedAfter: -1, title: "Ordre del dia participatiu", bodies: []string{agenda}},
		{key: "retirada", author: "quim", written: p.quarters[6].AddDays(12), publishedAfter: 2, supporters: 4, withdrawnAfter: 20, title: "Canviar el nom de la cooperativa", bodies: []string{rename}},
	} {
		p.write(t)
	}
}

func (p *planting) write(t text) {
	p.by(t.written, "20:10", t.author, "proposal "+t.key, func(ctx context.Context, by identity.Actor) (err error) {
		author, err := by.RequireMember()
		if err != nil {
			return err
		}
		p.written[t.key], err = p.Proposals.Write(ctx, by, proposals.Text{Author: author.ID, Title: t.title, Body: t.bodies[0]})
		return err
	})
	for n, body := range t.bodies[1:] {
		p.by(t.written.AddDays(3*n+2), "21:40", t.author, "version of "+t.key, func(ctx context.Context, by identity.Actor) error {
			return p.Proposals.Revise(ctx, by, p.written[t.key], proposals.Text{Title: t.title, Body: body, Base: int64(n + 1)})
		})
	}
	if t.publishedAfter < 0 {
		return
	}
	day := t.written.AddDays(t.publishedAfter)
	p.by(day, "09:15", t.author, "publication of "+t.key, func(ctx context.Context, by identity.Actor) error {
		return p.Proposals.Publish(ctx, by, p.written[t.key], "")
	})
	p.support(t, day)
	if t.withdrawnAfter > 0 {
		p.by(t.written.AddDays(t.withdrawnAfter), "10:20", t.author, "withdrawal of "+t.key, func(ctx context.Context, by identity.Actor) error {
			return p.Proposals.Withdraw(ctx, by, p.written[t.key], "")
		})
	}
}

// support comes in over the days after the publication.
func (p *planting) support(t text, published civil.Date) {
	var may []*role
	for _, r := range p.cast.imported {
		if r.handle != "" && r.handle != t.author && p.cast.named[r.handle] == r {
			may = append(may, r)
		}
	}
	p.rng.Shuffle(len(may), func(i, j int) { may[i], may[j] = may[j], may[i] })
	for i, r := range may[:t.supporters] {
		p.by(published.AddDays(i/6), "22:00", r.handle, "support of "+t.key, func(ctx context.Context, by identity.Actor) error {
			return p.Proposals.Support(ctx, by, p.written[t.key], r.id, "")
		})
	}
}

const (
	quotesFirst = `La quota suggerida és la mateixa des que vam començar, i l'electricitat ha pujat.

Proposo pujar la quota **suggerida** un deu per cent. La mínima no canvia.`
	quotesSecond = `La quota suggerida és la mateixa des que vam començar, i l'electricitat i els recanvis han pujat.

## Què proposem

| Pla | Ara | A partir del trimestre vinent |
|---|---|---|
| Persona usuària | 27 € | 30 € |
| Entitat usuària | 81 € | 90 € |

La quota **mínima no canvia**, i qui no pugui pagar-la continua podent demanar una exempció. El que es pagui per sobre de la quota suggerida va, com sempre, al fons de solidaritat.`
	chat = `Cada entitat fa servir un xat diferent, gairebé sempre d'una empresa que viu de les nostres converses.

Proposem obrir un servidor de xat **federat** per a totes les sòcies:

1. Prova de tres mesos amb dos ateneus i una escola.
2. Moderació compartida entre els tres nusos.
3. Cap conversa es guarda més d'un any si el grup no decideix una altra cosa.`
	server = `Paguem 412 € cada mes pel lloguer de màquines. Amb el que tenim estalviat podem comprar un servidor i allotjar-lo al centre de dades de la universitat.

- **Cost:** 6.900 €, que recuperem en disset mesos.
- **Garantia:** cinc anys de recanvis.
- **Feina:** dues persones del grup de treball fan torns; les hores ja són al pressupost.

Si en dos anys no surt a compte, el venem i tornem al lloguer.`
	notice = `L'article 24 demana quinze dies d'antelació per convocar una assemblea. Quan hi ha pressa, és massa.

Proposo deixar-ho en **deu dies** si tothom pot votar a distància.`
	careFirst = `A la darrera assemblea van faltar moltes persones que tenen criatures o gent gran a càrrec.

Proposo que cada assemblea tingui canguratge.`
	careSecond = `A la darrera assemblea van faltar moltes persones que tenen criatures o gent gran a càrrec.

Proposo que cada assemblea tingui:

- canguratge pagat per la cooperativa;
- una pausa cada hora i mitja.`
	careThird = `A la darrera assemblea van faltar moltes persones que tenen criatures o gent gran a càrrec. No és una qüestió privada: si no hi podem ser totes, decidim menys bé.

## Proposta

- Canguratge **pagat per la cooperativa** a cada assemblea presencial (uns 120 €).
- Una pausa de quinze minuts cada hora i mitja.
- Hora d'acabar escrita a la convocatòria, i complir-la.

## D'on surten els diners

Del fons de solidaritat. Ho revisem d'aquí a un any amb les dades d'assistència.`
	access = `Hay socias que no pueden usar el correo web con lector de pantalla.

Proponemos una **auditoría de accesibilidad** cada año, hecha por personas que usan estas ayudas, y publicar el resultado y lo que arreglamos.

- Coste: 900 € al año.
- Primer informe: antes del verano.`
	weights = `Avui les usuàries pesen un 40 %, el treball un 40 % i les col·laboradores un 20 %.

Proposem **45 / 35 / 20**: les usuàries som 140 i la cooperativa existeix per a nosaltres, sense que cap classe pugui decidir sola.

Cal modificar l'article 31 dels estatuts, i per tant dos terços dels vots presents i representats.`
	energy = `La cooperativa elèctrica del barri ens ofereix un contracte d'origen renovable, un cèntim més car per quilowatt hora: uns 9 € més cada mes.

Proposem canviar-hi el contracte de l'oficina i parlar amb la universitat pel del servidor.`
	workshops      = `Un taller cada trimestre en un institut diferent, amb alumnat de cicles.`
	workshopsAgain = `Un taller cada trimestre en un institut diferent, amb alumnat de cicles formatius.

Ja hi ha **quatre persones** que s'ofereixen a fer-los. Demanem 60 € per taller, per a materials i desplaçaments.`
	backups = `Totes les còpies són a Barcelona. Si hi ha un incendi, ho perdem tot.

L'*Orfeó* ens deixa un racó al seu local de Lleida: només cal un disc i una línia.`
	library = `Trepants, projectors, taules plegables… tothom en té i ningú els fa servir.

(Encara he de mirar com ho fan altres cooperatives.)`
	agenda = `Que els punts de l'ordre del dia surtin dels suports que té cada proposta, i que es vegi.`
	rename = `«Núvol» fa pensar en les grans empreses. Proposo que triem un altre nom entre totes.`
)
