package logs

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
)

// part is what a server says of what it sends.
type part struct {
	from, size int64 // size is the whole log's; -1 = not known
	version    string
	grows      bool
}

func (p part) file(from io.ReadCloser) *console.LogFile {
	return &console.LogFile{ReadCloser: from, From: p.from, Size: p.size, Version: p.version, Grows: p.grows}
}

// versionOf names what a server sent as If-Range wants it: only by what differs whenever a byte does.
func versionOf(header http.Header) string {
	if tag := header.Get("ETag"); strings.HasPrefix(tag, `"`) {
		return tag
	}
	changed, err := http.ParseTime(header.Get("Last-Modified"))
	sent, failed := http.ParseTime(header.Get("Date"))
	if err != nil || failed != nil || sent.Sub(changed) < time.Second {
		return ""
	}
	return header.Get("Last-Modified")
}

// partAsked tells whether a part is the one that was asked for, of the same log as it lies there and not as it was packed for the
// way, and the size of the whole; -1 = not known.
func partAsked(response *http.Response, from int64, version string) (size int64, asked bool) {
	told := response.Header.Get("Content-Range")
	var begin, end int64
	if n, _ := fmt.Sscanf(told, "bytes %d-%d/%d", &begin, &end, &size); n < 3 { // the errors say no more than n
		size = -1
		if n < 2 || !strings.HasSuffix(told, "/*") {
			return 0, false
		}
	}
	packed, now := response.Header.Get("Content-Encoding"), versionOf(response.Header)
	return size, begin == from && begin <= end && (size < 0 || end < size) &&
		(packed == "" || strings.EqualFold(packed, "identity")) &&
		(version == "" || now == "" || version == now)
}

// nothingBehind is a log of which there is nothing behind a place.
func nothingBehind(from, size int64) *console.LogFile {
	return &console.LogFile{ReadCloser: http.NoBody, From: from, Size: size, Grows: true}
}
