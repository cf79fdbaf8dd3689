package desktop

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const planted = "pl4nted-s3cret"

// drawer keeps secrets in memory.
type drawer struct {
	store *profile.Store
	mu    sync.Mutex
	kept  map[string]profile.Secrets
	// passphrases are those that seal what is kept.
	passphrases map[string]profile.Secret
}

func (d *drawer) Kept(id string) ([]profile.SecretName, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept[id].Names(), d.passphrases[id] != "", nil
}

func (d *drawer) Forget(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.kept, id)
	return nil
}

func (d *drawer) Open(_ context.Context, p profile.Profile, typed SecretInput) (profile.Secrets, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return typed.Over(d.kept[p.ID]), nil
}

func (d *drawer) Save(_ context.Context, p profile.Profile, base profile.Revision, typed SecretInput) (profile.Revision, []profile.SecretName, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	revision, err := d.store.Save(p, base)
	if err == nil {
		d.kept[p.ID] = typed.Over(d.kept[p.ID])
		d.passphrases[p.ID] = cmp.Or(typed.NewPassphrase, typed.Passphrase)
	}
	return revision, nil, err
}

func (d *drawer) Delete(_ context.Context, id string) error { return d.store.Delete(id) }

// doctorFunc looks at what a test says.
type doctorFunc func(ctx context.Context, access profile.Access, tell func(PartFound))

func (f doctorFunc) Examine(ctx context.Context, access profile.Access, tell func(PartFound)) {
	f(ctx, access, tell)
}

// desk is a window with profiles in a folder of its own.
type desk struct {
	*Profiles
	keeper *drawer
	log    *strings.Builder
	events chan FindingEvent
	opened chan OpenRequest
}

func (d *desk) OpenSandbox(context.Context, func(Progress)) (*Environment, error) {
	return nil, scheduler.Errorf(scheduler.Unavailable, "x.x", "no")
}

func (d *desk) OpenProfile(_ context.Context, req OpenRequest, _ func(Progress)) (*Environment, error) {
	d.opened <- req
	return nil, scheduler.Errorf(scheduler.Unavailable, "postgres.unreachable", "PostgreSQL does not answer.")
}

func (d *desk) OpenArchive(context.Context, string) (*Environment, error) {
	return nil, scheduler.Errorf(scheduler.Invalid, "x.x", "no")
}

func openDesk(t *testing.T, doctor Doctor) *desk {
	t.Helper()
	store, err := profile.OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	keeper := &drawer{store: store, kept: map[string]profile.Secrets{}, passphrases: map[string]profile.Secret{}}
	d := &desk{keeper: keeper, log: &strings.Builder{}, events: make(chan FindingEvent, 100), opened: make(chan OpenRequest, 1)}
	s := NewSession(Config{
		Opener: d, Tick: time.Hour, Log: slog.New(slog.NewTextHandler(d.log, nil)), Profiles: store,
		Secrets: keeper, Doctor: doctor,
		Emit: func(event string, data any) {
			if event == findingEvent {
				d.events <- data.(FindingEvent)
			}
		},
	})
	t.Cleanup(s.Close)
	d.Profiles = NewProfiles(s)
	return d
}

func filled(name string) profile.Profile {
	return profile.Profile{
		Name: name, Kind: profile.Production, Color: profile.Red,
		Postgres:    profile.Postgres{Hosts: []string{"db.example:5432"}, Database: "jobs", User: "satou"},
		Redis:       profile.Redis{Addresses: []string{"cache.example:6379"}},
		SecretsFrom: profile.SecretsFrom{Kind: profile.FromOperator},
	}
}

