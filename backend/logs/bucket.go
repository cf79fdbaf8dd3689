package logs

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// S3 is the storage that old logs go to.
type S3 struct {
	Endpoint string // URL
	Region   string
	Bucket   string // "" = no storage
	Prefix   string // of the names of logs; others aren't opened
	// PathStyle puts the bucket into the path of addresses; without it the endpoint decides whether it is in their host.
	PathStyle bool
	// Credentials says whose rights are used: a profile of the shared credentials file, this machine's own, or the keys below.
	Credentials Credentials
	Profile     string // "" = the default one
	AccessKey   string
	SecretKey   string
}

// Credentials says where the right to read comes from.
type Credentials string

// The ways to the storage's rights.
const (
	StaticKeys    Credentials = "static"
	SharedProfile Credentials = "profile"
	OfInstance    Credentials = "instance"
)

// bucket reads the objects of one bucket below a prefix.
type bucket struct {
	core         minio.Core
	host         string
	name, prefix string
}

func openBucket(config S3, transport *http.Transport) (*bucket, error) {
	endpoint, err := url.Parse(config.Endpoint)
	if err != nil || endpoint.Host == "" || endpoint.User != nil || (endpoint.Scheme != "http" && endpoint.Scheme != "https") {
		return nil, scheduler.Errorf(scheduler.Invalid, "log.bad_endpoint",
			"The storage's address must be written like https://s3.example.com, it is %q.", config.Endpoint).With("endpoint", config.Endpoint)
	}
	lookup := minio.BucketLookupAuto
	if config.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentialsOf(config), Secure: endpoint.Scheme == "https", Region: config.Region,
		Transport: transport, BucketLookup: lookup, MaxRetries: 1,
	})
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "log.bad_endpoint",
			"The storage's address must be written like https://s3.example.com, it is %q.", config.Endpoint).With("endpoint", config.Endpoint).Because(err)
	}
	return &bucket{core: minio.Core{Client: client}, host: endpoint.Host, name: config.Bucket, prefix: strings.Trim(config.Prefix, "/")}, nil
}

func credentialsOf(config S3) *credentials.Credentials {
	switch config.Credentials {
	case SharedProfile:
		return credentials.NewFileAWSCredentials("", config.Profile)
	case OfInstance:
		return credentials.New(&credentials.IAM{Client: &http.Client{Timeout: answerTimeout}})
	default:
		return credentials.NewStaticV4(config.AccessKey, config.SecretKey, "")
	}
}

// key is the name of the object that a reference means.
func (b *bucket) key(ref string) (string, error) {
	name, key, _ := strings.Cut(ref[len("s3://"):], "/")
	switch {
	case key == "" || path.Clean("/"+key) != "/"+key:
		return "", scheduler.Errorf(scheduler.Invalid, "log.bad_address", "Opsdeck doesn't open this address: it names no object. It is %s.", ref).With("ref", ref)
	case name != b.name, b.prefix != "" && !strings.HasPrefix(key, b.prefix+"/"):
		return "", scheduler.Errorf(scheduler.Forbidden, "log.bucket_refused",
			"Logs are read from s3://%s/%s only, and this one is elsewhere: %s.", b.name, b.prefix, ref).
			With("ref", ref).With("bucket", b.name).With("prefix", b.prefix)
	}
	return key, nil
}

func (f *Files) openObject(ctx context.Context, ref string, from int64) (*console.LogFile, error) {
	b := f.bucket
	if b == nil {
		return nil, scheduler.Errorf(scheduler.Forbidden, "log.no_storage",
			"The log is in S3 storage, and this environment's profile names none. Add the storage there.").With("ref", ref)
	}
	key, err := b.key(ref)
	if err != nil {
		return nil, err
	}
	options := minio.GetObjectOptions{}
	if from > 0 {
		if err := options.SetRange(from, 0); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, wholeTimeout)
	object, info, _, err := b.core.GetObject(ctx, b.name, key, options)
	if err != nil {
		cancel()
		if minio.ToErrorResponse(err).StatusCode == http.StatusRequestedRangeNotSatisfiable {
			return emptyFile(), nil
		}
		return nil, b.failed(err)
	}
	return unpacked(newBody(object, cancel, b.host), info.Size, from, true)
}

// failed says in an operator's words what the storage answered.
func (b *bucket) failed(err error) error {
	answer := minio.ToErrorResponse(err)
	var e *scheduler.Error
	switch answer.Code {
	case minio.NoSuchKey:
		e = scheduler.Errorf(scheduler.NotFound, "log.not_found", "%s has no log at this place. It was deleted or never uploaded.", b.host)
	case minio.NoSuchBucket:
		e = scheduler.Errorf(scheduler.NotFound, "log.no_bucket", "%s has no bucket %s.", b.host, b.name)
	case "ExpiredToken", "ExpiredTokenException", "RequestTimeTooSkewed":
		e = scheduler.Errorf(scheduler.Forbidden, "log.keys_expired", "The keys for %s have run out, or this machine's clock is wrong. Renew them.", b.host)
	case minio.AccessDenied, "InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed", "InvalidToken":
		e = scheduler.Errorf(scheduler.Forbidden, "log.keys_refused", "%s refuses the profile's keys for bucket %s, or they may not read there.", b.host, b.name)
	default:
		if errors.Is(err, context.Canceled) || answer.StatusCode == 0 {
			return unreachable(b.host, err)
		}
		e = scheduler.Errorf(scheduler.Unavailable, "log.status", "%s answered with status %d.", b.host, answer.StatusCode)
	}
	return e.With("host", b.host).With("bucket", b.name).With("status", http.StatusText(answer.StatusCode)).Because(err)
}
