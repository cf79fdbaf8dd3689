package archive

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Operator is whoever exported the archive. Nobody may do anything in it.
func (m moment) Operator(context.Context) (console.Operator, error) {
	return console.Operator{
		Login: m.facts.Login, Database: m.facts.Database, Username: m.facts.Operator, Gate: m.facts.Gate, ReadOnly: true, Rights: console.Rights{View: true},
	}, nil
}
