package main

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/desktop"
)

// surfaceFile lists everything that the page can call, a method a line, with what it can do at most:
//
//	read     asks the servers or an archive, and changes nothing anywhere
//	local    changes this program or files of this machine
//	operate  what an operator may do to the cluster, or the preview of it
//	admin    what only an administrator may do to the cluster, or the preview of it
const surfaceFile = "backend/desktop/testdata/surface.txt"

// A script in the page could call all of this: whoever adds a method says here what it can do.
func TestThePageCanCallWhatTheListSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(surfaceFile)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if !slices.IsSorted(lines) {
		t.Errorf("%s is not sorted", surfaceFile)
	}
	for _, line := range lines {
		method, tag, _ := strings.Cut(line, " ")
		if !slices.Contains([]string{"read", "local", "operate", "admin"}, tag) {
			t.Errorf("%s: %q says nothing that is known of what it can do", surfaceFile, line)
		}
		listed[method] = true
	}
	for _, method := range callable() {
		if !listed[method] {
			t.Errorf("the page can call %s, and %s doesn't say what that can do", method, surfaceFile)
		}
		delete(listed, method)
	}
	for method := range listed {
		t.Errorf("%s lists %s, which the page can't call", surfaceFile, method)
	}
}

// callable is every exported method of what is bound.
func callable() []string {
	var methods []string
	for _, b := range bound(desktop.NewSession(desktop.Config{})) {
		of := reflect.TypeOf(b)
		for i := range of.NumMethod() {
			methods = append(methods, of.Elem().Name()+"."+of.Method(i).Name)
		}
	}
	return methods
}
