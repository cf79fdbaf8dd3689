package connect

import (
	"github.com/opsdeck/opsdeck/backend/logs"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/tunnel"
)

// openLogs prepares to read the logs that lie outside of the database, by the same way as the servers. Nothing is dialled before one
// is looked at.
func (c *Connection) openLogs(p profile.Profile, key profile.Secret, way *tunnel.Dialer) (*logs.Files, error) {
	l := p.Logs
	config := logs.Config{Origins: l.Origins}
	if p.Reach.Kind == profile.SSH || p.Reach.Kind == profile.SOCKS5 {
		config.Dial = way.To("logs")
	}
	if l.Endpoint != "" {
		config.S3 = logs.S3{
			Endpoint: l.Endpoint, Region: l.Region, Bucket: l.Bucket, Prefix: l.Prefix, PathStyle: l.PathStyle,
			Credentials: logs.Credentials(l.Credentials), Profile: l.AWSProfile, AccessKey: l.AccessKey, SecretKey: key.Reveal(),
		}
	}
	files, err := logs.New(config)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, files.Close)
	return files, nil
}
