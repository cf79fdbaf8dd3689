package console

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Seal is one digest over how far every chain of the audit was at a moment. Whoever keeps a seal elsewhere notices when
// rows before it are gone or changed.
type Seal struct {
	Number int64
	At     time.Time
	By     string
	Digest string // hexadecimal
}

// AuditChain is how the audit is guarded.
type AuditChain struct {
	Installed bool  // the gate puts every row on a chain
	Complete  bool  // and its installation was finished: the table is the gate's
	Seal      *Seal // the newest; nil where there is none yet
}

// AuditVerdict is what a verification found.
type AuditVerdict struct {
	OK      bool
	Checked int64  // rows
	Problem string // seal.missing, seal.changed, chain.gap, chain.cut, row.missing, row.changed, row.unchained, install.unfinished
	AuditID int64  // the first row that does not fit; 0 where it is none
	Login   string // the chain that it is on
	Actor   string
	Place   int64 // on that chain
	Seal    Seal  // the newest, its number and digest alone
	Full    bool  // from the beginning on, not only from the pinned seal
	AsOf    time.Time
}

// VerifyTime is how long a verification may take. What takes longer is for opsctl.
const VerifyTime = 50 * time.Second

// AuditChain tells how the audit is guarded.
func (c *Console) AuditChain(ctx context.Context) (AuditChain, error) {
	return c.ports.Audit.AuditChain(ctx)
}

// VerifyAudit looks whether every row of the audit is as it was written, from a seal on that somebody has seen before, or
// from the beginning on where seen is nil.
func (c *Console) VerifyAudit(ctx context.Context, seen *Seal) (AuditVerdict, error) {
	chain, err := c.ports.Audit.AuditChain(ctx)
	if err != nil {
		return AuditVerdict{}, err
	}
	if !chain.Installed {
		return AuditVerdict{}, scheduler.Errorf(scheduler.NotFound, "audit.no_chain",
			"This database has no gate, so nothing proves the audit. Its administrator can run “opsctl install”.")
	}
	verdict, err := c.ports.Audit.VerifyAudit(ctx, seen)
	verdict.Full, verdict.AsOf = seen == nil, c.now()
	return verdict, err
}