func TestAProfileIsSavedListedCopiedAndDeleted(t *testing.T) {
	t.Parallel()
	d := openDesk(t, nil)
	saved, err := d.Save(ProfileRequest{Profile: filled("Tokyo"), Secrets: `{"set":{"postgres_password":"` + planted + `"}}`})
	if err != nil || saved.ID != "tokyo" || saved.Revision == "" || len(saved.Problems) != 0 {
		t.Fatalf("%+v, %v", saved, err)
	}
	got, err := d.Get(IDRequest{saved.ID})
	if err != nil || got.Profile.Name != "Tokyo" || !slices.Equal(got.Kept, []string{"postgres_password"}) || got.Revision != saved.Revision {
		t.Errorf("%+v, %v", got, err)
	}
	changed := got.Profile
	changed.Name = "Kyoto"
	again, err := d.Save(ProfileRequest{Profile: changed, Revision: got.Revision, Secrets: `{"remove":["postgres_password"]}`})
	if err != nil || again.ID != "tokyo" || again.Revision == saved.Revision {
		t.Errorf("%+v, %v", again, err)
	}
	if got, err := d.Get(IDRequest{"tokyo"}); err != nil || len(got.Kept) != 0 {
		t.Errorf("after its secret was removed: %+v, %v", got, err)
	}
	if _, err := d.Save(ProfileRequest{Profile: changed, Revision: got.Revision}); Wire(err).Reason != "profile.changed" {
		t.Errorf("over a newer one: %v", err)
	}
	if copied, err := d.Duplicate(NewProfile{ID: "tokyo", Name: "Osaka"}); err != nil || copied.ID != "osaka" {
		t.Errorf("%+v, %v", copied, err)
	}
	if same, err := d.Duplicate(NewProfile{ID: "tokyo", Name: "kyoto"}); err != nil || len(same.Problems) != 1 || same.Problems[0].Field != "name" {
		t.Errorf("a name that is taken: %+v, %v", same, err)
	}
	if err := d.Delete(IDRequest{"tokyo"}); err != nil {
		t.Error(err)
	}
	list, err := d.List()
	if err != nil || len(list.Profiles) != 1 || list.Profiles[0].Name != "Osaka" || list.Profiles[0].Host != "db.example:5432" || list.Profiles[0].LastOpened != "" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestPassphrasesReachTheKeeperAndSecretsAreForgotten(t *testing.T) {
	t.Parallel()
	d := openDesk(t, nil)
	p := filled("Tokyo")
	p.SecretsFrom.Kind = profile.FromPassphrase
	typed := `{"passphrase":"old","newPassphrase":"` + planted + `","set":{"postgres_password":"x"}}`
	if _, err := d.Save(ProfileRequest{Profile: p, Secrets: typed}); err != nil {
		t.Fatal(err)
	}
	if got := d.keeper.passphrases["tokyo"]; got.Reveal() != planted {
		t.Errorf("sealed by %q", got.Reveal())
	}
	if got, err := d.Get(IDRequest{"tokyo"}); err != nil || !got.ByPassphrase || len(got.Kept) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := d.ForgetSecrets(IDRequest{"tokyo"}); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Get(IDRequest{"tokyo"}); err != nil || len(got.Kept) != 0 || got.Profile.Name != "Tokyo" {
		t.Errorf("%+v, %v", got, err)
	}
	if strings.Contains(d.log.String(), planted) {
		t.Errorf("the log has it: %s", d.log)
	}
}

func TestEveryFieldSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	d := openDesk(t, nil)
	bad := filled("x")
	bad.Name, bad.Postgres.Hosts, bad.Redis.Database = "", nil, -1
	saved, err := d.Save(ProfileRequest{Profile: bad})
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, p := range saved.Problems {
		fields = append(fields, p.Field)
	}
	for _, want := range []string{"name", "postgres.hosts", "redis.database"} {
		if !slices.Contains(fields, want) {
			t.Errorf("nothing is wrong with %s: %v", want, fields)
		}
	}
	if list, err := d.List(); err != nil || len(list.Profiles) != 0 {
		t.Errorf("something was written: %+v, %v", list, err)
	}
}

func TestSecretsThatCannotBeReadAreQuotedNowhere(t *testing.T) {
	t.Parallel()
	d := openDesk(t, nil)
	for _, text := range []string{planted, `{"set":{"` + planted + `":"x"}}`, `{"set":{"postgres_password":["` + planted + `"]}}`, `{"remove":["` + planted + `"]}`, `{"` + planted + `":1}`} {
		request := ProfileRequest{Profile: filled("x"), Secrets: text}
		_, saveErr := d.Save(request)
		_, testErr := d.StartTest(request)
		_, openErr := d.Open(OpenProfileRequest{ID: "x", Secrets: text})
		for name, err := range map[string]error{"save": saveErr, "test": testErr, "open": openErr} {
			if Wire(err).Reason != "profile.bad_secrets" && Wire(err).Reason != "profile.no_doctor" || strings.Contains(err.Error(), planted) {
				t.Errorf("%s of %s: %v", name, text, err)
			}
		}
	}
	if strings.Contains(d.log.String(), planted) {
		t.Errorf("the log has it: %s", d.log)
	}
}

