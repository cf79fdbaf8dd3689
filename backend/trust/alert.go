package trust

import (
	"net"
	"strings"
	"time"
)

// alertTime is how long an alert that was sent may take to be read: it has arrived before the end that was met.
const alertTime = time.Second

// Alert says why a server hung up on what was written to it. With TLS 1.3 it judges our certificate when we hold the handshake for done
// already: what we write then meets the end of the connection, and the reason waits unread. failed is the error of the write, which is
// given back where the server said nothing.
func Alert(conn net.Conn, failed error) error {
	if failed == nil || conn.SetReadDeadline(time.Now().Add(alertTime)) != nil {
		return failed
	}
	if _, said := conn.Read(make([]byte, 1)); said != nil && isAlert(said) {
		return said
	}
	return failed
}

func isAlert(err error) bool { return strings.Contains(err.Error(), "remote error: tls") }
