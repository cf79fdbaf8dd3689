package cli_test

import (
	"path/filepath"
	"testing"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestAnExportTakesWhatWasRecordedOfItsProfile(t *testing.T) {
	folder, url, cache := t.TempDir(), servertest.Database(t), servertest.Redis(t)
	t.Setenv("OPSDECK_CONFIG_DIR", filepath.Join(folder, "config"))
	t.Setenv("XDG_DATA_HOME", filepath.Join(folder, "data"))
	t.Setenv("OPSDECK_PASSPHRASE_FILE", file(t, "a passphrase of the test's\n"))
	keepProfile(t, filepath.Join(folder, "config"), url, cache)
	addWorker(t, cache)
	samplesIn := func(name string) int64 {
		t.Helper()
		path := filepath.Join(folder, name)
		if _, told, err := opsctl(t, nil, "export", "--profile", "nightly", path); err != nil {
			t.Fatalf("%v %s", err, told)
		}
		a, err := archive.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		return a.Facts().Rows["sample"]
	}
	if n := samplesIn("before.opsdeck"); n != 0 {
		t.Errorf("nothing was recorded, and yet there are %d samples", n)
	}
	recordOnce(t, "--profile", "nightly")
	if n := samplesIn("after.opsdeck"); n == 0 {
		t.Error("the samples were left behind")
	}
}

func keepProfile(t *testing.T, folder, url, cache string) {
	t.Helper()
	store, err := profile.OpenStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Profile{
		ID: "nightly", Name: "Nightly", Kind: profile.Staging, Workers: profile.Workers{Mode: profile.NoCalls}, SecretsFrom: profile.SecretsFrom{Kind: profile.FromPassphrase},
	}
	var own profile.Secrets
	if p.Postgres, own.PostgresPassword, err = profile.ParsePostgresURL(url); err != nil {
		t.Fatal(err)
	}
	if p.Redis, own.RedisPassword, err = profile.ParseRedisURL(cache); err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.New(store).Save(t.Context(), p, "", secrets.Change{Set: own, Passphrase: "a passphrase of the test's"}); err != nil {
		t.Fatal(err)
	}
}

func TestAnExportTakesTheSamplesOfAFile(t *testing.T) {
	t.Parallel()
	folder, url, cache := t.TempDir(), file(t, servertest.Database(t)), servertest.Redis(t)
	addWorker(t, cache)
	samples, path := filepath.Join(folder, "cluster.samples"), filepath.Join(folder, "a.opsdeck")
	if _, _, err := opsctl(t, nil, "export", "--postgres-url-file", url, "--samples", samples, path); err == nil {
		t.Error("a file that isn't there was taken")
	}
	recordOnce(t, "--file", samples, "--postgres-url-file", url, "--redis-url-file", file(t, cache))
	if _, told, err := opsctl(t, nil, "export", "--postgres-url-file", url, "--samples", samples, path); err != nil {
		t.Fatalf("%v %s", err, told)
	}
	a, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if a.Facts().Rows["sample"] == 0 {
		t.Error("the samples were left behind")
	}
}
