// Package seal encrypts the columns that a stolen database must not reveal, and derives the keys of everything else.
//
// Sealed values are AES-256-GCM with the row's place as associated data: a value that is moved to another row does not open.
package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// keyBytes is the length of the installation's secret key.
const keyBytes = 32

// version1 begins every sealed value, so that a later key or cipher can be told apart.
const version1 = 1

// Sealer holds the installation's secret key.
type Sealer struct {
	secret []byte
	aead   *subtle.AESGCM
}

// ErrOpen is returned for a value that was not sealed with this key for this place.
var ErrOpen = errors.New("sealed value does not open with this key")

// New takes the installation's secret key as standard base64 of 32 bytes.
func New(key string) (*Sealer, error) {
	secret, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(secret) != keyBytes {
		return nil, fmt.Errorf("SOCIA_SECRET_KEY must be base64 of 32 random bytes: make one with `head -c 32 /dev/urandom | base64`")
	}
	s := &Sealer{secret: secret}
	if s.aead, err = subtle.NewAESGCM(s.Key("columns")); err != nil {
		return nil, fmt.Errorf("prepare the sealing key: %w", err)
	}
	return s, nil
}

// NewKey makes a secret key.
func NewKey() string {
	b := make([]byte, keyBytes)
	_, _ = rand.Read(b) // crypto/rand never fails
	return base64.StdEncoding.EncodeToString(b)
}

// Key derives a key of 32 bytes for one purpose; no purpose's key tells anything about another's.
func (s *Sealer) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.secret, nil, "socia/"+purpose, keyBytes)
	if err != nil {
		panic(err) // only a length that HKDF cannot give fails, and 32 is none
	}
	return key
}

// MAC authenticates a message for one purpose.
func (s *Sealer) MAC(purpose string, message []byte) []byte {
	h := hmac.New(sha256.New, s.Key(purpose))
	h.Write(message)
	return h.Sum(nil)
}

// Seal encrypts a value for one place, such as "accounts.email/12". Open(Seal(v, place), place) == v.
func (s *Sealer) Seal(value []byte, place string) ([]byte, error) {
	sealed, err := s.aead.Encrypt(value, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return append([]byte{version1}, sealed...), nil
}

// Open decrypts a value that was sealed for the same place.
func (s *Sealer) Open(sealed []byte, place string) ([]byte, error) {
	if len(sealed) < 1 || sealed[0] != version1 {
		return nil, ErrOpen
	}
	value, err := s.aead.Decrypt(sealed[1:], []byte(place))
	if err != nil {
		return nil, ErrOpen
	}
	return value, nil
}
