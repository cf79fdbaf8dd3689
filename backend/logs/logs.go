package logs

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Config is what of a profile says where logs are.
type Config struct {
	Origins []string // http(s) URLs; a path limits what may be read to what lies below it
	S3      S3
	Dial    Dialer // through the profile's tunnel, where names are resolved at its far end; nil = this machine's own network
	// Resolver resolves the names of origins; nil = as this machine does.
	Resolver *net.Resolver
}

// Files answers the console's port.
type Files struct {
	origins []origin
	web     *http.Client
	bucket  *bucket // nil = none is configured
	closers []func()
}

// New checks the configuration; nothing is dialled yet.
func New(config Config) (*Files, error) {
	f := &Files{}
	for _, text := range config.Origins {
		o, err := parseOrigin(text)
		if err != nil {
			return nil, err
		}
		f.origins = append(f.origins, o)
	}
	dial, dialStorage := config.Dial, config.Dial
	if dial == nil {
		dial, dialStorage = guarded(config.Resolver, f.namesItself), own
	}
	transport := newTransport(dial)
	f.closers = append(f.closers, transport.CloseIdleConnections)
	f.web = &http.Client{Transport: transport, CheckRedirect: f.checkRedirect}
	if config.S3.Bucket != "" {
		storage := newTransport(dialStorage)
		f.closers = append(f.closers, storage.CloseIdleConnections)
		var err error
		if f.bucket, err = openBucket(config.S3, storage); err != nil {
			return nil, err
		}
		f.closers = append(f.closers, f.bucket.close)
	}
	return f, nil
}

// Close lets go of idle connections. Logs that are being read end with their contexts.
func (f *Files) Close() {
	for _, c := range f.closers {
		c()
	}
}

// OpenLog opens a log by its reference.
func (f *Files) OpenLog(ctx context.Context, ref string, from int64, version string) (*console.LogFile, error) {
	if scheme, _, _ := strings.Cut(ref, "://"); strings.EqualFold(scheme, "s3") {
		return f.openObject(ctx, ref, from, version)
	}
	return f.openAddress(ctx, ref, from, version)
}

const (
	answerTimeout = 10 * time.Second
	// stallTimeout is how long a server may send nothing in the middle of a log.
	stallTimeout = 20 * time.Second
	// wholeTimeout is how long one log may take.
	wholeTimeout = 15 * time.Minute
)

// newTransport makes connections that give up in time, send no one's cookies, and go through no proxy: a proxy would dial what the
// address check has not seen.
func newTransport(dial Dialer) *http.Transport {
	return &http.Transport{
		DialContext: dial, TLSHandshakeTimeout: answerTimeout, ResponseHeaderTimeout: answerTimeout, IdleConnTimeout: time.Minute,
		MaxIdleConnsPerHost: 2, MaxResponseHeaderBytes: 64 << 10, DisableCompression: true, ForceAttemptHTTP2: true,
	}
}
