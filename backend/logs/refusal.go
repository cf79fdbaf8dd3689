package logs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/minio/minio-go/v7"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// failed says in an operator's words what the storage answered.
func (b *bucket) failed(err error) error {
	if told, ok := errors.AsType[*scheduler.Error](err); ok {
		return told
	}
	answer := minio.ToErrorResponse(err)
	var e *scheduler.Error
	switch {
	case answer.Code == minio.NoSuchKey:
		e = scheduler.Errorf(scheduler.NotFound, "log.not_found", "%s has no log at this place. It was deleted or never uploaded.", b.host)
	case answer.Code == minio.NoSuchBucket:
		e = scheduler.Errorf(scheduler.NotFound, "log.no_bucket", "%s has no bucket %s.", b.host, b.name)
	case answer.Code == "RequestTimeTooSkewed":
		e = scheduler.Errorf(scheduler.Forbidden, "log.clock_wrong", "%s refuses this machine's clock: it is too far from its own. Set this machine's clock, and try again.", b.host)
	case answer.Code == "ExpiredToken", answer.Code == "ExpiredTokenException":
		e = scheduler.Errorf(scheduler.Forbidden, "log.keys_expired", "The keys for %s have run out. Renew them.", b.host)
	case b.elsewhere(answer):
		e = scheduler.Errorf(scheduler.Forbidden, "log.wrong_region", "Bucket %s isn't in region %s, as the profile says: %s wants %s. Change the region in the profile.",
			b.name, cmp.Or(b.region, "–"), b.host, cmp.Or(answer.Region, "another")).
			With("region", cmp.Or(b.region, "–")).With("wanted", cmp.Or(answer.Region, "?"))
	case answer.StatusCode == http.StatusForbidden, answer.StatusCode == http.StatusUnauthorized, answer.Code == "AuthorizationHeaderMalformed", answer.Code == "InvalidToken":
		e = scheduler.Errorf(scheduler.Forbidden, "log.keys_refused", "%s refuses the profile's keys for bucket %s, or they may not read there.", b.host, b.name)
	case errors.Is(err, context.Canceled), answer.StatusCode == 0:
		return unreachable(b.host, err)
	default:
		e = scheduler.Errorf(scheduler.Unavailable, "log.status", "%s answered with status %d.", b.host, answer.StatusCode)
	}
	return e.With("host", b.host).With("bucket", b.name).With("status", fmt.Sprint(answer.StatusCode)).Because(err)
}

// elsewhere tells whether the storage wants to be asked in another region. Redirects there aren't followed: another host would get
// what was signed for this one.
func (b *bucket) elsewhere(answer minio.ErrorResponse) bool {
	switch answer.Code {
	case "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException", minio.InvalidRegion:
		return true
	case minio.AuthorizationHeaderMalformed:
		return answer.Region != "" && answer.Region != b.region
	}
	return answer.StatusCode == http.StatusMovedPermanently || answer.StatusCode == http.StatusTemporaryRedirect
}
