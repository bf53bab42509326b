package mail_test

import (
	"bufio"
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/mail"
	"socia/platform/seal"
)

// smtpServer is a mail server on this machine that keeps what it is given.
type smtpServer struct {
	address string
	refuse  string

	mu         sync.Mutex
	recipients []string
	letters    []string
}

func startSMTP(t *testing.T, refuse string) *smtpServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &smtpServer{address: listener.Addr().String(), refuse: refuse}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			// A sender that gives up may leave its connection open; the end of the test closes it.
			hangUp := context.AfterFunc(t.Context(), func() { _ = conn.Close() })
			serving.Go(func() { defer hangUp(); s.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); serving.Wait() })
	return s
}

// serve speaks as much of RFC 5321 as a sender needs.
func (s *smtpServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(conn)
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 test")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case "EHLO", "HELO":
			say("250 test")
		case "RCPT":
			if s.refuse != "" {
				say(s.refuse)
				continue
			}
			s.mu.Lock()
			s.recipients = append(s.recipients, line[len("RCPT TO:"):])
			s.mu.Unlock()
			say("250 ok")
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for {
				l, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(l, "."))
			}
			s.mu.Lock()
			s.letters = append(s.letters, b.String())
			s.mu.Unlock()
			say("250 kept")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *smtpServer) got() (recipients, letters []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recipients, s.letters
}

func sender(t *testing.T, s *smtpServer) *mail.SMTP {
	t.Helper()
	m, err := mail.NewSMTP("smtp://"+s.address+"?tls=none", "Sòcia <socia@example.coop>")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSMTP_SendsALetterAsItWasWritten(t *testing.T) {
	s := startSMTP(t, "")
	l := mail.Letter{To: "nuria@example.org", Subject: "Convocatòria de l’assemblea", Body: "Bon dia,\n.una línia amb punt\nfins aviat\n"}
	if err := sender(t, s).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	to, letters := s.got()
	if len(to) != 1 || to[0] != "<nuria@example.org>" || len(letters) != 1 {
		t.Fatalf("%q %q", to, letters)
	}
	m, err := netmail.ReadMessage(strings.NewReader(letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != l.Subject {
		t.Errorf("subject %q %v", subject, err)
	}
	if m.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
		t.Fatalf("encoding %q", m.Header.Get("Content-Transfer-Encoding"))
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if got := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || strings.TrimRight(got, "\n") != strings.TrimRight(l.Body, "\n") {
		t.Errorf("body %q %v", got, err)
	}
}

func TestSMTP_HeadersCannotBeSmuggledIn(t *testing.T) {
	for _, l := range []mail.Letter{
		{To: "a@example.org", Subject: "hola\r\nBcc: evil@example.net"},
		{To: "a@example.org", Subject: "hola\nBcc: evil@example.net"},
		{To: "a@example.org", Subject: "hola\r\n\r\n<script>"},
		{To: "a@example.org\r\nBcc: evil@example.net", Subject: "hola"},
		{To: "a@example.org>\r\nRCPT TO:<evil@example.net", Subject: "hola"},
		{To: "a@example.org, evil@example.net", Subject: "hola"},
		{To: "not an address", Subject: "hola"},
		{To: "", Subject: "hola"},
	} {
		s := startSMTP(t, "")
		err := sender(t, s).Send(t.Context(), l)
		to, letters := s.got()
		for _, r := range to {
			if r != "<a@example.org>" {
				t.Errorf("%q went to %q", l, r)
			}
		}
		if err != nil {
			continue
		}
		if l.To != "a@example.org" || len(letters) != 1 {
			t.Errorf("%q was taken", l)
			continue
		}
		m, err := netmail.ReadMessage(strings.NewReader(letters[0]))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(m.Body)
		if m.Header.Get("Bcc") != "" || err != nil || strings.Contains(string(body), "<script>") {
			t.Errorf("%q became %q", l, letters[0])
		}
	}
}

func TestSMTP_RefusalAndAbsenceAreErrors(t *testing.T) {
	s := startSMTP(t, "550 5.1.1 <maria@example.org> no such mailbox")
	err := sender(t, s).Send(t.Context(), mail.Letter{To: "maria@example.org", Subject: "x", Body: "y"})
	if err == nil {
		t.Fatal("a refused letter counts as sent")
	}
	if strings.Contains(err.Error(), "maria") || !strings.Contains(err.Error(), "550") {
		t.Errorf("the error, which is logged, says %q", err)
	}
	if _, letters := s.got(); len(letters) != 0 {
		t.Error("a letter without recipient was delivered")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := &smtpServer{address: listener.Addr().String()}
	_ = listener.Close()
	if err := sender(t, nobody).Send(t.Context(), mail.Letter{To: "a@example.org", Subject: "x", Body: "y"}); err == nil {
		t.Error("a letter to a server that is not there counts as sent")
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := sender(t, startSMTP(t, "")).Send(ctx, mail.Letter{To: "a@example.org", Subject: "x", Body: "y"}); err == nil {
		t.Error("a letter after the end counts as sent")
	}
}

// A password or a letter never goes over an open line unless the address asks for it by name.
func TestSMTP_WantsTLSUnlessToldOtherwise(t *testing.T) {
	s := startSMTP(t, "")
	m, err := mail.NewSMTP("smtp://user:secret@"+s.address, "socia@example.coop")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Send(t.Context(), mail.Letter{To: "a@example.org", Subject: "x", Body: "y"}); err == nil {
		t.Error("sent without TLS")
	}
	if _, letters := s.got(); len(letters) != 0 {
		t.Error("delivered without TLS")
	}
}

func TestNewSMTP_RefusesWhatIsNoMailServerAndKeepsThePasswordToItself(t *testing.T) {
	for _, address := range []string{"", "mail.example.org:25", "http://mail.example.org", "smtp://", "smtp://user:hunter2@:25", "smtp://user:hunter2@host:port"} {
		if _, err := mail.NewSMTP(address, "a@example.org"); err == nil {
			t.Errorf("%q was taken", address)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the password stands in the error: %v", err)
		}
	}
}

func TestLocal_KeepsLettersNewestFirst(t *testing.T) {
	c := clock.At(time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		sealer, err := seal.New(seal.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		l := mail.NewLocal(d, sealer)
		for _, subject := range []string{"primera", "segona"} {
			if err := l.Send(t.Context(), mail.Letter{To: "a@example.org", Subject: subject, Body: "cos " + subject}); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := l.Kept(t.Context())
		if err != nil || len(kept) != 2 {
			t.Fatalf("%v %v", kept, err)
		}
		if k := kept[0]; k.Subject != "segona" || k.Recipient != "a@example.org" || k.Body != "cos segona" || !k.SentAt.Equal(c.Now()) {
			t.Errorf("%+v", k)
		}
	})
}
