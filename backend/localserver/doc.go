// Package localserver finds PostgreSQL and Redis on this machine and runs private servers of them: no network port, a
// Unix socket and a generated password, everything in one folder. The sandbox and every test stand on it.
//
// A server ends with its process: stopped by Stop, by the kernel when the process is killed (Linux), or by the next
// start in the same folder, which first ends what a crashed run left there.
package localserver
