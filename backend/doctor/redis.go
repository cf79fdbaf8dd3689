package doctor

import (
	"context"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/redisstore"
)

func resolveRedis(ctx context.Context, v *visit) Finding {
	return v.resolve(ctx, v.profile.Redis.Addresses)
}

func connectRedis(ctx context.Context, v *visit) Finding {
	return v.connect(ctx, "Redis", v.profile.Redis.Addresses)
}

func redisLogin(ctx context.Context, v *visit) Finding {
	found, err := redisstore.Examine(ctx, connect.Redis(v.profile, v.secrets, v.way))
	if err != nil {
		return failed(err)
	}
	v.redis = found
	user := v.profile.Redis.User
	if user == "" {
		user = "default"
	}
	mode := string(v.profile.Redis.Mode)
	return say(OK, "doctor.redis_login", "%s is logged in to Redis (%s).", user, mode).with("user", user).with("mode", mode)
}

func redisRights(ctx context.Context, v *visit) Finding {
	fleet, err := v.redis.Fleet(ctx)
	if err != nil {
		return failed(err)
	}
	v.fleet = fleet
	workers := strconv.Itoa(len(fleet.Workers))
	if len(fleet.Workers) == 0 {
		return say(Warning, "doctor.no_workers",
			"The scheduler's keys can be read, and there is no worker. If workers run, check the number of the database in Redis.")
	}
	if fleet.Leadership.LeaderID == "" {
		return say(Warning, "doctor.no_leader", "The scheduler's keys can be read: %s workers, and nobody leads.", workers).with("workers", workers)
	}
	return say(OK, "doctor.fleet", "The scheduler's keys can be read: %s workers, led by %s.", workers, fleet.Leadership.LeaderID).
		with("workers", workers).with("leader", fleet.Leadership.LeaderID)
}

func redisClock(ctx context.Context, v *visit) Finding {
	offset, uncertain, err := v.redis.Clock(ctx)
	if err != nil {
		return say(OK, "doctor.clock_untold", "Redis does not tell this login its time, which only this test asks for.")
	}
	return aboutTime("Redis", offset, uncertain)
}
