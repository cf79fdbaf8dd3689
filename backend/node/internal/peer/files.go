package peer

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// lookEvery is how often the files are looked at, at most. They are when somebody connects.
const lookEvery = time.Second

// material is what the files held.
type material struct {
	certificate tls.Certificate
	roots       *x509.CertPool
	pins        [][]byte // DER of every trusted certificate
}

// keeper reads the files again when they change: certificates are renewed while nodes run. Files that can't be used
// leave the former ones in force; so does a pair of which only one has been replaced yet.
type keeper struct {
	files Files
	log   *slog.Logger

	mu     sync.Mutex
	now    material
	stamp  string
	looked time.Time
}

func newKeeper(files Files, log *slog.Logger) (*keeper, error) {
	k := &keeper{files: files, log: log, stamp: files.stamp(), looked: time.Now()}
	var err error
	k.now, err = files.read()
	return k, err
}

func (k *keeper) material() material {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.looked) < lookEvery {
		return k.now
	}
	k.looked = time.Now()
	stamp := k.files.stamp() // before the reading: what changes after it has another
	if stamp == k.stamp {
		return k.now
	}
	k.stamp = stamp
	read, err := k.files.read()
	if err != nil {
		k.log.Error("the TLS files have changed and can't be used; the former ones stay in force", "error", err)
		return k.now
	}
	k.log.Info("the TLS files have changed", "valid_until", read.certificate.Leaf.NotAfter)
	k.now = read
	return k.now
}

// trusted is the file with the certificates that vouch for others.
func (f Files) trusted() string {
	if f.CA == "" {
		return f.Cert
	}
	return f.CA
}

// stamp changes with the files.
func (f Files) stamp() string {
	stamp := ""
	for _, file := range []string{f.Cert, f.Key, f.trusted()} {
		info, err := os.Stat(file)
		if err != nil {
			stamp += "missing;"
			continue
		}
		stamp += fmt.Sprintf("%d %d;", info.ModTime().UnixNano(), info.Size())
	}
	return stamp
}

func (f Files) read() (material, error) {
	certificate, err := tls.LoadX509KeyPair(f.Cert, f.Key)
	if err != nil {
		return material{}, unreadable(f.Cert+" and "+f.Key, err)
	}
	text, err := os.ReadFile(f.trusted())
	if err != nil {
		return material{}, unreadable(f.trusted(), err)
	}
	m := material{certificate: certificate, roots: x509.NewCertPool()}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return material{}, unreadable(f.trusted(), err)
		}
		m.roots.AddCert(root)
		m.pins = append(m.pins, root.Raw)
	}
	if len(m.pins) == 0 {
		return material{}, unreadable(f.trusted(), errors.New("no certificate in it"))
	}
	return m, nil
}

func unreadable(files string, cause error) error {
	return scheduler.Errorf(scheduler.Invalid, "tls.unreadable",
		"the TLS files can't be used: %s: they must be PEM, and the key must fit the certificate", files).
		With("files", files).Because(cause)
}
