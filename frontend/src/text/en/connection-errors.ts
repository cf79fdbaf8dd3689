/** Errors on the way to an environment's servers, by the reason that Go gives. A part is a proper name: PostgreSQL, SSH. */
export const connectionErrors = {
  'error.postgres.auth_failed':
    'PostgreSQL at {address} refused the login. Check the user and the password, which may have been changed.',
  'error.postgres.conflict':
    'PostgreSQL at {address} gave the question up because something else had to go first. Ask again.',
  'error.postgres.no_tls':
    'PostgreSQL at {address} offers no TLS, which the profile’s sslmode demands. Have TLS turned on there.',
  'error.postgres.not_admitted':
    'PostgreSQL at {address} does not admit this login from here. Its pg_hba.conf must have a line for the user, the database and this network; it may want TLS or a client certificate, or the login may not log in.',
  'error.postgres.read_only':
    'PostgreSQL at {address} is a standby, which takes no changes: a failover has moved the primary elsewhere. Try again.',
  'error.postgres.replica_behind': 'The read replica at {address} is {lag} behind the primary, which is asked instead.',
  'error.postgres.replica_unfed':
    'The read replica at {address} receives nothing from the primary, which is asked instead. Check its replication.',
  'error.postgres.swapped':
    'The PostgreSQL at {address} is another server than the one that this profile knows (system identifier {found} instead of {known}). If you are sure that it is the right one, test the profile in its editor and accept the server there, or run “opsctl doctor --accept-server”.',
  'error.postgres.wrong_role':
    'None of the servers at {address} is what the profile wants (target_session_attrs). A failover may be under way; it is tried again.',
  'error.redis.auth_failed':
    'Redis at {address} refused the login. Check the user and the password, which may have been changed.',
  'error.redis.failing_over': 'Redis at {address} has no master just now: a failover is under way. It is tried again.',
  'error.redis.loading': 'Redis at {address} is starting and still reads its data. It is tried again.',
  'error.redis.no_address': 'The profile has no address of Redis.',
  'error.redis.no_sentinel':
    'None of the Sentinels at {address} names a master. Check the addresses, the master’s name and the Sentinels’ login.',
  'error.redis.timeout': 'Redis at {address} did not answer in time.',
  'error.trust.bad_ca':
    'The CA certificate for {part} can’t be read: it is PEM, from BEGIN CERTIFICATE to END CERTIFICATE.',
  'error.trust.bad_pair':
    'The client certificate for {part} and its key can’t be used: check that both are there, are PEM and belong together.',
  'error.trust.expired':
    'The certificate of {part} at {address} is valid from {from} to {until} only. Have it renewed; if it looks right, check this machine’s clock.',
  'error.trust.not_tls':
    '{part} at {address} does not speak TLS. Check the port, or turn TLS off in the profile if that is meant.',
  'error.trust.own_expired':
    '{part} at {address} refused our client certificate, which is valid from {from} to {until} only. Put a new one into the profile; if it looks right, check this machine’s clock.',
  'error.trust.own_missing': '{part} at {address} wants a client certificate. Put one with its key into the profile.',
  'error.trust.own_refused':
    '{part} at {address} does not accept our client certificate. Check that it was signed by the CA that the server trusts.',
  'error.trust.untrusted':
    '{part} at {address} shows a certificate that this profile does not trust. Give the profile the CA certificate that signed it; if there is one, somebody may be in between.',
  'error.trust.wrong_name':
    '{part} at {address} shows a certificate for other names ({names}). Use one of them as the address, or have the name added to the certificate.',
  'error.worker.bad_rewrite':
    '“{rule}” can’t be part of a rule for workers’ addresses: write host:port, such as 10.0.*:* or worker.example:50051.',
  'error.worker.certificate_expired':
    'The certificate of the worker at {address} is valid from {from} to {until} only. Have it renewed there; if it looks right, check this machine’s clock.',
  'error.worker.own_expired':
    'The worker at {address} refused our certificate, which is valid from {from} to {until} only. Put a new one into the profile; if it looks right, check this machine’s clock.',
  'error.tunnel.agent_empty': 'The SSH agent holds no key. Add yours with ssh-add.',
  'error.tunnel.bad_address': '“{address}” is no address of a jump host or proxy: write host:port.',
  'error.tunnel.bad_key':
    'The private key for the jump host can’t be read. It is the text of a file such as id_ed25519, from BEGIN to END.',
  'error.tunnel.bad_known_hosts':
    'Line {line} of the jump host’s known keys can’t be read. It looks like the output of ssh-keyscan.',
  'error.tunnel.channel_refused':
    'The jump host {jump} can’t reach {address} ({part}). Check that address as it is seen from the jump host, and that the server runs.',
  'error.tunnel.forwarding_forbidden':
    'The jump host {jump} does not allow connections to {address} ({part}). Its AllowTcpForwarding and PermitOpen, or the key’s options, must permit them.',
  'error.tunnel.host_key_changed':
    'The jump host {jump} shows the key {fingerprint}, which is not the one that the profile knows. Somebody may be in between. Ask its administrator before the profile is given the new key.',
  'error.tunnel.host_key_revoked':
    'The jump host {jump} shows the key {fingerprint}, which the profile has as revoked. Don’t connect; ask its administrator.',
  'error.tunnel.host_key_unknown':
    'The profile does not know the jump host {jump}, which shows the key {fingerprint}. Compare it with what its administrator says, then add the key to the profile.',
  'error.tunnel.no_agent':
    'No SSH agent answers. Start Opsdeck where SSH_AUTH_SOCK names one, or give the profile a private key.',
  'error.tunnel.no_answer':
    'Nothing answers at {address} ({part}). Check the address; a firewall may be in between, or a VPN missing.',
  'error.tunnel.no_key': 'The profile has no private key for the jump host. Give one, or use the SSH agent.',
  'error.tunnel.no_passphrase': 'The private key for the jump host is locked: its passphrase is missing.',
  'error.tunnel.not_socks':
    'What answers at {proxy} is no SOCKS5 proxy, or it broke off. Check the address of the profile’s proxy.',
  'error.tunnel.refused':
    '{address} refuses connections ({part}). Check that the server runs and listens on that address and port.',
  'error.tunnel.socks_auth':
    'The SOCKS5 proxy at {proxy} refused the login. Check the user and the password of the profile’s proxy.',
  'error.tunnel.socks_forbidden':
    'The SOCKS5 proxy at {proxy} does not allow connections to {address} ({part}). Ask for a rule that lets them pass.',
  'error.tunnel.socks_no_answer':
    'The SOCKS5 proxy at {proxy} did not open a connection to {address} ({part}) in time.',
  'error.tunnel.socks_refused':
    'The SOCKS5 proxy at {proxy} can’t reach {address} ({part}): {answer}. Check that address as it is seen from the proxy.',
  'error.tunnel.ssh_algorithms':
    'The jump host {jump} and Opsdeck have no SSH algorithm in common: the server is very old, or the profile knows it by a kind of key that it no longer has.',
  'error.tunnel.ssh_auth':
    'The jump host {jump} does not let {user} in with this key. Check the user, and that the key stands in the user’s authorized_keys there.',
  'error.tunnel.ssh_handshake':
    'What answers at {jump} is no SSH server, or it broke off the handshake. Check the address of the profile’s jump host.',
  'error.tunnel.ssh_lost':
    'The connection to the jump host {jump} broke, or it did not open the way to {address} ({part}) in time.',
  'error.tunnel.ssh_silent':
    'The jump host {jump} accepts the connection and then says nothing. Check that it is an SSH server, and how it is.',
  'error.tunnel.ssh_slow': 'The jump host {jump} is still being connected to. Try again in a moment.',
  'error.tunnel.unknown_way': 'There is no way “{way}” to an environment.',
  'error.tunnel.unreachable': 'There is no way from here to {address} ({part}). Check the address and the network.',
  'error.tunnel.unresolved': 'The name {host} is unknown here. Check its spelling, and this machine’s DNS or VPN.',
  'error.tunnel.wrong_passphrase': 'The passphrase does not open the private key for the jump host.',
} as const
