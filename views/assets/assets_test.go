package assets

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"strings"
	"testing"
)

func TestPath_NamesTheContent(t *testing.T) {
	for _, name := range []string{"socia.css", "once.js", "draft.js", "live.js", "rank.js", "favicon.svg"} {
		p := Path(name)
		if !regexp.MustCompile(`^/assets/[a-z]+\.[0-9a-f]{10}\.(css|js|svg)$`).MatchString(p) {
			t.Errorf("Path(%q) = %q", name, p)
		}
		body, contentType, ok := Open(strings.TrimPrefix(p, Prefix))
		if !ok || len(body) == 0 || contentType == "application/octet-stream" {
			t.Errorf("Open of %q: %d bytes, %q, %v", p, len(body), contentType, ok)
		}
	}
}

func TestOpen_KnowsOnlyItsOwnNames(t *testing.T) {
	for _, name := range []string{"socia.css", "", "../assets.go", "files/socia.css", "socia.0000000000.css"} {
		if _, _, ok := Open(name); ok {
			t.Errorf("Open(%q) gave a file", name)
		}
	}
}

// The first visit may weigh 60 kB compressed (pages); the files take a small part of it.
func TestFiles_StayLight(t *testing.T) {
	total := 0
	for name, f := range contents().files {
		var buf bytes.Buffer
		w := gzip.NewWriter(&buf)
		if _, err := w.Write(f.body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %d compressed", name, len(f.body), buf.Len())
		total += buf.Len()
	}
	if total > 16_000 {
		t.Errorf("the files weigh %d bytes compressed, more than 16 kB", total)
	}
}

// No page may contact a third party, and a file is the place where it would slip in.
func TestFiles_NameNoOtherOrigin(t *testing.T) {
	for name, f := range contents().files {
		body := strings.ReplaceAll(string(f.body), "http://www.w3.org/2000/svg", "")
		if strings.Contains(body, "://") || strings.Contains(body, "@import") {
			t.Errorf("%s names another origin", name)
		}
	}
}

func TestStyle_LongWordsBreakInsteadOfWideningThePage(t *testing.T) {
	css, err := files.ReadFile("files/socia.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []string{"h1,h2,h3,p,li,dd,.prose,", ".cards th[scope=row],.cards td:not(.num){overflow-wrap:anywhere}"} {
		if !strings.Contains(string(css), rule) {
			t.Errorf("the style sheet lacks %s", rule)
		}
	}
}
