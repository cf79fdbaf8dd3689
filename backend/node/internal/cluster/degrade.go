package cluster

import (
	"context"
	"encoding/json"
	"time"

	"github.com/redis/go-redis/v9"
)

// DegradeTTL is how long a request to step down stands, and how long one counts that never expires.
const DegradeTTL = 30 * time.Second

// Degrade is a request to the leader to step down.
type Degrade struct {
	Text   string        // as Redis has it; "" = nobody asks
	Epoch  int64         // whose leader is meant; 0 = whoever leads
	By     string        // "" = it does not say
	Reason string        // "" = it does not say
	TTL    time.Duration // until it is forgotten
}

// wish is a request as the contract writes it down.
type wish struct {
	By       string `json:"by"`
	Reason   string `json:"reason"`
	ActionID string `json:"action_id"`
	Epoch    int64  `json:"epoch"`
}

// parseDegrade reads a request. Text that is no JSON object, such as 1, means whoever leads.
func parseDegrade(text string, ttl time.Duration) Degrade {
	if text == "" {
		return Degrade{}
	}
	var w wish
	if json.Unmarshal([]byte(text), &w) != nil {
		w = wish{}
	}
	if ttl < 0 {
		ttl = DegradeTTL
	}
	return Degrade{Text: text, Epoch: w.Epoch, By: w.By, Reason: w.Reason, TTL: ttl}
}

// AskToStepDown asks the leader of an epoch to step down, unless somebody has asked already.
func (c *Client) AskToStepDown(ctx context.Context, epoch int64, by, reason string) error {
	text, err := json.Marshal(wish{By: by, Reason: reason, Epoch: epoch})
	if err != nil {
		return err
	}
	err = c.redis.SetArgs(ctx, degradeKey, text, redis.SetArgs{Mode: "NX", TTL: DegradeTTL}).Err()
	return firstError(err)
}
