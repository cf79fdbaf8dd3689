package logs

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"

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

// bucket reads the objects of one bucket below a prefix.
type bucket struct {
	core         minio.Core
	host         string
	name, prefix string
	region       string
	close        func()
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
	rights, closeRights := rightsOf(config)
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: rights, Secure: endpoint.Scheme == "https", Region: config.Region,
		Transport: transport, BucketLookup: lookup, MaxRetries: 1,
	})
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "log.bad_endpoint",
			"The storage's address must be written like https://s3.example.com, it is %q.", config.Endpoint).With("endpoint", config.Endpoint).Because(err)
	}
	return &bucket{
		core: minio.Core{Client: client}, host: endpoint.Host, name: config.Bucket, prefix: strings.Trim(config.Prefix, "/"),
		region: config.Region, close: closeRights,
	}, nil
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

func (f *Files) openObject(ctx context.Context, ref string, from int64, version string) (*console.LogFile, error) {
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
		if err := errors.Join(options.SetRange(from, 0), matching(&options, version)); err != nil {
			return nil, err
		}
	}
	whole, cancel := context.WithTimeout(ctx, wholeTimeout)
	object, info, _, err := b.core.GetObject(whole, b.name, key, options)
	if err == nil {
		return unpacked(newBody(object, cancel, b.host), part{from: from, size: from + info.Size, version: info.ETag, grows: true})
	}
	defer cancel()
	switch minio.ToErrorResponse(err).StatusCode {
	case http.StatusPreconditionFailed: // it is another object than the one that was begun
		return f.openObject(ctx, ref, 0, "")
	case http.StatusRequestedRangeNotSatisfiable:
		info, err := b.core.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
		if err != nil {
			return nil, b.failed(err)
		}
		return nothingBehind(from, info.Size), nil
	}
	return nil, b.failed(err)
}

func matching(options *minio.GetObjectOptions, version string) error {
	if version == "" {
		return nil
	}
	return options.SetMatchETag(version)
}
