package archive

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
)

const (
	// partSize bounds the memory that an upload takes.
	partSize = 16 << 20
	// answerTimeout bounds the wait for a server that takes everything and says nothing.
	answerTimeout = time.Minute
)

// bucket is where logs go.
type bucket struct {
	client    *minio.Client
	transport *http.Transport
	name      string
	prefix    string
}

// open checks the configuration. Nothing is sent yet.
func open(a settings.Archive) (*bucket, error) {
	endpoint, err := url.Parse(a.Endpoint)
	if err != nil {
		return nil, err
	}
	transport, err := minio.DefaultTransport(endpoint.Scheme == "https")
	if err != nil {
		return nil, err
	}
	transport.ResponseHeaderTimeout = answerTimeout
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(a.AccessKeyID, a.SecretAccessKey, ""),
		Secure: endpoint.Scheme == "https", Region: a.Region, Transport: transport, MaxRetries: 1,
	})
	if err != nil {
		return nil, err
	}
	return &bucket{client: client, transport: transport, name: a.Bucket, prefix: a.Prefix}, nil
}

func (b *bucket) close() { b.transport.CloseIdleConnections() }

// put uploads and makes sure that the object is there. The server checks every part against its MD5; afterwards it is
// asked what it has.
func (b *bucket) put(ctx context.Context, name string, size int64, text io.Reader) (logRef string, err error) {
	sent, err := b.client.PutObject(ctx, b.name, name, text, size, minio.PutObjectOptions{
		ContentType: "text/plain; charset=utf-8", SendContentMd5: true, PartSize: partSize, NumThreads: 1,
	})
	if err != nil {
		return "", err
	}
	found, err := b.client.StatObject(ctx, b.name, name, minio.StatObjectOptions{})
	if err != nil {
		return "", err
	}
	if found.Size != size || found.ETag != sent.ETag {
		return "", fmt.Errorf("s3://%s/%s has %d bytes and tag %s, sent were %d bytes and tag %s", b.name, name,
			found.Size, found.ETag, size, sent.ETag)
	}
	return "s3://" + b.name + "/" + name, nil
}
