package format

import "time"

// DescriptionKey is where an archive describes itself, as JSON in the table meta.
const DescriptionKey = "archive"

// Description is what an archive says of itself.
type Description struct {
	Program  string    `json:"program"`  // and version
	Exported time.Time `json:"exported"` // when the export began
	AsOf     time.Time `json:"as_of"`    // the moment that the archive is of
	From     time.Time `json:"from"`     // the oldest creation time that it covers; zero = all
	To       time.Time `json:"to"`       // exclusive
	TimeZone string    `json:"time_zone"`
	Kind     string    `json:"kind"`   // runs, incident
	Title    string    `json:"title"`  // the operator's
	Filter   any       `json:"filter"` // of the runs, as it was chosen

	Operator string `json:"operator"` // who exported: the gate's user
	Login    string `json:"login"`
	Account  string `json:"account"` // of the machine that exported, with its name
	Host     string `json:"host"`

	Profile   string `json:"profile"`    // of the environment
	ProfileID string `json:"profile_id"` // which links name; "" = exported without a profile
	Stage     string `json:"stage"`      // its kind: sandbox, development, staging, production
	Address   string `json:"address"`
	System    string `json:"system"` // the server's own identifier
	Database  string `json:"database"`
	Server    string `json:"server"` // its version
	Schema    string `json:"schema"` // the scheduler's newest migration
	Gate      bool   `json:"gate"`   // secrets were masked by the database

	Masks  []string         `json:"masks"`  // patterns that were masked beside what always is
	Masked map[string]int64 `json:"masked"` // how many values were masked, by part
	Logs   string           `json:"logs"`   // included, or why not
	// LogIndex says that the logs' texts are found by an index. Without one they are read.
	LogIndex bool     `json:"log_index"`
	Absent   []string `json:"absent"` // parts that could not be read, such as terms that no node records
}
