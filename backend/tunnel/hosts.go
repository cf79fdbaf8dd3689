package tunnel

import (
	"errors"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	lines "golang.org/x/crypto/ssh/knownhosts"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// hostKeys are the keys that a profile knows jump hosts by. Nothing is learnt by itself: an unknown key is refused.
type hostKeys struct{ db *knownhosts.HostKeyDB }

// readHostKeys reads lines as OpenSSH writes them. The library reads files only; these lines are no secret.
func readHostKeys(text string) (*hostKeys, error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, _, _, _, _, err := ssh.ParseKnownHosts([]byte(line)); err != nil {
			return nil, scheduler.Errorf(scheduler.Invalid, "tunnel.bad_known_hosts",
				"Line %d of the jump host's known keys can't be read. It looks like the output of ssh-keyscan.", number).
				With("line", strconv.Itoa(number)).Because(err)
		}
	}
	file, err := os.CreateTemp("", "opsdeck-hosts-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	db, err := knownhosts.NewDB(file.Name())
	if err != nil {
		return nil, err
	}
	return &hostKeys{db}, nil
}

// algorithms are those of the keys that we know: a server has several, and would show another. nil = any.
func (h *hostKeys) algorithms(address string) []string { return h.db.HostKeyAlgorithms(address) }

// check says what to do about a key that isn't the known one.
func (h *hostKeys) check(address string, remote net.Addr, key ssh.PublicKey) error {
	err := h.db.HostKeyCallback()(address, remote, key)
	if err == nil {
		return nil
	}
	fingerprint := ssh.FingerprintSHA256(key)
	e := scheduler.Errorf(scheduler.Forbidden, "tunnel.host_key_unknown",
		"The profile does not know the jump host %s, which shows the key %s. Compare it with what its administrator says, then add the key to the profile.",
		address, fingerprint)
	if _, revoked := errors.AsType[*lines.RevokedError](err); revoked {
		e = scheduler.Errorf(scheduler.Forbidden, "tunnel.host_key_revoked",
			"The jump host %s shows the key %s, which the profile has as revoked. Don't connect; ask its administrator.", address, fingerprint)
	} else if knownhosts.IsHostKeyChanged(err) {
		e = scheduler.Errorf(scheduler.Forbidden, "tunnel.host_key_changed",
			"The jump host %s shows the key %s, which is not the one that the profile knows. Somebody may be in between. "+
				"Ask its administrator before the profile is given the new key.", address, fingerprint)
	}
	return e.With("jump", address).With("fingerprint", fingerprint).With("line", lines.Line([]string{address}, key)).Because(err)
}
