// Package diagnostics writes a bundle that an operator can hand to whoever helps: what the program is, where it runs, what it
// said lately. No secret goes in, and where the operator wishes no host either.
package diagnostics

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"runtime/pprof"
	"time"
)

// Bundle is what goes in. Values become JSON.
type Bundle struct {
	About    About
	Session  any // what is open: ids, kinds, rights
	Profiles any // their shapes, without secrets
	Findings any // what the checks of connections found, newest first
	Settings any // of the window
	Log      []byte
	MadeAt   time.Time
	// Hosts are masked in every file, as host-1, host-2 and so on; nil leaves them in.
	Hosts []string
	// Mask takes out what looks like a secret, after everything was written without any.
	Mask func(string) string
}

const readme = `Diagnostics of Opsdeck
======================

about.json       the program, the system it runs on, and its memory
session.json     what is open, and with which rights
profiles.json    the environments that are set up, without passwords and keys
findings.json    what the checks of connections found
settings.json    language, theme and time zone of the window
log.txt          the end of the log file
goroutines.txt   what the program is doing

Passwords, keys and tokens are left out. Where hosts were masked, the same host has the same number in every file.
Please look through the files before you hand them on: names of jobs, workers and people may be in them.
`

// Write writes the bundle as a zip archive.
func (b Bundle) Write(w io.Writer) error {
	var stacks bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&stacks, 1); err != nil {
		return err
	}
	hide := hosts(b.Hosts)
	archive := zip.NewWriter(w)
	add := func(name string, text []byte) error {
		part, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.MadeAt})
		if err == nil {
			_, err = io.WriteString(part, hide.Replace(b.Mask(string(text))))
		}
		return err
	}
	if err := add("README.txt", []byte(readme)); err != nil {
		return err
	}
	for _, file := range []struct {
		name  string
		value any
	}{
		{"about.json", b.About}, {"session.json", b.Session}, {"profiles.json", b.Profiles},
		{"findings.json", b.Findings}, {"settings.json", b.Settings},
	} {
		text, err := json.MarshalIndent(file.value, "", "  ")
		if err != nil {
			return err
		}
		if err := add(file.name, append(text, '\n')); err != nil {
			return err
		}
	}
	if err := add("log.txt", b.Log); err != nil {
		return err
	}
	if err := add("goroutines.txt", stacks.Bytes()); err != nil {
		return err
	}
	return archive.Close()
}
