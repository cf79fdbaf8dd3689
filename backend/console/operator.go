package console

import "context"

// Operator is whom the database takes the operator for. Without the gate installed that is the database login alone,
// and the console only reads.
type Operator struct {
	Login    string // the database login
	Database string
	ReadOnly bool // the login can't write any scheduler table
}

// Operator tells who is connected.
func (c *Console) Operator(ctx context.Context) (Operator, error) {
	return c.ports.Identity.Operator(ctx)
}
