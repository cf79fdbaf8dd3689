package logs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/logs"
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

func TestKeysAreTakenFromWhereTheProfileSays(t *testing.T) {
	_, config := storage(t)
	shared := filepath.Join(t.TempDir(), "credentials")
	text := "[ops]\naws_access_key_id = " + servertest.S3AccessKey + "\naws_secret_access_key = " + servertest.S3SecretKey + "\n"
	if err := os.WriteFile(shared, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", shared)
	config.AccessKey, config.SecretKey = "", ""
	config.Credentials, config.Profile = logs.SharedProfile, "ops"
	if got, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0); err != nil || !strings.HasPrefix(got, "first") {
		t.Errorf("by the shared file: %q, %v", got, err)
	}
	config.Credentials, config.AccessKey, config.SecretKey = logs.StaticKeys, servertest.S3AccessKey, "wrong-secret-key"
	_, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0)
	if reasonOf(err) != "log.keys_refused" || strings.Contains(err.Error(), "wrong-secret-key") {
		t.Errorf("with a wrong key: %v", err)
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
