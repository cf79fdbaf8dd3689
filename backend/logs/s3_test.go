package logs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/logs"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// storage is a server with the object job-logs/w-1/jobrun_7.log, and what a profile says of it.
func storage(t *testing.T) (*servertest.S3Server, logs.S3) {
	t.Helper()
	server := servertest.S3(t)
	for name, content := range map[string]string{"job-logs/w-1/jobrun_7.log": "first\nsecond\n", "other/secret": "secret"} {
		file := filepath.Join(server.Dir, servertest.S3Bucket, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return server, logs.S3{
		Endpoint: "http://" + server.Address, Region: servertest.S3Region, Bucket: servertest.S3Bucket, Prefix: "job-logs",
		Credentials: logs.StaticKeys, AccessKey: servertest.S3AccessKey, SecretKey: servertest.S3SecretKey,
	}
}

const stored = "s3://" + servertest.S3Bucket + "/job-logs/w-1/jobrun_7.log"

func TestObjectsAreRead(t *testing.T) {
	t.Parallel()
	server, config := storage(t)
	files := open(t, logs.Config{S3: config})
	for from, want := range map[int64]string{0: "first\nsecond\n", 6: "second\n", 13: "", 99: ""} {
		if got, _, err := read(t, files, stored, from); err != nil || got != want {
			t.Errorf("from %d: %q, %v", from, got, err)
		}
	}
	for ref, want := range map[string]string{
		"s3://logs/job-logs/none":            "log.not_found",
		"s3://other/job-logs/w-1":            "log.bucket_refused",
		"s3://logs/other/secret":             "log.bucket_refused",
		"s3://logs/job-logs-evil/secret":     "log.bucket_refused",
		"s3://logs/job-logs/../other/secret": "log.bad_address",
		"s3://logs/":                         "log.bad_address",
		"s3://":                              "log.bad_address",
		"S3://logs/job-logs//x":              "log.bad_address",
	} {
		if _, _, err := read(t, files, ref, 0); reasonOf(err) != want {
			t.Errorf("%s: %v, want %s", ref, err, want)
		}
	}
	server.Stop()
	if _, _, err := read(t, files, stored, 0); reasonOf(err) != "log.unreachable" {
		t.Errorf("%v", err)
	}
	server.Start()
	if _, _, err := read(t, files, stored, 0); err != nil {
		t.Errorf("the server is back, and %v", err)
	}
}

func TestStorageMustBeNamed(t *testing.T) {
	t.Parallel()
	if _, _, err := read(t, open(t, logs.Config{}), stored, 0); reasonOf(err) != "log.no_storage" {
		t.Errorf("%v", err)
	}
	for _, endpoint := range []string{"", "s3.example.com", "ftp://s3.example.com", "https://u:p@s3.example.com"} {
		if _, err := logs.New(logs.Config{S3: logs.S3{Bucket: "logs", Endpoint: endpoint}}); reasonOf(err) != "log.bad_endpoint" {
			t.Errorf("%q is an endpoint: %v", endpoint, err)
		}
	}
}

// The first provider's storage has the bucket's name in the host, and every other one's in the path, unless the profile says so.
func TestTheBucketIsInTheHostOrInThePath(t *testing.T) {
	t.Parallel()
	server, config := storage(t)
	var dialled atomic.Value
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		dialled.Store(address)
		return (&net.Dialer{}).DialContext(ctx, network, server.Address)
	}
	for _, c := range []struct {
		endpoint  string
		pathStyle bool
		dialled   string
	}{
		{"http://s3." + servertest.S3Region + ".amazonaws.com", false, servertest.S3Bucket + "." + servertest.S3VirtualHost + ":80"},
		{"http://s3." + servertest.S3Region + ".amazonaws.com", true, servertest.S3VirtualHost + ":80"},
		{"http://s3.example.com:9000", false, "s3.example.com:9000"},
		{"http://s3.example.com:9000", true, "s3.example.com:9000"},
	} {
		config.Endpoint, config.PathStyle = c.endpoint, c.pathStyle
		files := open(t, logs.Config{S3: config, Dial: dial})
		if got, _, err := read(t, files, stored, 6); err != nil || got != "second\n" || dialled.Load() != c.dialled {
			t.Errorf("%+v: %q, %v, dialled %v", c, got, err, dialled.Load())
		}
	}
}

func TestWhatStorageRefusesIsToldApart(t *testing.T) {
	t.Parallel()
	_, config := storage(t)
	config.Region = "eu-west-1"
	_, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0)
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "log.wrong_region" || e.Args["wanted"] != servertest.S3Region {
		t.Errorf("another region, of a real server: %v", err)
	}
	config.Region, config.Bucket = servertest.S3Region, "none"
	if _, _, err := read(t, open(t, logs.Config{S3: config}), "s3://none/job-logs/a", 0); reasonOf(err) != "log.no_bucket" {
		t.Errorf("another bucket: %v", err)
	}
	for _, c := range []struct {
		status     int
		code, want string
	}{
		{403, "AccessDenied", "log.keys_refused"}, {403, "InvalidAccessKeyId", "log.keys_refused"}, {403, "AllAccessDisabled", "log.keys_refused"},
		{400, "ExpiredToken", "log.keys_expired"}, {400, "InvalidToken", "log.keys_refused"}, {403, "RequestTimeTooSkewed", "log.clock_wrong"},
		{404, "NoSuchKey", "log.not_found"}, {404, "NoSuchBucket", "log.no_bucket"},
		{301, "PermanentRedirect", "log.wrong_region"}, {307, "TemporaryRedirect", "log.wrong_region"}, {400, "AuthorizationHeaderMalformed", "log.wrong_region"},
		{503, "SlowDown", "log.status"}, {500, "InternalError", "log.status"},
	} {
		var elsewhere atomic.Int32
		stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
		t.Cleanup(stranger.Close)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", stranger.URL)
			w.WriteHeader(c.status)
			_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message><Region>eu-west-1</Region></Error>", c.code)
		}))
		t.Cleanup(server.Close)
		config.Endpoint, config.Bucket = server.URL, servertest.S3Bucket
		if _, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0); reasonOf(err) != c.want || elsewhere.Load() > 0 {
			t.Errorf("%d %s: %v, want %s; %d requests went elsewhere", c.status, c.code, err, c.want, elsewhere.Load())
		}
	}
}

