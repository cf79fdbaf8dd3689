package compare

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Rule says that a field is expected to differ, and what it then is on each side. With any other values it is a difference like
// every other: a rule hides nothing that changes later. Whoever reads it from the other side reads it turned around.
type Rule struct {
	Kind  Kind            `json:"kind"`
	Name  string          `json:"name"`
	Field string          `json:"field"`
	Here  json.RawMessage `json:"here"`  // null: it stands on the other side alone
	There json.RawMessage `json:"there"` // null: it stands here alone
}

// Rules are what is expected to differ between two environments.
type Rules []Rule

const (
	maxRules     = 1000
	maxRuleValue = 16 << 10
	maxRuleName  = 300
)

// With gives the rules with one more, instead of an older one about the same field.
func (r Rules) With(rule Rule) (Rules, error) {
	if err := rule.check(); err != nil {
		return r, err
	}
	next := append(r.Without(rule.Kind, rule.Name, rule.Field), rule)
	if len(next) > maxRules {
		return r, scheduler.Errorf(scheduler.Invalid, "compare.many_rules", "There are %d rules already; remove some first.", len(r))
	}
	return next, nil
}

// Without gives the rules without those about a field.
func (r Rules) Without(kind Kind, name, field string) Rules {
	return slices.DeleteFunc(slices.Clone(r), func(o Rule) bool { return o.Kind == kind && o.Name == name && o.Field == field })
}

// turned are the rules as the other side reads them.
func (r Rules) turned() Rules {
	turned := slices.Clone(r)
	for i := range turned {
		turned[i].Here, turned[i].There = turned[i].There, turned[i].Here
	}
	return turned
}

func (r Rules) find(kind Kind, name, field string) *Rule {
	for i := range r {
		if r[i].Kind == kind && r[i].Name == name && r[i].Field == field {
			return &r[i]
		}
	}
	return nil
}

func (r Rule) check() error {
	known := r.Kind == Job || r.Kind == Setting
	long := utf8.RuneCountInString(r.Name) > maxRuleName || len(r.Field) > maxRuleName || len(r.Here) > maxRuleValue || len(r.There) > maxRuleValue
	if !known || r.Name == "" || r.Field == "" || long || masked(r.Here) || masked(r.There) || bad(r.Here) || bad(r.There) {
		return scheduler.Errorf(scheduler.Invalid, "compare.bad_rule", "This can't be kept as an expected difference.")
	}
	return nil
}

func bad(value json.RawMessage) bool { return value != nil && !json.Valid(value) }

// tidy makes an absent value of a null, which is how files write it.
func (r Rules) tidy() {
	for i := range r {
		for _, value := range []*json.RawMessage{&r[i].Here, &r[i].There} {
			if bytes.Equal(bytes.TrimSpace(*value), []byte("null")) {
				*value = nil
			}
		}
	}
}
