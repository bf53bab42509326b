// Package assets holds the files that a browser loads beside a page. Each is
// served under a name that contains the hash of its content, so that it may be
// cached for ever and a new release never meets an old file.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// Prefix is where the files are served.
const Prefix = "/assets/"

//go:embed files
var files embed.FS

type file struct {
	body        []byte
	contentType string
}

type catalogue struct {
	hashed map[string]string // socia.css → socia.1a2b3c4d5e.css
	files  map[string]file   // by hashed name
}

var contents = sync.OnceValue(func() catalogue {
	c := catalogue{hashed: map[string]string{}, files: map[string]file{}}
	entries, err := fs.ReadDir(files, "files")
	if err != nil {
		panic(err) // the embedded folder is part of the program
	}
	for _, e := range entries {
		body, err := fs.ReadFile(files, path.Join("files", e.Name()))
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(e.Name())
		hashed := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:5]) + ext
		c.hashed[e.Name()] = hashed
		c.files[hashed] = file{body: body, contentType: contentType(ext)}
	}
	return c
})

// contentType is decided here and not by the machine's own table, which differs from one to another.
func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

// Path gives the address of a file: Path("socia.css") is "/assets/socia.<hash>.css".
// It panics on a name that does not exist, since only templates ask.
func Path(name string) string {
	hashed, ok := contents().hashed[name]
	if !ok {
		panic("assets: no file " + name)
	}
	return Prefix + hashed
}

// Open gives a file by its hashed name, without the prefix. The content must not be changed.
func Open(hashed string) (body []byte, contentType string, ok bool) {
	f, ok := contents().files[hashed]
	return f.body, f.contentType, ok
}