func TestAnObjectIsReadOnIfItIsTheSame(t *testing.T) {
	t.Parallel()
	server, config := storage(t)
	client, err := minio.New(server.Address, &minio.Options{
		Creds: credentials.NewStaticV4(servertest.S3AccessKey, servertest.S3SecretKey, ""), Region: servertest.S3Region,
	})
	if err != nil {
		t.Fatal(err)
	}
	put := func(text string) {
		if _, err := client.PutObject(t.Context(), servertest.S3Bucket, "job-logs/a", strings.NewReader(text), int64(len(text)), minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	files := open(t, logs.Config{S3: config})
	look := func(from int64, version string) (*console.LogFile, string) {
		file, err := files.OpenLog(t.Context(), "s3://logs/job-logs/a", from, version)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err := errors.Join(err, file.Close()); err != nil {
			t.Fatal(err)
		}
		return file, string(text)
	}
	put("first\nsecond\n")
	whole, _ := look(0, "")
	if rest, text := look(6, whole.Version); whole.Version == "" || rest.From != 6 || rest.Size != 13 || text != "second\n" {
		t.Errorf("the same: %+v, %q", rest, text)
	}
	if rest, text := look(13, whole.Version); rest.From != 13 || rest.Size != 13 || text != "" {
		t.Errorf("its end: %+v, %q", rest, text)
	}
	put("other\nobject\n")
	if rest, text := look(6, whole.Version); rest.From != 0 || text != "other\nobject\n" {
		t.Errorf("another: %+v, %q", rest, text)
	}
	if rest, _ := look(99, ""); rest.Size != 13 {
		t.Errorf("beyond its end: %+v", rest)
	}
}
