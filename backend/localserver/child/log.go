package child

import (
	"io"
	"os"
	"sync"
)

// Log is a file that takes a program's output and never grows past its limit: the older half moves to path + ".1",
// replacing what was there. The last few kilobytes stay in memory too, for saying why the program ended, so that a
// full disk hides nothing. It is safe for concurrent use.
type Log struct {
	path  string
	limit int64

	mu   sync.Mutex
	file *os.File // nil after Close, or when the disk refused it
	size int64
	tail []byte
}

const tailSize = 16 << 10

// OpenLog appends to the file at path. Both files together take at most limit bytes, give or take one write.
func OpenLog(path string, limit int64) (*Log, error) {
	l := &Log{path: path, limit: limit}
	if err := l.open(os.O_APPEND); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Log) open(how int) error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|how, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	l.file, l.size = f, info.Size()
	return nil
}

// Write keeps p. It never fails: a program must not end because its log can't be written.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, p...)
	if over := len(l.tail) - tailSize; over > 0 {
		l.tail = append(l.tail[:0], l.tail[over:]...)
	}
	if l.file == nil {
		return len(p), nil
	}
	if l.size+int64(len(p)) > l.limit/2 && l.size > 0 {
		l.rotate()
	}
	if l.file != nil {
		n, _ := l.file.Write(p)
		l.size += int64(n)
	}
	return len(p), nil
}

func (l *Log) rotate() {
	_ = l.file.Close()
	l.file = nil
	_ = os.Rename(l.path, l.path+".1")
	_ = l.open(os.O_TRUNC)
}

// Tail is the end of what was written since OpenLog.
func (l *Log) Tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.tail)
}

// Close closes the file; what is written later is kept in memory only.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}

var _ io.WriteCloser = (*Log)(nil)
