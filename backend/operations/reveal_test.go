package operations_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

const secret = "hunter2-and-more"

// masked puts the same secret into everything that the gate masks, and names where it stands.
func (c *cluster) masked() map[operations.Masked]int64 {
	c.Helper()
	document := `{"api_token": "` + secret + `", "day": 3}`
	c.exec("update scheduler_job_definitions set default_args_json = $1 where id = $2", document, c.job)
	run := int64(c.addRun(scheduler.Pending, "", 0))
	if err := node.Migrate(c.Context(), c.pool); err != nil {
		c.Fatal(err)
	}
	c.exec("insert into opsdeck_node.run_args (run_id, args_json) values ($1, $2)", run, document)
	// The nodes' tables came after the gate, which gets its rights to them now.
	if _, err := gate.Install(c.Context(), servertest.Connect(c.T, servertest.Superuser(c.T, c.database)), gate.Options{}); err != nil {
		c.Fatal(err)
	}
	event := value[int64](c, `insert into scheduler_events (event_type, payload_json, created_at) values ('paid', $1, now()) returning id`, document)
	entry := value[int64](c, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
	  values ('django', 'job.update', '1', $1, now()) returning id`, document)
	return map[operations.Masked]int64{
		operations.MaskedJobArgs: c.job, operations.MaskedRunArgs: run, operations.MaskedEvent: event, operations.MaskedAudit: entry,
	}
}

func (c *cluster) reveal(as *operations.Commands, of operations.Masked, id int64) operations.Revealed {
	c.Helper()
	r, err := as.Reveal(c.Context(), operations.RevealRequest{Of: of, ID: id, Reason: "because"})
	if err != nil {
		c.Fatalf("%s: %v", of, err)
	}
	return r
}

// actions are what the audit calls showing a document.
var actions = map[operations.Masked]string{
	operations.MaskedJobArgs: "job.reveal", operations.MaskedRunArgs: "job_run.reveal", operations.MaskedEvent: "event.reveal",
	operations.MaskedAudit: "audit.reveal",
}

func TestWhatIsMaskedIsShownToAdministratorsAndWrittenDown(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	places := c.masked()
	admin := c.as(c.logins.Admin)
	for of, id := range places {
		r := c.reveal(admin, of, id)
		var shown struct {
			Token string `json:"api_token"`
		}
		if err := json.Unmarshal(r.Document, &shown); err != nil || r.Result != operations.Done || shown.Token != secret || r.AuditID == 0 {
			t.Errorf("%s: %+v with %s", of, r.Outcome, r.Document)
		}
		c.wantAudit(r.ID, actions[of])
		kept := value[string](c, "select concat_ws(' ', actor, payload_json) from scheduler_admin_action_logs where id = $1", r.AuditID)
		if !strings.HasPrefix(kept, "admin ") || !strings.Contains(kept, "because") || strings.Contains(kept, secret) {
			t.Errorf("%s: the audit keeps %s", of, kept)
		}
	}
}

func TestWhatIsMaskedStaysMaskedForEverybodyElse(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	places := c.masked()
	for who, login := range map[string]string{"operator": c.logins.Operator, "viewer": c.logins.Viewer} {
		commands := c.as(login)
		for of, id := range places {
			r := c.reveal(commands, of, id)
			if r.Document != nil {
				t.Errorf("%s was shown %s: %s", who, of, r.Document)
			}
			c.want(r.Outcome, operations.Refused, "right.missing")
			c.wantAudit(r.ID, actions[of]+".refused")
		}
	}
}

func TestShowingWhatIsMaskedWantsAReasonAndSomethingThere(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	admin := c.as(c.logins.Admin)
	for name, test := range map[string]struct {
		request operations.RevealRequest
		reason  string
	}{
		"no reason": {operations.RevealRequest{Of: operations.MaskedEvent, ID: 1}, "operation.no_reason"},
		"no kind":   {operations.RevealRequest{Of: "worker", ID: 1, Reason: "r"}, "reveal.bad_kind"},
	} {
		if _, err := admin.Reveal(t.Context(), test.request); reasonOf(err) != test.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := c.reveal(admin, operations.MaskedJobArgs, 424242)
	c.want(r.Outcome, operations.Stale, "row.missing")
}

func TestALockedEnvironmentLetsWhatIsMaskedBeShown(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	places := c.masked()
	c.Commands = c.as(c.logins.Admin)
	c.under("production")
	r := c.reveal(c.Commands, operations.MaskedEvent, places[operations.MaskedEvent])
	if c.want(r.Outcome, operations.Done, ""); !c.Locked() || !strings.Contains(string(r.Document), secret) {
		t.Errorf("locked %t: %s", c.Locked(), r.Document)
	}
}