func TestAProfileIsTriedOutStepByStepWithWhatIsTyped(t *testing.T) {
	t.Parallel()
	d := openDesk(t, doctorFunc(func(_ context.Context, access profile.Access, tell func(PartFound)) {
		state := "failed"
		if access.Secrets.PostgresPassword.Reveal() == planted && access.Profile.Postgres.SSLMode == "verify-full" {
			state = "ok"
		}
		tell(PartFound{Name: "postgres.login", State: state})
		tell(PartFound{Name: "redis.connect", State: "failed", Err: scheduler.Errorf(scheduler.Unavailable, "redis.unreachable", "No answer.")})
	}))
	test, err := d.StartTest(ProfileRequest{Profile: filled("x"), Secrets: `{"set":{"postgres_password":"` + planted + `"}}`})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for seq := 1; ; seq++ {
		e := <-d.events
		if e.Token != test.Token || e.Seq != seq {
			t.Errorf("%+v comes as number %d", e, seq)
		}
		if e.Over {
			break
		}
		told = append(told, e.Name+" "+e.State)
	}
	if want := []string{"secrets ok", "postgres.login ok", "redis.connect failed"}; !slices.Equal(told, want) {
		t.Errorf("told %v", told)
	}
	if list, _ := d.List(); len(list.Profiles) != 0 {
		t.Error("a test wrote a profile")
	}
}

func TestATestEndsWhenItIsStoppedAndWithItsWindow(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*desk, TokenRequest){
		"stopped": func(d *desk, token TokenRequest) { d.StopTest(token) },
		"closed":  func(d *desk, _ TokenRequest) { d.session.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := make(chan struct{})
			d := openDesk(t, doctorFunc(func(ctx context.Context, _ profile.Access, _ func(PartFound)) { close(begun); <-ctx.Done() }))
			token, err := d.StartTest(ProfileRequest{Profile: filled("x")})
			if err != nil {
				t.Fatal(err)
			}
			<-begun
			stop(d, token)
			for e := range d.events {
				if e.Over {
					return
				}
			}
		})
	}
}

func TestOpeningHandsOverWhatWasTypedAndSaysWhatFailed(t *testing.T) {
	t.Parallel()
	d := openDesk(t, nil)
	if _, err := d.Open(OpenProfileRequest{ID: "tokyo", Secrets: `{"passphrase":"` + planted + `"}`}); err != nil {
		t.Fatal(err)
	}
	if req := <-d.opened; req.ID != "tokyo" || req.Typed.Passphrase.Reveal() != planted {
		t.Errorf("%+v", req)
	}
	d.session.opener.Wait()
	if way := d.session.State().Opening; way == nil || way.ID != "tokyo" || way.Error == nil || way.Error.Reason != "postgres.unreachable" {
		t.Errorf("%+v", way)
	}
	if strings.Contains(d.log.String(), planted) {
		t.Errorf("the log has it: %s", d.log)
	}
}

func TestImportSaysWhatItWouldDoAndExportHoldsNoSecret(t *testing.T) {
	t.Parallel()
	d := openDesk(t, nil)
	file := t.TempDir() + "/out.json"
	d.session.config.ChooseFile = func(_, _, _ string) (string, error) { return file, nil }
	if _, err := d.Save(ProfileRequest{Profile: filled("Tokyo"), Secrets: `{"set":{"postgres_password":"` + planted + `"}}`}); err != nil {
		t.Fatal(err)
	}
	if out, err := d.Export(SuggestProfileRequest{ID: "tokyo"}); err != nil || out.Path != file {
		t.Fatalf("%+v, %v", out, err)
	}
	text := readFile(t, file)
	if strings.Contains(text, planted) {
		t.Errorf("the export has it: %s", text)
	}
	found, err := d.ReadImport(TextRequest{strings.ReplaceAll(text, `"production"`, `"development"`)})
	if err != nil || found.Replaces != "Tokyo" || found.Profile.Kind != profile.Production || !slices.Contains(found.Notes, "kind_kept") {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := d.ReadImport(TextRequest{`{"format":"else"}`}); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("something else: %v", err)
	}
}

func TestAnAddressIsReadIntoFields(t *testing.T) {
	t.Parallel()
	d := openDesk(t, nil)
	got, err := d.ReadPostgresURL(TextRequest{"postgres://satou:" + planted + "@db.example/jobs"})
	if err != nil || got.Password != planted || got.Postgres.User != "satou" || !slices.Equal(got.Postgres.Hosts, []string{"db.example:5432"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := d.ReadRedisURL(TextRequest{planted}); scheduler.CodeOf(err) != scheduler.Invalid || strings.Contains(err.Error(), planted) {
		t.Errorf("%v", err)
	}
}
