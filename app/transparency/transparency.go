// Package transparency reads what everybody may see (decisions, approved minutes, proposals, the software itself, the
// register of personal data) and what waits for one reader. It changes nothing.
package transparency

import "socia/platform/db"

// Service answers what is open.
type Service struct {
	db     *db.DB
	source string
}

// Options are what the installation says about itself.
type Options struct {
	// SourceURL is where the source code of this very version can be had, as the AGPL asks; it may be empty.
	SourceURL string
}

// New prepares the service.
func New(d *db.DB, o Options) *Service { return &Service{db: d, source: o.SourceURL} }
