package logs_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/logs"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// machine is what a cloud answers a machine of its own with, as the providers' documents have it: version 2 of the
// instance's service, the container's, and the exchange of a signed identity.
type machine struct {
	expires time.Time
	session string // goes with the keys; the S3 server has none and takes none
	broken  string // what is answered instead of the keys; "" = nothing
	asked   atomic.Int32
	refused atomic.Int32 // questions that lacked what proves who asks
}

func (m *machine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.asked.Add(1)
	proof := map[string]bool{
		"/latest/api/token":                                   r.Method == http.MethodPut && r.Header.Get("X-aws-ec2-metadata-token-ttl-seconds") != "",
		"/latest/meta-data/iam/security-credentials/":         r.Header.Get("X-aws-ec2-metadata-token") == "for a while",
		"/latest/meta-data/iam/security-credentials/log-role": r.Header.Get("X-aws-ec2-metadata-token") == "for a while",
		"/container": r.Header.Get("Authorization") == "who I am",
		"/":          r.Method == http.MethodPost && r.FormValue("WebIdentityToken") == "who I am" && r.FormValue("RoleArn") == "arn:role",
	}
	switch {
	case !proof[r.URL.Path]:
		m.refused.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
	case m.broken != "":
		_, _ = io.WriteString(w, m.broken)
	case r.URL.Path == "/latest/api/token":
		_, _ = io.WriteString(w, "for a while")
	case strings.HasSuffix(r.URL.Path, "/security-credentials/"):
		_, _ = io.WriteString(w, "log-role")
	case r.URL.Path == "/":
		_, _ = fmt.Fprintf(w, `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
			<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>
			</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
			servertest.S3AccessKey, servertest.S3SecretKey, m.session, m.expires.Format(time.RFC3339))
	default:
		_ = json.NewEncoder(w).Encode(map[string]string{
			"Code": "Success", "AccessKeyId": servertest.S3AccessKey, "SecretAccessKey": servertest.S3SecretKey, "Token": m.session,
			"Expiration": m.expires.Format(time.RFC3339),
		})
	}
}

// onMachine lets what asks for a machine's own rights find this one, and no files of the account that runs the test.
func onMachine(t *testing.T, m *machine) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	nowhere := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_EC2_METADATA_SERVICE_ENDPOINT": server.URL + "/", "AWS_SHARED_CREDENTIALS_FILE": nowhere, "AWS_CONFIG_FILE": nowhere,
		"AWS_WEB_IDENTITY_TOKEN_FILE": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "",
		"AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	return server
}

func TestAMachinesOwnRightsAreFound(t *testing.T) {
	_, config := storage(t)
	config.Credentials, config.AccessKey, config.SecretKey = logs.OfInstance, "", ""
	identity := filepath.Join(t.TempDir(), "identity")
	if err := os.WriteFile(identity, []byte("who I am"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, environment := range map[string]func(url string) map[string]string{
		"an instance": func(string) map[string]string { return nil },
		"a container": func(url string) map[string]string {
			return map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/container", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "who I am"}
		},
		"a pod": func(url string) map[string]string {
			return map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/container", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": identity}
		},
		"a signed identity": func(url string) map[string]string {
			return map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": identity, "AWS_ROLE_ARN": "arn:role", "AWS_ENDPOINT_URL_STS": url}
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := &machine{expires: time.Now().Add(time.Hour)}
			server := onMachine(t, m)
			for key, value := range environment(server.URL) {
				t.Setenv(key, value)
			}
			files := open(t, logs.Config{S3: config})
			if n := m.asked.Load(); n > 0 {
				t.Errorf("asked %d times before anything was read", n)
			}
			var asked int32
			for range 3 {
				if got, _, err := read(t, files, stored, 0); err != nil || got != "first\nsecond\n" {
					t.Fatalf("%q, %v", got, err)
				}
				if asked == 0 {
					asked = m.asked.Load()
				}
			}
			if now := m.asked.Load(); now != asked || m.refused.Load() > 0 {
				t.Errorf("asked %d times for the first log and %d for three, %d without proof", asked, now, m.refused.Load())
			}
		})
	}
}

func TestAMachinesRightsAreRenewed(t *testing.T) {
	_, config := storage(t)
	config.Credentials = logs.OfInstance
	m := &machine{expires: time.Now().Add(-time.Second)}
	onMachine(t, m)
	files := open(t, logs.Config{S3: config})
	for want := int32(3); want <= 9; want += 3 {
		if _, _, err := read(t, files, stored, 0); err != nil || m.asked.Load() != want {
			t.Errorf("%v, asked %d times, want %d", err, m.asked.Load(), want)
		}
	}
}

func TestAMachinesKeysGoWithTheirSession(t *testing.T) {
	m := &machine{expires: time.Now().Add(time.Hour), session: "of this hour"}
	onMachine(t, m)
	var told http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told = r.Header
		http.ServeContent(w, r, "", time.Now(), strings.NewReader("text"))
	}))
	t.Cleanup(server.Close)
	config := logs.S3{Endpoint: server.URL, Region: servertest.S3Region, Bucket: servertest.S3Bucket, Credentials: logs.OfInstance}
	if got, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0); err != nil || got != "text" {
		t.Fatalf("%q, %v", got, err)
	}
	if told.Get("X-Amz-Security-Token") != m.session || !strings.Contains(told.Get("Authorization"), "x-amz-security-token") {
		t.Errorf("%v", told)
	}
}

func TestAMachineWithoutRightsIsNamedAsSuch(t *testing.T) {
	_, config := storage(t)
	config.Credentials = logs.OfInstance
	for name, broken := range map[string]string{
		"a page of a portal": "<html>log in", "a refusal": `{"Code":"AssumeRoleUnauthorizedAccess","Message":"no"}`,
		"no keys": `{"Code":"Success","AccessKeyId":"only this"}`,
	} {
		m := &machine{broken: broken}
		onMachine(t, m)
		if _, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0); reasonOf(err) != "log.no_instance_keys" || m.asked.Load() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	onMachine(t, &machine{}).Close()
	if _, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0); reasonOf(err) != "log.no_instance_keys" {
		t.Errorf("nobody answers: %v", err)
	}
}

// Whoever names keys of their own doesn't ask the machine for its, not even when theirs fail.
func TestTheMachineIsAskedOnlyWhereTheProfileSaysSo(t *testing.T) {
	_, config := storage(t)
	m := &machine{expires: time.Now().Add(time.Hour)}
	onMachine(t, m)
	for _, rights := range []logs.Credentials{logs.StaticKeys, logs.SharedProfile, ""} {
		for _, secret := range []string{"", "wrong-secret-key"} {
			config.Credentials, config.SecretKey = rights, secret
			_, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0)
			if err == nil || secret != "" && strings.Contains(err.Error(), secret) {
				t.Errorf("%q keys, secret %q: %v", rights, secret, err)
			}
		}
	}
	if n := m.asked.Load(); n > 0 {
		t.Errorf("the machine was asked %d times", n)
	}
}

func TestAProfileOfTheAWSFilesGivesItsKeys(t *testing.T) {
	_, config := storage(t)
	config.Credentials, config.AccessKey, config.SecretKey = logs.SharedProfile, "", ""
	const pair = "aws_access_key_id = " + servertest.S3AccessKey + "\naws_secret_access_key = " + servertest.S3SecretKey + "\n"
	for _, c := range []struct{ name, profile, variable, file, want string }{
		{name: "by name", profile: "ops", file: "[ops]\n" + pair},
		{name: "by the environment", variable: "ops", file: "[default]\naws_access_key_id = a\naws_secret_access_key = b\n[ops]\n" + pair},
		{name: "the default", file: "[default]\n" + pair},
		{name: "an unknown one", profile: "dev", file: "[ops]\n" + pair, want: "log.no_profile"},
		{name: "no file", want: "log.no_profile"},
		{name: "half a pair", profile: "ops", file: "[ops]\naws_secret_access_key = planted-secret\n", want: "log.profile_unreadable"},
		{name: "no key", profile: "ops", file: "[ops]\nregion = x\n", want: "log.profile_unreadable"},
		{name: "not a file of profiles", profile: "ops", file: "[ops]\nplanted-secret\n", want: "log.profile_unreadable"},
		{name: "a login that is over", profile: "ops", file: "[ops]\nsso_start_url = https://planted-secret\nsso_role_name = r\nsso_account_id = 1\n", want: "log.profile_login"},
		{name: "a program that fails", profile: "ops", file: "[ops]\ncredential_process = /bin/false planted-secret\n", want: "log.profile_unreadable"},
		{name: "a login without a role", profile: "ops", file: "[ops]\nsso_start_url = https://planted-secret\n", want: "log.profile_unreadable"},
		{name: "a program that is gone", profile: "ops", file: "[ops]\ncredential_process = /none planted-secret\n", want: "log.profile_unreadable"},
		{name: "wrong keys", profile: "ops", file: "[ops]\naws_access_key_id = test-access\naws_secret_access_key = planted-secret\n", want: "log.keys_refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onMachine(t, &machine{})
			t.Setenv("HOME", t.TempDir())
			if c.file != "" {
				path := filepath.Join(t.TempDir(), "credentials")
				if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
				t.Setenv("AWS_SHARED_CREDENTIALS_FILE", path)
			}
			t.Setenv("AWS_PROFILE", c.variable)
			config.Profile = c.profile
			got, _, err := read(t, open(t, logs.Config{S3: config}), stored, 0)
			if c.want == "" && (err != nil || got != "first\nsecond\n") || c.want != "" && reasonOf(err) != c.want {
				t.Errorf("%q, %v, want %q", got, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "planted-secret") {
				t.Errorf("the error tells what the file holds: %v", err)
			}
		})
	}
}
