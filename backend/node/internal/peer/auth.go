package peer

import (
	"context"
	"crypto/x509"
	"fmt"
	"path"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	grpcpeer "google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Auth is how a node decides what a caller may do, whom the trusted certificates vouch for.
type Auth string

const (
	// Shared lets everybody with a trusted certificate do everything: all processes have the same one.
	Shared Auth = "shared"
	// SPIFFE goes by the caller's URI SAN. It is for clusters where a CA gives everybody a certificate of their own.
	SPIFFE Auth = "spiffe"
)

// ParseAuth reads what somebody configured; "" is [Shared].
func ParseAuth(text string) (Auth, error) {
	switch a := Auth(text); a {
	case "":
		return Shared, nil
	case Shared, SPIFFE:
		return a, nil
	}
	return "", scheduler.Errorf(scheduler.Invalid, "node.bad_peer_auth",
		"peers can be told apart by shared or by spiffe, not by %q", text).With("what", text)
}

// rights are what the ends of a SPIFFE id's path allow. A nil list is everything.
var rights = []struct {
	ending string
	calls  []string
}{
	{"/node", nil},
	{"/ops/operator", []string{"Ping", "GetStatus", "CancelJob", "Drain"}},
	{"/ops/viewer", []string{"Ping", "GetStatus"}},
}

// may tells whether a certificate allows a call. One without exactly one URI allows none.
func may(certificate *x509.Certificate, call string) bool {
	if len(certificate.URIs) != 1 || certificate.URIs[0].Scheme != "spiffe" {
		return false
	}
	for _, right := range rights {
		if strings.HasSuffix(certificate.URIs[0].Path, right.ending) {
			return right.calls == nil || slices.Contains(right.calls, call)
		}
	}
	return false
}

// Authorize refuses calls that the caller's certificate does not allow.
func Authorize(auth Auth) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		call := path.Base(info.FullMethod)
		if auth == SPIFFE {
			certificate, err := caller(ctx)
			if err != nil {
				return nil, err
			}
			if !may(certificate, call) {
				return nil, status.Errorf(codes.PermissionDenied, "the certificate %s does not allow %s", name(certificate), call)
			}
		}
		return handler(ctx, req)
	}
}

func caller(ctx context.Context) (*x509.Certificate, error) {
	p, _ := grpcpeer.FromContext(ctx)
	if p != nil {
		if info, ok := p.AuthInfo.(credentials.TLSInfo); ok && len(info.State.PeerCertificates) > 0 {
			return info.State.PeerCertificates[0], nil
		}
	}
	return nil, status.Error(codes.Unauthenticated, "this worker wants a certificate")
}

func name(certificate *x509.Certificate) string {
	if len(certificate.URIs) == 0 {
		return fmt.Sprintf("%q without a URI", certificate.Subject.CommonName)
	}
	names := make([]string, len(certificate.URIs))
	for i, uri := range certificate.URIs {
		names[i] = uri.String()
	}
	return strings.Join(names, " and ")
}
