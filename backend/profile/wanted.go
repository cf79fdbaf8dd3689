package profile

// Wanted are the secrets that an environment may need, in the order in which they are asked for. A password may be empty.
func (p Profile) Wanted() []SecretName {
	var names []SecretName
	add := func(wanted bool, name ...SecretName) {
		if wanted {
			names = append(names, name...)
		}
	}
	add(true, PostgresPassword)
	add(p.Postgres.ClientCertificate != "", PostgresClientKey)
	add(true, RedisPassword)
	add(p.Redis.Mode == Sentinel, SentinelPassword)
	add(p.Redis.ClientCertificate != "", RedisClientKey)
	add(p.Workers.Mode == MutualTLS, WorkerKey)
	add(p.Reach.Kind == SSH && p.Reach.Auth == Key, SSHKey, SSHKeyPassphrase)
	add(p.Reach.Kind == SOCKS5 && p.Reach.User != "", SocksPassword)
	add(p.Logs.Endpoint != "" && p.Logs.Credentials == StaticCredentials, S3SecretKey)
	return names
}
