// Package logs reads the logs that lie outside of the database: at http(s) addresses and in S3-compatible storage.
//
// A log reference is written by workers and may say anything. Only what the environment's profile allows is opened: an address
// whose scheme, host, port and path lie within an allowed origin, or an object of the profile's bucket below its prefix.
package logs
