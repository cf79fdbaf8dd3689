// Package signers keeps whose keys have signed archives: a name for each public key, as somebody on this machine has given it. A
// signature proves nothing but that the key's holder made it; whose the key is has to be known from elsewhere.
package signers

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Signer is a key with its name.
type Signer struct {
	Name string
	Key  ed25519.PublicKey
}

// Standing is what is known of a key that has signed.
type Standing string

// The standings. An impostor calls itself by a name that is known with another key.
const (
	Known    Standing = "known"
	Stranger Standing = "stranger"
	Impostor Standing = "impostor"
)

// File is the list, a line a signer: the key in base64, and its name.
type File struct{ path string }

// DefaultFile is where the list lies.
func DefaultFile() (File, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return File{}, scheduler.Errorf(scheduler.Unavailable, "archive.no_config", "There is no folder for settings, so nobody's keys are known.").Because(err)
	}
	return File{filepath.Join(folder, "opsdeck", "known-signers")}, nil
}

// At is the list in a file of one's choice.
func At(path string) File { return File{path} }

// List gives the known signers, by name. Lines that can't be read are skipped.
func (f File) List() ([]Signer, error) {
	text, err := os.ReadFile(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, f.unreadable(err)
	}
	var list []Signer
	for line := range strings.Lines(string(text)) {
		encoded, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && len(key) == ed25519.PublicKeySize && name != "" {
			list = append(list, Signer{Name: name, Key: key})
		}
	}
	slices.SortStableFunc(list, func(a, b Signer) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Judge tells what is known of a key whose holder calls itself claimed, and the name that it is known by.
func (f File) Judge(key ed25519.PublicKey, claimed string) (Standing, string, error) {
	list, err := f.List()
	standing := Stranger
	for _, s := range list {
		if s.Key.Equal(key) {
			return Known, s.Name, err
		}
		if strings.EqualFold(s.Name, claimed) {
			standing = Impostor
		}
	}
	return standing, "", err
}

// Trust adds a key under a name. A name or a key that is there already has to be forgotten first.
func (f File) Trust(s Signer) error {
	s.Name = strings.TrimSpace(s.Name)
	if s.Name == "" || len(s.Name) > 200 || strings.ContainsFunc(s.Name, unicode.IsControl) || len(s.Key) != ed25519.PublicKeySize {
		return scheduler.Errorf(scheduler.Invalid, "archive.bad_signer", "Give the signer a name of up to 200 characters on one line, and a public key as “opsctl archive keys” prints it.")
	}
	list, err := f.List()
	if err != nil {
		return err
	}
	for _, known := range list {
		if strings.EqualFold(known.Name, s.Name) || known.Key.Equal(s.Key) {
			return scheduler.Errorf(scheduler.Conflict, "archive.known_signer", "%s is known already, with the key %s. Forget it first.",
				known.Name, format.Fingerprint(known.Key)).With("name", known.Name).With("fingerprint", format.Fingerprint(known.Key))
		}
	}
	return f.write(append(list, s))
}

// Forget removes a name.
func (f File) Forget(name string) error {
	list, err := f.List()
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(list), func(s Signer) bool { return strings.EqualFold(s.Name, name) })
	if len(left) == len(list) {
		return scheduler.Errorf(scheduler.NotFound, "archive.unknown_signer", "Nobody is known as %s.", name).With("name", name)
	}
	return f.write(left)
}

func (f File) write(list []Signer) error {
	var text strings.Builder
	for _, s := range list {
		text.WriteString(base64.StdEncoding.EncodeToString(s.Key) + " " + s.Name + "\n")
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return f.unreadable(err)
	}
	partial := f.path + ".new"
	if err := os.WriteFile(partial, []byte(text.String()), 0o600); err != nil {
		return f.unreadable(err)
	}
	if err := os.Rename(partial, f.path); err != nil {
		return f.unreadable(err)
	}
	return nil
}

func (f File) unreadable(err error) error {
	return scheduler.Errorf(scheduler.Unavailable, "archive.no_signers", "The list of known signers in %s can't be read or written.", f.path).
		With("path", f.path).Because(err)
}
