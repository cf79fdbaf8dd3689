package gate

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	scramRounds     = 4096 // PostgreSQL's own number
	shortestCleared = 12
)

// scram turns a password into what PostgreSQL stores (RFC 5802, as pg_authid.rolpassword has it), so that the password itself
// reaches neither the server nor its log.
func scram(password string) (string, error) {
	if len(password) < shortestCleared {
		return "", scheduler.Errorf(scheduler.Invalid, "gate.short_password", "a password has at least %d characters", shortestCleared)
	}
	for _, r := range password {
		if r < ' ' || r > '~' { // others would have to be normalised as RFC 4013 says
			return "", scheduler.Errorf(scheduler.Invalid, "gate.odd_password", "a password is made of the printable characters of ASCII")
		}
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // it never fails
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramRounds, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	keyed := func(text string) []byte {
		mac := hmac.New(sha256.New, salted)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
	stored := sha256.Sum256(keyed("Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramRounds, encode(salt), encode(stored[:]), encode(keyed("Server Key"))), nil
}
