import { forgetSecrets, type TypedSecrets } from '../../api/profiles.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { confirm } from '../../ui/confirm.ts'
import { notifyError, notifySuccess } from '../../ui/notify.ts'
import type { Kept, Typed } from './draft.ts'

/** What was typed as it goes to Go. */
export function secretsOf(typed: Typed): TypedSecrets {
  const { passphrase, new_passphrase: newPassphrase, new_passphrase_again: _, ...rest } = typed
  const set: Record<string, string> = {}
  const remove: string[] = []
  for (const [name, value] of Object.entries(rest)) {
    if (value === null) remove.push(name)
    else if (value !== undefined) set[name] = value
  }
  return { set, remove, ...(passphrase ? { passphrase } : {}), ...(newPassphrase ? { newPassphrase } : {}) }
}

/** The same for opening the profile once it is saved: the new passphrase is the passphrase then. */
export function secretsOnceSaved(typed: Typed): TypedSecrets {
  const { newPassphrase, ...secrets } = secretsOf(typed)
  return newPassphrase ? { ...secrets, passphrase: newPassphrase } : secrets
}

/** The field at which an error about secrets is shown. */
export function fieldOfFailure({ reason }: Failure, { byPassphrase }: Kept): string {
  if (reason === 'secrets.wrong_passphrase') return 'passphrase'
  if (reason === 'secrets.passphrase_wanted') return byPassphrase ? 'passphrase' : 'new_passphrase'
  return 'secrets_from.kind'
}

/** Forgets everything that is kept of a profile's secrets, if that is meant. */
export async function askToForget(signal: AbortSignal, id: string, name: string): Promise<boolean> {
  const sure = await confirm(signal, {
    title: t('profile.forget.title', { name: visible(name) }),
    body: t('profile.forget.text'),
    verb: t('profile.forget.verb'),
    danger: true,
  })
  if (!sure) return false
  try {
    await forgetSecrets(id)
    notifySuccess(t('profile.forgotten', { name: visible(name) }))
    return true
  } catch (thrown) {
    const failure = Failure.of(thrown)
    notifyError(failureText(failure))
    return failure.reason === 'secrets.key_left' // it is done but for the key
  }
}
