// Package config is what an administrator sets: flags, or SOCIA_* in the environment.
package config

// Database says where the data is.
type Database struct {
	DatabaseURL string `name:"database-url" env:"SOCIA_DATABASE_URL" default:"sqlite:socia.db" help:"sqlite:PATH or postgres://user:password@host/database"`
}

// Secret is the installation's key.
type Secret struct {
	SecretKey string `name:"secret-key" env:"SOCIA_SECRET_KEY" help:"base64 of 32 random bytes; encrypts personal columns: keep a copy apart from the database"`
}

// Server says how pages are served.
type Server struct {
	Listen         string   `env:"SOCIA_LISTEN" default:"127.0.0.1:3000" help:"address of the pages"`
	MetricsListen  string   `env:"SOCIA_METRICS_LISTEN" default:"127.0.0.1:9091" help:"address of the Prometheus metrics; empty for none"`
	BaseURL        string   `env:"SOCIA_BASE_URL" default:"http://127.0.0.1:3000" help:"address that people type, for links in mail and for cookies"`
	SourceURL      string   `name:"source-url" env:"SOCIA_SOURCE_URL" help:"where the source code of this version can be had, as the AGPL asks"`
	TrustedProxies []string `env:"SOCIA_TRUSTED_PROXIES" help:"addresses of the proxies in front, whose X-Forwarded-For is believed"`
}

// Mail says how mail leaves.
type Mail struct {
	SMTPURL string `name:"mail-smtp-url" env:"SOCIA_MAIL_SMTP_URL" help:"smtp://user:password@host:587 or smtps://…; empty: mail is shown on a page of the administrator's"`
	From    string `name:"mail-from" env:"SOCIA_MAIL_FROM" default:"socia@localhost" help:"sender of the cooperative's mail"`
}
