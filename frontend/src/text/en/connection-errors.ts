/** Errors on the way to an environment's servers, by the reason that Go gives. A part is a proper name: PostgreSQL, SSH. */
export const connectionErrors = {
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
