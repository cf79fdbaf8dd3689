// Package operations is what an operator may do to a cluster: one file an operation, which is why it has more files than
// other packages. Asking is the console's part.
//
// Every operation goes the same way. Plan computes a [Preview]: what is touched, which way the cluster's abilities allow,
// how dangerous it is and whether it can be taken back. Perform looks again and does nothing if what the preview rests on
// has changed. Then the database's gate decides, because only the server that owns the data can: an operation that stays
// in PostgreSQL is one function of the gate. One that leaves it (Redis, a worker) is written down first, then done, then
// looked at, then written down as succeeded, failed or unknown. An answer that was lost is unknown, never failed.
package operations
