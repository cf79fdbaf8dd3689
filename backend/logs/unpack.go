package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxWindow bounds the memory that a zstd log may ask for.
const maxWindow = 32 << 20

// unpacked gives a log's text, whatever it was packed with. How much a small file may become is its reader's to bound: no step of
// unpacking makes more than is asked for.
func unpacked(b *body, p part) (*console.LogFile, error) {
	if p.from > 0 {
		return p.file(b), nil
	}
	buffered := bufio.NewReader(b)
	head, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(err, b.Close())
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		reader, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, errors.Join(b.unreadable(err), b.Close())
		}
		return &console.LogFile{ReadCloser: packed{reader, b}, Size: -1}, nil
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		decoder, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, errors.Join(b.unreadable(err), b.Close())
		}
		return &console.LogFile{ReadCloser: packed{decoder.IOReadCloser(), b}, Size: -1}, nil
	}
	return p.file(plain{buffered, b}), nil
}

type plain struct {
	io.Reader
	io.Closer
}

// packed is a log that is unpacked as it is read.
type packed struct {
	io.ReadCloser
	body *body
}

func (p packed) Read(into []byte) (int, error) {
	n, err := p.ReadCloser.Read(into)
	if err != nil && !errors.Is(err, io.EOF) {
		err = p.body.unreadable(err)
	}
	return n, err
}

func (p packed) Close() error {
	_ = p.ReadCloser.Close() // Read has told what was wrong
	return p.body.Close()
}

// unreadable keeps a failure to read apart from what can't be unpacked.
func (b *body) unreadable(err error) error {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e
	}
	return scheduler.Errorf(scheduler.Unavailable, "log.packed_badly", "The log from %s is packed and can't be unpacked: it is damaged or cut off.", b.host).
		With("host", b.host).Because(err)
}
