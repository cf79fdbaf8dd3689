package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	name    = "org.freedesktop.Notifications"
	path    = "/org/freedesktop/Notifications"
	byClick = "default" // the action of a click on the notice itself
	// answerWithin bounds a call: a service may be started for it.
	answerWithin = 5 * time.Second
	// maxShown is how many notices a click is remembered for.
	maxShown = 100
)

// Service is the desktop's own, as the Desktop Notifications Specification has it.
type Service struct {
	bus     *dbus.Conn
	clicked func(target string)
	done    sync.WaitGroup

	mu    sync.Mutex
	shown []shown // the oldest first
}

type shown struct {
	id     uint32
	target string
}

// Open connects to the session's bus. clicked is told the target of each notice that somebody clicks on.
func Open(clicked func(target string)) (*Service, error) {
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	if err := bus.AddMatchSignal(dbus.WithMatchInterface(name), dbus.WithMatchObjectPath(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrNone, err), bus.Close())
	}
	s := &Service{bus: bus, clicked: clicked}
	signals := make(chan *dbus.Signal, 16)
	bus.Signal(signals) // which the bus closes with itself
	s.done.Go(func() {
		for signal := range signals {
			s.heard(signal)
		}
	})
	return s, nil
}

// Close forgets what was shown. Notices stay until the desktop takes them away.
func (s *Service) Close() error {
	err := s.bus.Close()
	s.done.Wait()
	return err
}

// Check tells whether somebody would show a notice; ErrNone if nobody does.
func (s *Service) Check() error {
	_, err := s.capabilities()
	return err
}

// capabilities are asked for each time: another service may have taken the place of the last.
func (s *Service) capabilities() ([]string, error) {
	var can []string
	if err := s.call("GetCapabilities").Store(&can); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	return can, nil
}

func (s *Service) call(method string, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	return s.bus.Object(name, path).CallWithContext(ctx, name+"."+method, 0, args...)
}

// Show shows a notice.
func (s *Service) Show(n Notice) error {
	can, err := s.capabilities()
	if err != nil {
		return err
	}
	var actions []string
	if slices.Contains(can, "actions") && n.Target != "" {
		actions = []string{byClick, plain(n.Open, maxTitle)}
	}
	urgency := byte(1)
	if n.Urgent {
		urgency = 2
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant("opsdeck"), "urgency": dbus.MakeVariant(urgency)}
	s.mu.Lock() // a click may be heard of before the answer is
	defer s.mu.Unlock()
	var id uint32
	err = s.call("Notify", "Opsdeck", uint32(0), "opsdeck", plain(n.Title, maxTitle), body(n.Body, slices.Contains(can, "body-markup")),
		actions, hints, int32(-1)).Store(&id)
	if err != nil {
		return fmt.Errorf("the service that shows notifications: %w", err)
	}
	s.shown = append(s.shown[max(0, len(s.shown)-maxShown+1):], shown{id, n.Target})
	return nil
}

// heard takes what the service says of a notice. It says so to everybody, of everybody's notices.
func (s *Service) heard(signal *dbus.Signal) {
	event, _ := strings.CutPrefix(signal.Name, name+".")
	if event != "ActionInvoked" && event != "NotificationClosed" || len(signal.Body) < 2 {
		return
	}
	id, isID := signal.Body[0].(uint32)
	target, ours := s.forget(id)
	if isID && ours && event == "ActionInvoked" && target != "" {
		s.clicked(target)
	}
}

func (s *Service) forget(id uint32) (target string, ours bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.shown, func(one shown) bool { return one.id == id })
	if at < 0 {
		return "", false
	}
	target = s.shown[at].target
	s.shown = slices.Delete(s.shown, at, at+1)
	return target, true
}
