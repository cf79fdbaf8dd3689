// Package workerrpc asks the workers of one environment over gRPC. Connections are kept, bounded in number, and
// authenticated both ways.
package workerrpc
