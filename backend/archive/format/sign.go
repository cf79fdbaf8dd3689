package format

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest is a part's, with its name.
type Digest struct {
	Part   string
	Rows   int64
	Digest []byte
}

// Signed is what a signature is over: the digests of all parts, in the order of Parts, and who signs when.
func Signed(version int, digests []Digest, signer string, at int64) []byte {
	text := fmt.Sprintf("opsdeck archive %d\nsigner %q at %d\n", version, signer, at)
	for _, d := range digests {
		text += fmt.Sprintf("%s %d %x\n", d.Part, d.Rows, d.Digest)
	}
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// Identity is what an archive is known by, wherever it lies and whoever has signed it: links name it. It is as trustworthy as the
// digests, which whoever changes an archive can leave as they are.
func Identity(digests []Digest) string {
	sum := sha256.New()
	for _, d := range digests {
		fmt.Fprintf(sum, "%s %d %x\n", d.Part, d.Rows, d.Digest)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Fingerprint is what people compare of a public key: the SHA-256 of it, in groups of four characters.
func Fingerprint(publicKey []byte) string {
	sum := sha256.Sum256(publicKey)
	text, digits := "", hex.EncodeToString(sum[:16])
	for i := 0; i < len(digits); i += 4 {
		if i > 0 {
			text += " "
		}
		text += digits[i : i+4]
	}
	return text
}
