package operations

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// OperationID names one intent of an operator, as a UUID. The gate does the same one once, however often it is asked.
type OperationID string

// NewID makes a random id.
func NewID() OperationID {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return format(b, 4)
}

// item derives the id of one part of a larger operation: the same part gets the same id again.
func (id OperationID) item(name string) OperationID {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + name))
	return format([16]byte(sum[:16]), 8)
}

func format(b [16]byte, version byte) OperationID {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	text := hex.EncodeToString(b[:])
	return OperationID(text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:])
}
