// Package gate installs what makes PostgreSQL itself the judge of who may operate a scheduler: roles, a schema of functions
// that are the only way to write, masked views, and an audit trail that shows when somebody has tampered with it. It adds no
// column to a scheduler's table; the one table it takes over is the audit's, which it can give back.
//
// The SQL lies in sql/, one file a topic, as templates of names. roles, schema and migrations make what is kept; the files in
// code/ and grants.sql are repeated at every upgrade. Nothing here is imported by the console: it meets the gate as SQL
// functions.
package gate
