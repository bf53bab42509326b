package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"socia/app/operations"
	"socia/handlers"
	"socia/handlers/web"
	"socia/platform/config"
	"socia/platform/jobs"
)

// shutdownTime is how long requests in flight may take to finish.
const shutdownTime = 20 * time.Second

type serveCommand struct {
	config.Database
	config.Secret
	config.Server
	Mail config.Mail `embed:""`
}

// installation is the configuration as far as a page may show it.
func (s *serveCommand) installation() operations.Installation {
	server := ""
	if u, err := url.Parse(s.Mail.SMTPURL); err == nil {
		server = u.Host
	}
	return operations.Installation{
		Version: version, BaseURL: s.BaseURL, Listen: s.Listen, MetricsListen: s.MetricsListen, TrustedProxies: s.TrustedProxies,
		MailServer: server, MailFrom: s.Mail.From,
	}
}

// Run serves until the process is told to stop.
func (s *serveCommand) Run(ctx context.Context) error {
	h, err := build(ctx, ground{Database: s.Database, Secret: s.Secret, Mail: s.Mail, SourceURL: s.SourceURL, Installation: s.installation()})
	if err != nil {
		return err
	}
	return errors.Join(h.serve(ctx, s.Server, nil, nil), h.close())
}

// serve answers requests and does the work behind them until the context ends.
func (h *house) serve(ctx context.Context, s config.Server, demo []handlers.DemoAccount, ready func(address string)) error {
	metrics := newMetrics()
	app, err := h.pages(s, demo, metrics.observe)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: choose another address with --listen (%w)", s.Listen, err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	working := h.work(ctx)
	measured := metrics.serve(ctx, s.MetricsListen, h)
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	if ready != nil {
		ready(listener.Addr().String())
	} else {
		h.log.Info("serving", "address", listener.Addr().String(), "database", h.db.Flavor())
	}
	select {
	case err = <-served:
	case <-ctx.Done():
		err = app.ShutdownWithTimeout(shutdownTime)
	}
	stop()
	<-working
	<-measured
	return err
}

// pages is the HTTP server with every route.
func (h *house) pages(s config.Server, demo []handlers.DemoAccount, observe web.Observe) (*fiber.App, error) {
	kit, err := web.New(h.identity, h.seal, h.texts, h.log, handlers.Nav, web.Options{BaseURL: s.BaseURL, Version: version})
	if err != nil {
		return nil, fmt.Errorf("SOCIA_BASE_URL must look like https://socia.example.coop")
	}
	kit.Standing = h.rolls.Glance
	app := kit.Server(observe, s.TrustedProxies, handlers.ImportPaths...)
	handlers.New(kit, h.services(demo)).Mount(app)
	return app, nil
}

// work does jobs and periodic work in the background; the channel closes when all of it has stopped.
func (h *house) work(ctx context.Context) <-chan struct{} {
	node, err := os.Hostname()
	if err != nil {
		node = "node"
	}
	node = fmt.Sprintf("%s/%d", node, os.Getpid())
	done := make(chan struct{})
	running := make(chan struct{}, 16)
	tasks := []func(){func() { h.jobs.Run(ctx) }}
	for _, p := range h.periodic() {
		tasks = append(tasks, func() { h.jobs.RunPeriodic(ctx, node, p) })
	}
	for _, task := range tasks {
		go func() {
			task()
			running <- struct{}{}
		}()
	}
	go func() {
		for range tasks {
			<-running
		}
		close(done)
	}()
	return done
}

// periodic is the work that one node does every so often.
func (h *house) periodic() []jobs.Periodic {
	return []jobs.Periodic{
		{Name: "seal audit lines", Every: 30 * time.Second, Do: func(ctx context.Context) error {
			_, err := h.audit.Seal(ctx)
			return err
		}},
		{Name: "close polls at their hour", Every: 5 * time.Second, Do: h.assemblies.CloseDue},
		{Name: "open, remind of and close consultations", Every: 5 * time.Second, Do: h.polls.Tend},
		{Name: "charge fees", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := h.fees.GenerateCharges(ctx)
			return err
		}},
		{Name: "end appeals that nobody answered", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := h.fees.CloseSilentAppeals(ctx)
			return err
		}},
		{Name: "publish figures about gender", Every: time.Hour, Do: h.equality.Publish},
		{Name: "tidy up", Every: time.Hour, Do: h.identity.Tidy},
		{Name: "admit by silence", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := h.members.AdmitSilent(ctx)
			return err
		}},
	}
}

// metrics are what Prometheus may ask for, on a listener of their own: numbers by route pattern, never by person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "socia_request_seconds", Help: "Time to answer a request.", Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
	}, []string{"method", "route", "status"})}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, http.StatusText(status)).Observe(took.Seconds())
}

// serve answers Prometheus until the context ends. An address that cannot be had is logged: pages are worth more.
func (m *metrics) serve(ctx context.Context, address string, h *house) <-chan struct{} {
	done := make(chan struct{})
	if address == "" {
		close(done)
		return done
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		defer close(done)
		go func() {
			<-ctx.Done()
			_ = server.Close()
		}()
		if err := server.ListenAndServe(); err != nil && !errors.Is(err, http.ErrServerClosed) {
			h.log.Error("metrics are not served", "error", err)
		}
	}()
	return done
}
