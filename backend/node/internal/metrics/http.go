package metrics

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// TokenHeader is where a reader of metrics shows the token, as with the schedulers in the field.
const TokenHeader = "X-Scheduler-Token" //nolint:gosec // a name, not a token

// Health is what a node says about itself.
type Health struct {
	WorkerID string         `json:"worker_id"`
	Role     scheduler.Role `json:"role"`
	// Alive says that the node still goes its rounds; one that does not should be started anew.
	Alive bool `json:"alive"`
	// Ready says that it can take work: both servers answer, and it is neither draining nor detached nor stopping.
	Ready    bool      `json:"ready"`
	LastBeat time.Time `json:"last_beat"`
	Problems []Problem `json:"problems"`
}

// Handler serves /metrics, /livez, /readyz and /health. Metrics need the token, where one is set, and so does /health,
// which names problems; the other two answer with a status alone.
func (m *Metrics) Handler(health func() Health) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.withToken(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})))
	mux.Handle("GET /livez", status(func() bool { return health().Alive }))
	mux.Handle("GET /readyz", status(func() bool { return health().Ready }))
	mux.Handle("GET /health", m.withToken(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(health()) // whoever asked has gone
	})))
	return mux
}

func status(good func() bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !good() {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
}

func (m *Metrics) withToken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := m.cluster.sources.Settings().MetricsToken
		if token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(r.Header.Get(TokenHeader))) != 1 {
			http.Error(w, "this needs the header "+TokenHeader, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
