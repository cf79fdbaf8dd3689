package sandbox

import (
	"fmt"
	"net"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ReasonPortsTaken is why nodes could not listen.
const ReasonPortsTaken = "sandbox.ports_taken"

// checkPorts makes sure that enough loopback ports are free before anything is started: a node that finds none only
// says so in its log.
func checkPorts(start, end, need int) error {
	free := 0
	for port := start; port <= end && free < need; port++ {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			return fmt.Errorf("close a port that was tried: %w", err)
		}
		free++
	}
	if free >= need {
		return nil
	}
	return scheduler.Errorf(scheduler.Conflict, ReasonPortsTaken,
		"the sandbox needs %d free ports between %d and %d on 127.0.0.1, and other programs hold all but %d: end some, "+
			"or choose another range", need, start, end, free).
		With("need", strconv.Itoa(need)).With("start", strconv.Itoa(start)).With("end", strconv.Itoa(end)).With("free", strconv.Itoa(free))
}
