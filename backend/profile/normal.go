package profile

import (
	"encoding/pem"
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Normal is the profile as it is kept: texts in one form of Unicode and without what surrounds them, certificates without what is
// written between them, and nothing in fields that the chosen ways don't use.
func (p Profile) Normal() Profile {
	p.Name = strings.Join(strings.Fields(norm.NFC.String(p.Name)), " ")
	if p.Color == "" {
		p.Color = ColorOf(p.Kind)
	}
	p.Postgres = p.Postgres.normal()
	p.Redis = p.Redis.normal()
	p.Workers = p.Workers.normal()
	p.Reach = p.Reach.normal()
	p.Logs = p.Logs.normal()
	if p.SecretsFrom.Kind != FromCommand {
		p.SecretsFrom.Command = nil
	}
	return p
}

func (p Postgres) normal() Postgres {
	p.Hosts, p.Replicas = texts(p.Hosts), texts(p.Replicas)
	p.Database, p.User = strings.TrimSpace(p.Database), strings.TrimSpace(p.User)
	p.ServerCA, p.ClientCertificate = certificates(p.ServerCA), certificates(p.ClientCertificate)
	if p.SSLMode == "" {
		p.SSLMode = "verify-full"
		if len(p.Hosts) > 0 && isSocket(p.Hosts[0]) {
			p.SSLMode = "disable"
		}
	}
	return p
}

func (r Redis) normal() Redis {
	r.Addresses = texts(r.Addresses)
	r.User, r.MasterName, r.SentinelUser = strings.TrimSpace(r.User), strings.TrimSpace(r.MasterName), strings.TrimSpace(r.SentinelUser)
	r.ServerCA, r.ClientCertificate = certificates(r.ServerCA), certificates(r.ClientCertificate)
	if r.Mode == "" {
		r.Mode = Single
	}
	if r.Mode != Sentinel {
		r.MasterName, r.SentinelUser = "", ""
	}
	if !r.TLS {
		r.ServerCA, r.ClientCertificate = "", ""
	}
	return r
}

func (w Workers) normal() Workers {
	w.Certificate, w.Trust = certificates(w.Certificate), certificates(w.Trust)
	if w.Mode == "" {
		w.Mode = NoCalls
	}
	if w.Mode != MutualTLS {
		w.Certificate, w.Trust = "", ""
	}
	var rules []Rewrite
	for _, r := range w.Rewrite {
		if r.From, r.To = strings.TrimSpace(r.From), strings.TrimSpace(r.To); r != (Rewrite{}) && w.Mode != NoCalls {
			rules = append(rules, r)
		}
	}
	w.Rewrite = rules
	return w
}

func (r Reach) normal() Reach {
	r.Address, r.User = strings.TrimSpace(r.Address), strings.TrimSpace(r.User)
	switch r.Kind {
	case "", Direct:
		return Reach{Kind: Direct}
	case SOCKS5:
		r.Auth, r.KnownHosts = "", ""
	case SSH:
		if r.KnownHosts = strings.TrimSpace(strings.ReplaceAll(r.KnownHosts, "\r\n", "\n")); r.KnownHosts != "" {
			r.KnownHosts += "\n"
		}
	}
	return r
}

func (l Logs) normal() Logs {
	l.Endpoint, l.Region, l.Bucket = strings.TrimSpace(l.Endpoint), strings.TrimSpace(l.Region), strings.TrimSpace(l.Bucket)
	l.AccessKey, l.AWSProfile = strings.TrimSpace(l.AccessKey), strings.TrimSpace(l.AWSProfile)
	l.Origins = texts(l.Origins)
	if l.Endpoint == "" {
		return Logs{Origins: l.Origins}
	}
	if l.Credentials != StaticCredentials {
		l.AccessKey = ""
	}
	if l.Credentials != ProfileCredentials {
		l.AWSProfile = ""
	}
	return l
}

// texts are the texts without what surrounds them, and without empty ones; nil if none is left.
func texts(list []string) (kept []string) {
	for _, text := range list {
		if text = strings.TrimSpace(text); text != "" {
			kept = append(kept, text)
		}
	}
	return kept
}

// certificates leaves the blocks of a PEM text. Where something in it is no block at all it stays as it is, for Validate to refuse.
func certificates(text string) string {
	var blocks strings.Builder
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		_ = pem.Encode(&blocks, &pem.Block{Type: block.Type, Bytes: block.Bytes}) // a Builder takes everything
	}
	if blocks.Len() == 0 {
		return strings.TrimSpace(text)
	}
	return blocks.String()
}

// isSocket tells the path of a Unix socket, or of its folder, from a host.
func isSocket(address string) bool { return path.IsAbs(address) }
