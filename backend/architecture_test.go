// Tests that keep the shape of the tree below this folder.
package backend_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const (
	module = "github.com/opsdeck/opsdeck"
	window = "github.com/wailsapp/wails"
	pgx    = "github.com/jackc/pgx"
	redis  = "github.com/redis/go-redis"
	grpc   = "google.golang.org/grpc"
	sqlite = "modernc.org/sqlite"

	storage = "github.com/minio/minio-go"
)

// layer says which layers a package and the packages below it may import, and why no others. Within a layer all may
// import each other.
type layer struct {
	may []string
	why string
}

// layers lists every folder of backend/. A new one is added here first, with its place argued.
var layers = map[string]layer{
	"scheduler":    {nil, "the vocabulary is what all others share: it may depend on nothing"},
	"logs":         {[]string{"scheduler", "console"}, whyAdapter},
	"logtext":      {nil, "it keeps a text on disk and finds places in it, whatever the text is about"},
	"workerpb":     {nil, "it is generated from the wire contract and knows nothing else"},
	"console":      {[]string{"scheduler"}, "use cases name what they need as ports; adapters come from outside"},
	"operations":   {[]string{"scheduler", "console"}, "acting stands on what asking knows, and reaches the servers through ports; asking never needs it"},
	"compare":      {[]string{"scheduler", "console"}, "it lays two environments side by side, whatever they were read from, and changes neither"},
	"postgres":     {[]string{"scheduler", "console", "operations", "history", "profile", "trust", "patience"}, whyAdapter},
	"redisstore":   {[]string{"scheduler", "console", "operations", "profile", "trust", "patience"}, whyAdapter},
	"workerrpc":    {[]string{"scheduler", "console", "operations", "workerpb", "profile", "trust"}, whyAdapter},
	"patience":     {nil, "waiting between attempts is the same whatever is attempted"},
	"trust":        {[]string{"scheduler"}, "certificates are read and judged the same way, whoever shows them"},
	"tunnel":       {[]string{"scheduler", "patience"}, "it is the way to servers and does not know what they are"},
	"profile":      {[]string{"scheduler"}, "a profile is data that adapters are opened with"},
	"secrets":      {[]string{"scheduler", "profile"}, "it keeps what profiles leave out, and knows no server that it is for"},
	"bench":        {[]string{"scheduler", "console", "postgres", "redisstore", "localserver", "djangoschema", "gate", "node", "history", "archive"}, "it measures the adapters as the console calls them, the gate, and a cluster of nodes, on servers of its own"},
	"connect":      {[]string{"scheduler", "console", "operations", "history", "profile", "tunnel", "postgres", "redisstore", "workerrpc", "logs"}, "it puts the adapters of one environment together, and nothing else does"},
	"history":      {[]string{"scheduler", "console", "sample"}, "it is the rows that an export carries from where they are read to where they are written"},
	"archive":      {[]string{"scheduler", "console", "history", "sample"}, "it answers the console's ports from a file, as the other adapters do from servers"},
	"doctor":       {[]string{"scheduler", "console", "profile", "connect", "tunnel", "trust", "postgres", "redisstore", "workerrpc"}, "it goes the same way as connect, step by step"},
	"export":       {[]string{"scheduler", "console", "history"}, "it writes files of rows and does not know whose"},
	"sample":       {[]string{"scheduler"}, "it is the shape of what is kept of a cluster's look; whoever writes or reads it agrees on it here"},
	"record":       {[]string{"scheduler", "console", "sample", "history"}, "it looks through the console's ports, so that it records from whatever answers them"},
	"watch":        {[]string{"scheduler", "console"}, "it compares what the console's ports say with what they said before, and knows neither the window nor the system that tells of it"},
	"restore":      {[]string{"scheduler", "console", "archive", "djangoschema", "node"}, "it turns an archive back into a database, whose tables are the other implementation's and our node's"},
	"notify":       {nil, "it hands texts to the desktop, and knows neither what happened nor where"},
	"launch":       {[]string{"scheduler"}, "it reads what a stranger may have written, and has nothing to act with"},
	"diagnostics":  {[]string{"profile"}, "it packs what it is given and can reach nothing by itself; profiles hold no secret"},
	"localstate":   {[]string{"scheduler", "console"}, "it keeps what the window needs of itself; how secrets are masked it has from the console"},
	"desktop":      {[]string{"scheduler", "console", "operations", "export", "launch", "diagnostics", "profile", "logtext", "compare", "watch", "notify"}, "screens translate and delegate; they must work over any adapter, an archive too"},
	"shell":        {nil, "it serves files and templates and knows nothing of schedulers"},
	"djangoschema": {[]string{"scheduler"}, "it is the other implementation's schema, made without our adapters' help"},
	"localserver":  {[]string{"scheduler"}, "it runs private servers and does not know for whom"},
	"node":         {[]string{"scheduler", "workerpb"}, whyNode},
	"sandbox":      {[]string{"scheduler", "profile", "localserver", "djangoschema", "node", "gate"}, "it makes a cluster; looking at it is the console's part"},
	"gate":         {[]string{"scheduler"}, "it makes the database the judge; the console meets it as SQL functions and never as Go code"},
	"servertest":   {[]string{"scheduler", "profile", "localserver", "djangoschema", "gate"}, "it gives tests real servers, and stays usable by every package's tests"},
	"expect":       {[]string{"scheduler"}, "what tests expect alike may know the vocabulary and nothing that is tested"},
	"cli":          {[]string{"scheduler", "console", "profile", "secrets", "connect", "doctor", "sandbox", "node", "gate", "launch", "history", "archive", "export", "record", "restore"}, "a subcommand picks what to run; the window is handed in as a function"},
	"cmd":          {[]string{"cli"}, "a program is the command line and nothing more"},
}

