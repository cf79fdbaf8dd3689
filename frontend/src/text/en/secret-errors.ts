/** Errors about the secrets of a profile, by the reason that Go gives. */
export const secretErrors = {
  'error.secrets.answers_wanted': 'The profile keeps no secrets. Enter them.',
  'error.secrets.command_failed':
    'The program that gives this profile’s secrets, {program}, {how}. Run it in a terminal to see why.',
  'error.secrets.damaged':
    'The file with this profile’s secrets is damaged or was changed, and can’t be opened. Enter the secrets again.',
  'error.secrets.key_left':
    'It is done, but the keyring still has the key {account}. It opens nothing any more; remove it there when you can.',
  'error.secrets.key_missing':
    'The keyring has no key for this profile, so that its secrets can’t be opened. Enter them again.',
  'error.secrets.keyring_denied':
    'The keyring does not let Opsdeck in. Allow it there, and try again. Or let the profile ask for a passphrase or for the secrets instead.',
  'error.secrets.keyring_failed':
    'The keyring failed; the log says how. Or let the profile ask for a passphrase or for the secrets instead.',
  'error.secrets.keyring_locked':
    'The keyring is locked. Unlock it with its password, and try again. Or let the profile ask for a passphrase or for the secrets instead.',
  'error.secrets.keyring_silent':
    'The keyring has not answered. It may be asking for its password in a window of its own: answer that, and try again.',
  'error.secrets.newer': 'The secrets were sealed by a newer Opsdeck. Update Opsdeck.',
  'error.secrets.no_bus':
    'The keyring can’t be reached, since this session has no message bus (D-Bus). Start Opsdeck in a desktop session. Or let the profile ask for a passphrase or for the secrets instead.',
  'error.secrets.no_keyring':
    'No keyring runs in this session. Install and start one, such as gnome-keyring or KWallet. Or let the profile ask for a passphrase or for the secrets instead.',
  'error.secrets.not_kept': 'This profile keeps no secrets, so that none can be entered here.',
  'error.secrets.other_servers':
    'The secrets were entered for other servers, another user or another way than the profile says now, and stay closed. If the profile is right, enter them again.',
  'error.secrets.passphrase_wanted': 'The profile’s secrets are sealed by a passphrase. Enter it.',
  'error.secrets.sign_failed': 'The keyring does not give your key for signing archives; the log says why.',
  'error.secrets.sign_locked':
    'The keyring that has your key for signing archives is locked. Unlock it with its password, and try again.',
  'error.secrets.sign_no_keyring':
    'No keyring can be reached, and the key for signing archives lies in one. Start Opsdeck in a desktop session with a keyring, such as gnome-keyring or KWallet.',
  'error.secrets.wrong_passphrase': 'This passphrase does not open the profile’s secrets.',
} as const
