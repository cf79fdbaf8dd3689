package expect

import (
	"archive/zip"
	"io"
	"testing"
)

// Unzipped gives what the files of an archive hold, by their names.
func Unzipped(t testing.TB, archive *zip.Reader) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, file := range archive.File {
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		found[file.Name] = string(text)
	}
	return found
}
