// Package redisstore answers the console's question about the live cluster from Redis: which workers are there, what
// they say of themselves, and who leads. It only reads, with commands that a viewer's ACL allows.
package redisstore