const (
	whyAdapter = "adapters answer the console's ports and do not know each other, so that each can be replaced"
	whyNode    = "node and console meet only in the cluster contract: a fault that they share would hide from every test"
)

// ban keeps a library out of packages and out of everything that they import.
type ban struct {
	library string
	from    func(layer string) bool
	why     string
}

var bans = []ban{
	{window, always, "opsctl, nodes and the sandbox run on servers without GTK; only the main package opens windows"},
	{pgx, among("console", "operations", "desktop", "shell"), "what reaches the operator goes through a port, never through a database driver"},
	{redis, among("console", "operations", "desktop", "shell"), "what reaches the operator goes through a port, never through a Redis client"},
	{grpc, among("console", "operations", "desktop", "shell"), "what reaches the operator goes through a port, never through a worker's connection"},
	{redis, among("postgres", "workerrpc", "archive"), whyAdapter},
	{pgx, among("redisstore", "workerrpc", "archive"), whyAdapter},
	{sqlite, among("postgres", "redisstore", "workerrpc", "console", "operations", "history"), whyAdapter},
	{storage, among("console", "operations", "desktop", "shell"), "what reaches the operator goes through a port, never through a storage's client"},
	{redis, among("postgres", "workerrpc"), whyAdapter},
	{pgx, among("redisstore", "workerrpc"), whyAdapter},
}

func always(string) bool { return true }

func among(names ...string) func(string) bool {
	return func(pkg string) bool { return slices.Contains(names, pkg) }
}

// listed is what `go list` says about a package.
type listed struct {
	ImportPath   string
	GoFiles      []string // without tests
	Doc          string
	Standard     bool
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// packages gives every package of the module by its path below backend/, and everything imported by import path.
func packages(t *testing.T) (ours map[string]listed, all map[string]listed) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,GoFiles,Doc,Standard,Imports,TestImports,XTestImports", module+"/...")
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &problems)
	}
	ours, all = map[string]listed{}, map[string]listed{}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return ours, all
		} else if err != nil {
			t.Fatalf("go list answered something unreadable: %v", err)
		}
		all[p.ImportPath] = p
		if name, ok := below(p.ImportPath); ok {
			ours[name] = p
		}
	}
}

// layerOf gives the folder of backend/ that a package lies in.
func layerOf(name string) string {
	top, _, _ := strings.Cut(name, "/")
	return top
}

// below gives a package's path below backend/.
func below(path string) (string, bool) { return strings.CutPrefix(path, module+"/backend/") }

// reach gives every package that a package imports, at any distance.
func reach(from string, all map[string]listed) map[string]bool {
	seen, waiting := map[string]bool{}, slices.Clone(all[from].Imports)
	for len(waiting) > 0 {
		next := waiting[0]
		waiting = waiting[1:]
		if !seen[next] {
			seen[next] = true
			waiting = append(waiting, all[next].Imports...)
		}
	}
	return seen
}

func TestArchitecture(t *testing.T) {
	t.Parallel()
	ours, all := packages(t)

	t.Run("a package imports only what its layer may", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(ours)) {
			own := layerOf(name)
			layer, known := layers[own]
			if !known {
				t.Errorf("backend/%s has no place in the import table: add it to layers with a reason", own)
				continue
			}
			for _, path := range ours[name].Imports {
				imported, ok := below(path)
				if ok && layerOf(imported) != own && !slices.Contains(layer.may, layerOf(imported)) {
					t.Errorf("backend/%s imports backend/%s: %s", name, imported, layer.why)
				}
			}
		}
	})

	t.Run("the import table lists only folders that exist", func(t *testing.T) {
		used := map[string]bool{}
		for name := range ours {
			used[layerOf(name)] = true
		}
		for name := range layers {
			if !used[name] {
				t.Errorf("the import table lists backend/%s, which does not exist", name)
			}
		}
	})

	t.Run("the vocabulary uses the standard library alone", func(t *testing.T) {
		for _, path := range ours["scheduler"].Imports {
			if !all[path].Standard {
				t.Errorf("backend/scheduler imports %s: every package depends on it, so its dependencies would be everybody's", path)
			}
		}
	})

	t.Run("libraries stay where they belong", func(t *testing.T) {
		for name, p := range ours {
			reached := reach(p.ImportPath, all)
			for _, ban := range bans {
				for path := range reached {
					if ban.from(layerOf(name)) && strings.HasPrefix(path, ban.library) {
						t.Errorf("backend/%s depends on %s: %s", name, path, ban.why)
					}
				}
			}
		}
	})

	t.Run("what is for tests stays in tests", func(t *testing.T) {
		for path, p := range all {
			for _, helper := range []string{"servertest", "expect"} {
				if slices.Contains(p.Imports, module+"/backend/"+helper) {
					t.Errorf("%s imports backend/%s outside of its tests: it links the testing package into a program", path, helper)
				}
			}
		}
	})

	t.Run("node and console share no tests either", func(t *testing.T) {
		console := among("console", "operations", "postgres", "redisstore", "workerrpc")
		for name, p := range ours {
			if layerOf(name) != "node" {
				continue
			}
			for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
				if imported, _ := below(path); console(layerOf(imported)) {
					t.Errorf("a test of backend/%s imports backend/%s: %s", name, imported, whyNode)
				}
			}
		}
	})

	t.Run("every package says what it is", func(t *testing.T) {
		for path, p := range all {
			ours := path == module || strings.HasPrefix(path, module+"/")
			if ours && len(p.GoFiles) > 0 && p.Doc == "" {
				t.Errorf("%s has no package comment", path)
			}
		}
	})
}
