package gate

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

//go:embed sql
var files embed.FS

// Version counts the migrations: what an installation of this program has.
const Version = 4

var scripts = template.Must(template.New("").Funcs(template.FuncMap{"text": literal, "restarts": restarts}).
	ParseFS(files, "sql/*.sql", "sql/migrations/*.sql", "sql/code/*.sql"))

// literal writes a text as SQL does.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// restarts lists the settings that processes read when they start, as SQL.
func restarts() string {
	keys := scheduler.RestartSettings()
	for i, key := range keys {
		keys[i] = literal(key)
	}
	return strings.Join(keys, ", ")
}

// render fills one file in. Names are file names without folder and ending.
func render(name string, n names) string {
	var b strings.Builder
	if err := scripts.ExecuteTemplate(&b, name+".sql", n); err != nil {
		panic(err) // the files are part of the program: a test renders all of them
	}
	return b.String()
}

// listed gives the files of a folder in their order.
func listed(folder string) []string {
	found, err := fs.Glob(files, "sql/"+folder+"/*.sql")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for i, f := range found {
		found[i] = strings.TrimSuffix(path.Base(f), ".sql")
	}
	return found
}

// A part is one transaction of an install.
type part struct {
	what    string // for people
	scripts []string
}

func (p part) sql() string { return strings.Join(p.scripts, "\n") }

// prologue protects whoever installs, often a superuser: nothing unqualified is looked up where others may make things.
const prologue = `set local search_path = pg_catalog, pg_temp;
set local client_min_messages = warning;
set local statement_timeout = 0;
`

// parts are the steps from what is installed to this program's version. Each begins with lending and ends with taking back.
func parts(n names, installed State) []part {
	code := ""
	for _, name := range listed("code") {
		code += render(name, n) + "\n"
	}
	digest := sha256.Sum256([]byte(code))
	n.Definitions = hex.EncodeToString(digest[:])
	var base []string
	if !installed.Installed {
		base = append(base, render("schema", n))
	}
	for i, name := range listed("migrations") {
		if i >= installed.Version {
			base = append(base, render(name, n))
		}
	}
	if installed.Definitions != n.Definitions {
		base = append(base, render("drop_views", n), code)
	}
	base = append(base, render("permissions", n), render("grants", n), render("installation", n))
	lent := func(what string, first []string, inner ...string) part {
		all := append(append([]string{prologue}, first...), render("lend", n))
		return part{what, append(append(all, inner...), render("leave", n))}
	}
	return []part{
		lent(whatGate, []string{render("roles", n)}, base...),
		lent(whatTrail, nil, render("audit_take", n)),
		lent(whatOldRows, nil, render("audit_old", n)),
	}
}

const (
	whatGate    = "roles, schema, functions, rights"
	whatTrail   = "the audit table's owner and triggers"
	whatOldRows = "the chain over the audit rows that were there"
)
