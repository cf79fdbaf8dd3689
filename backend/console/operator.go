package console

import "context"

// Operator is whom the database takes the operator for. Without the gate installed that is the database login alone,
// and the console only reads.
type Operator struct {
	Login    string // the database login
	Database string
	ReadOnly bool // nothing can be changed from here: the login has no right to operate, or the gate is missing

	Gate     bool   // the gate is installed
	Username string // of the Django user that the gate maps the login to; "" = none
	Inactive bool   // that user is deactivated: Django gives it no rights, whatever the database still lets its login read
	Rights   Rights
}

// Rights are what the gate lets an operator do. Each holds the ones before it.
type Rights struct {
	View    bool
	Operate bool
	Admin   bool
}

// Operator tells who is connected.
func (c *Console) Operator(ctx context.Context) (Operator, error) {
	return c.ports.Identity.Operator(ctx)
}
