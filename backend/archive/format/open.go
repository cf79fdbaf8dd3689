package format

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The most that a reader takes from one value and holds in memory of one file.
const (
	// MaxValue is the longest text or blob of an archive, in bytes.
	MaxValue = 32 << 20
	// maxCells is the most columns and terms that a statement may have. Ours have fewer; a hostile schema may not.
	maxCells = 200
	cacheKiB = 16 << 10
	// Connections is how many questions to one file are answered at a time.
	Connections = 4
)

// headerSize is that of SQLite's file header.
const headerSize = 100

// OpenReadOnly opens an archive for reading. The file is hostile until proven otherwise: its header is read before SQLite sees
// it, nothing in it is trusted, nothing is written beside it, and its schema must be ours byte for byte. It gives the file's version.
func OpenReadOnly(ctx context.Context, path string) (*sql.DB, int, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, 0, unreadable(path, err)
	}
	version, err := checkHeader(path)
	if err != nil {
		return nil, 0, err
	}
	base, err := sqlite.NewConnector(fileURL(path, "mode=ro", "immutable=1", "_defensive=1", "_dqs=0",
		"_pragma=trusted_schema(0)", "_pragma=cell_size_check(1)", "_pragma=mmap_size(0)", "_pragma=temp_store(2)",
		"_pragma=cache_size(-"+strconv.Itoa(cacheKiB)+")", "_query_only=1"))
	if err != nil {
		return nil, 0, unreadable(path, err)
	}
	db := sql.OpenDB(limited{base})
	db.SetMaxOpenConns(Connections)
	db.SetMaxIdleConns(Connections)
	if err := checkSchema(ctx, db, version); err != nil {
		_ = db.Close()
		if ctx.Err() != nil {
			return nil, 0, scheduler.Errorf(scheduler.Unavailable, "archive.canceled", "Opening the archive was stopped.").Because(err)
		}
		return nil, 0, damaged(path, err)
	}
	return db, version, nil
}

// OpenWritable opens a file that this program makes.
func OpenWritable(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", fileURL(path, "_pragma=page_size("+strconv.Itoa(PageSize)+")", "_pragma=locking_mode(exclusive)",
		"_pragma=journal_mode(truncate)", "_pragma=synchronous(full)", "_pragma=cache_size(-65536)", "_pragma=temp_store(1)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// fileURL is a path as SQLite takes it, whatever characters the path has.
func fileURL(path string, parameters ...string) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" {
		path = "/" + path
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(parameters, "&")}
	return u.String()
}

// limited sets what no pragma can: the limits of each connection.
type limited struct{ driver.Connector }

// Connect opens a connection with the limits.
func (l limited) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := l.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	for limit, value := range map[int]int{
		sqlite3.SQLITE_LIMIT_ATTACHED: 0, sqlite3.SQLITE_LIMIT_LENGTH: MaxValue, sqlite3.SQLITE_LIMIT_COLUMN: maxCells,
		sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0, sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
	} {
		if err := setLimit(ctx, conn, limit, value); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}

// setLimit reaches a connection by the way that the driver offers, which is by a sql.Conn.
func setLimit(ctx context.Context, conn driver.Conn, limit, value int) error {
	db := sql.OpenDB(borrowed{conn})
	defer db.Close()
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = sqlite.Limit(c, limit, value)
	return err
}

// borrowed lends a connection that stays open when its database is closed.
type borrowed struct{ conn driver.Conn }

// Connect gives the borrowed connection.
func (b borrowed) Connect(context.Context) (driver.Conn, error) { return lent{b.conn}, nil }

// Driver is of no use to a borrowed connection.
func (b borrowed) Driver() driver.Driver { return nil }

type lent struct{ driver.Conn }

// Close leaves the connection open.
func (lent) Close() error { return nil }

// Unwrap gives the driver its own connection.
func (l lent) Unwrap() driver.Conn { return l.Conn }

// checkHeader reads what SQLite's header says before SQLite does, and gives the format's version.
func checkHeader(path string) (version int, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, scheduler.Errorf(scheduler.NotFound, "archive.not_found", "There is no file %s.", path).With("path", path)
	}
	if err != nil {
		return 0, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return 0, notArchive(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return 0, unreadable(path, err)
	}
	defer file.Close()
	var header [headerSize]byte
	if _, err := io.ReadFull(file, header[:]); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, notArchive(path)
	} else if err != nil {
		return 0, unreadable(path, err)
	}
	number := func(at int) uint32 { return binary.BigEndian.Uint32(header[at:]) }
	if string(header[:16]) != "SQLite format 3\x00" || number(68) != ApplicationID {
		return 0, notArchive(path)
	}
	if version := number(60); version > Version {
		return 0, scheduler.Errorf(scheduler.Invalid, "archive.future",
			"%s was written by a newer Opsdeck, in format %d. This one reads up to format %d: update it.", path, version, Version).
			With("path", path).With("format", strconv.FormatUint(uint64(version), 10)).With("known", strconv.Itoa(Version))
	} else if version == 0 {
		return 0, notArchive(path)
	}
	size := int64(number(28)) * PageSize
	if binary.BigEndian.Uint16(header[16:]) != PageSize || header[18] != 1 || header[19] != 1 {
		return 0, damaged(path, errors.New("page size or journal mode is not an archive's"))
	}
	if size != info.Size() {
		return 0, scheduler.Errorf(scheduler.Invalid, "archive.truncated",
			"%s is %d bytes long and should be %d. It was cut off, perhaps while it was copied: fetch it again.", path, info.Size(), size).With("path", path)
	}
	return int(number(60)), nil
}

func notArchive(path string) error {
	return scheduler.Errorf(scheduler.Invalid, "archive.foreign", "%s is not an archive of Opsdeck.", path).With("path", path)
}

func unreadable(path string, cause error) error {
	return scheduler.Errorf(scheduler.Unavailable, "archive.unreadable", "%s can't be read. Check its rights and its disk.", path).
		With("path", path).Because(cause)
}

func damaged(path string, cause error) error {
	return scheduler.Errorf(scheduler.Invalid, "archive.damaged", "%s is damaged, or something else made it look like an archive. Fetch it again from where it was made.", path).
		With("path", path).Because(cause)
}
