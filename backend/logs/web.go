package logs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxRedirects is how many steps an allowed server may lead to another place of its own.
const maxRedirects = 3

// checkRedirect follows a server to its own allowed places only.
func (f *Files) checkRedirect(next *http.Request, before []*http.Request) error {
	first := before[0].URL
	if _, err := f.allow(next.URL.String()); err != nil || len(before) > maxRedirects ||
		next.URL.Scheme != first.Scheme || next.URL.Host != first.Host {
		return scheduler.Errorf(scheduler.Forbidden, "log.redirected",
			"%s sends on to another place, %s, where Opsdeck doesn't follow.", first.Host, next.URL.Host).
			With("host", first.Host).With("to", next.URL.Host)
	}
	next.Header.Del("Referer") // an address may be a secret by itself
	return nil
}

func (f *Files) openAddress(ctx context.Context, ref string, from int64, version string) (*console.LogFile, error) {
	u, err := f.allow(ref)
	if err != nil {
		return nil, err
	}
	response, body, err := f.get(ctx, u, from, version) //nolint:bodyclose // body closes it
	if err != nil {
		return nil, err
	}
	answered := part{
		size: response.ContentLength, version: versionOf(response.Header), grows: response.Header.Get("Accept-Ranges") != "none",
	}
	switch response.StatusCode {
	case http.StatusOK: // also from a server that knows no places, or has another log there now
	case http.StatusPartialContent:
		size, asked := partAsked(response, from, version)
		switch {
		case from == 0:
			return nil, errors.Join(badAnswer(u.Host, "a part of the log only"), body.Close())
		case !asked: // what it has in parts can't be put together
			if err := body.Close(); err != nil {
				return nil, err
			}
			return f.openAddress(ctx, ref, 0, "")
		}
		answered.from, answered.size = from, size
	case http.StatusRequestedRangeNotSatisfiable:
		size := int64(-1)
		_, _ = fmt.Sscanf(response.Header.Get("Content-Range"), "bytes */%d", &size) // a server needn't tell it
		return nothingBehind(from, size), body.Close()
	default:
		return nil, errors.Join(refused(u.Host, response), body.Close())
	}
	return unpacked(body, answered)
}

// get asks for what is at an address, with nothing in the question but the place.
func (f *Files) get(ctx context.Context, u *url.URL, from int64, version string) (*http.Response, *body, error) {
	ctx, cancel := context.WithTimeout(ctx, wholeTimeout)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		cancel()
		return nil, nil, scheduler.Errorf(scheduler.Invalid, "log.bad_address", "Opsdeck doesn't open this address: it can't be read.").Because(err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	if from > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		if version != "" {
			request.Header.Set("If-Range", version)
		}
	}
	response, err := f.web.Do(request)
	if err != nil {
		cancel()
		return nil, nil, webFailed(u.Host, err)
	}
	return response, newBody(response.Body, cancel, u.Host), nil
}

// refused says in an operator's words what a server's status means.
func refused(host string, response *http.Response) error {
	var err *scheduler.Error
	switch response.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		err = scheduler.Errorf(scheduler.Forbidden, "log.forbidden", "%s doesn't let Opsdeck read this log. It asks for rights that the profile doesn't hold, or the link's time is over.", host)
		if strings.Contains(response.Request.URL.RawQuery, "Expires=") {
			err = scheduler.Errorf(scheduler.Forbidden, "log.link_expired", "The link to this log was made for a time, which is over at %s. Open the log in its storage.", host)
		}
	case http.StatusNotFound:
		err = scheduler.Errorf(scheduler.NotFound, "log.not_found", "%s has no log at this place. It was deleted or never uploaded.", host)
	case http.StatusGone:
		err = scheduler.Errorf(scheduler.NotFound, "log.expired_there", "%s has deleted this log: its time is over.", host)
	default:
		err = scheduler.Errorf(scheduler.Unavailable, "log.status", "%s answered with status %d.", host, response.StatusCode)
	}
	return err.With("host", host).With("status", fmt.Sprint(response.StatusCode))
}

func badAnswer(host, what string) error {
	return scheduler.Errorf(scheduler.Unavailable, "log.bad_answer", "%s answered with %s.", host, what).With("host", host)
}

func webFailed(host string, err error) error {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e
	}
	if errors.Is(err, errNearAddress) {
		return nearRefused(host)
	}
	return unreachable(host, err)
}

func unreachable(host string, err error) error {
	return scheduler.Errorf(scheduler.Unavailable, "log.unreachable",
		"%s can't be reached for the log, or stopped answering.", host).With("host", host).Because(err)
}
