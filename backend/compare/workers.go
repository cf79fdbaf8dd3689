package compare

import (
	"encoding/json"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The fields of a worker.
const (
	FieldNode     = "node_id"
	FieldAddress  = "address"
	FieldRole     = "role"
	FieldDraining = "draining"
	FieldDetached = "detached"
)

// Workers compares the workers of two sides, by id.
func Workers(here, there []scheduler.Worker) []Item {
	items := pair(here, there, func(w scheduler.Worker) string { return w.ID }, func(id string, here, there []scheduler.Worker) Item {
		item := Item{Kind: Worker, Name: id}
		var fields [2][]Field
		if len(here) > 0 {
			item.HereWorker, fields[0] = &here[0], workerFields(here[0])
		}
		if len(there) > 0 {
			item.ThereWorker, fields[1] = &there[0], workerFields(there[0])
		}
		item.Fields = join(fields)
		return item
	})
	for i := range items {
		items[i].judge(nil)
	}
	return items
}

// workerFields are what stays the same of a worker while nobody does anything to it.
func workerFields(w scheduler.Worker) []Field {
	truth := func(b bool) json.RawMessage { return json.RawMessage(strconv.FormatBool(b)) }
	return []Field{
		{Name: FieldNode, Here: text(w.NodeID)},
		{Name: FieldAddress, Here: text(w.Address)},
		{Name: FieldRole, Here: text(string(w.Role))},
		{Name: FieldDraining, Here: truth(w.Draining)},
		{Name: FieldDetached, Here: truth(w.Detached || w.DetachFlag)},
	}
}
