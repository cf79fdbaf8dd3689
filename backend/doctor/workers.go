package doctor

import (
	"context"
	"crypto/tls"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/trust"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

const (
	// maxAsked is how many workers are called: enough to see whether the certificate, the rules and the way are right.
	maxAsked = 20
	// soon is how long before its end a certificate should be renewed.
	soon = 14 * 24 * time.Hour
)

func callsByTLS(p profile.Profile) bool { return p.Workers.Mode == profile.MutualTLS }

func callsWorkers(p profile.Profile) bool {
	return p.Workers.Mode == profile.MutualTLS || p.Workers.Mode == profile.Plaintext
}

func workersCertificate(_ context.Context, v *visit) Finding {
	client, err := workerrpc.New(connect.Workers(v.profile, v.secrets, v.way), time.Now)
	if err != nil {
		return failed(err)
	}
	client.Close()
	pair, err := tls.X509KeyPair([]byte(v.profile.Workers.Certificate), []byte(v.secrets.WorkerKey.Reveal()))
	if err != nil {
		return failed(err)
	}
	from, until := trust.Term(pair.Leaf)
	if _, _, out := trust.OutOfDate([]tls.Certificate{pair}, time.Now()); out {
		return say(Failed, "doctor.certificate_expired",
			"Our certificate for workers is valid from %s to %s only. Put a new one into the profile; if it looks right, check this machine's clock.", from, until).
			with("from", from).with("until", until)
	}
	if time.Now().Add(soon).After(pair.Leaf.NotAfter) {
		return say(Warning, "doctor.certificate_ends", "Our certificate for workers ends on %s. Have a new one made.", until).with("until", until)
	}
	return say(OK, "doctor.certificate", "Our certificate for workers and its key fit; it is valid until %s.", until).with("until", until)
}

func workersAnswer(ctx context.Context, v *visit) Finding {
	client, err := workerrpc.New(connect.Workers(v.profile, v.secrets, v.way), time.Now)
	if err != nil {
		return failed(err)
	}
	defer client.Close()
	var mu sync.Mutex
	var lost []error
	v.pongs = map[string]console.Pong{}
	asked := 0
	var group errgroup.Group
	group.SetLimit(5)
	for _, w := range v.fleet.Workers {
		if w.Address == "" || asked == maxAsked {
			continue
		}
		asked++
		group.Go(func() error {
			pong, err := client.Ping(ctx, w.Address)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				lost = append(lost, err)
				return nil // the others are asked all the same
			}
			v.pongs[w.ID] = pong
			return nil
		})
	}
	_ = group.Wait() // it has no errors
	if asked == 0 {
		return say(OK, "doctor.nobody_to_ask", "There is no worker to ask.")
	}
	n := strconv.Itoa(asked)
	return several(asked, lost, say(OK, "doctor.workers_answer", "%s workers were asked and answered.", n).with("workers", n))
}

// workersClock tells of the one that is farthest off.
func workersClock(_ context.Context, v *visit) Finding {
	worst := say(OK, "doctor.nobody_to_ask", "There is no worker to ask.")
	farthest := time.Duration(-1)
	for id, pong := range v.pongs {
		if off := pong.ClockOffset(); off.Abs() > farthest {
			farthest = off.Abs()
			worst = aboutTime(id, off, pong.RoundTrip/2)
		}
	}
	return worst
}
