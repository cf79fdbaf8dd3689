import { html, render } from 'lit-html'
import { getProfile, listProfiles, openProfile, type TypedSecrets } from '../../api/profiles.ts'
import { session } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { navigate, pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { confirm } from '../../ui/confirm.ts'
import { openModal } from '../../ui/modal.ts'
import { notifyError } from '../../ui/notify.ts'
import { routes } from '../../ui/routes.ts'
import { draftOf } from './draft.ts'
import { type Field, usedSecrets } from './fields.ts'
import { labelOf } from './form.ts'

/** Opens an environment: asks before another live one is closed, and for what it asks for each time. */
export async function openEnvironment(
  signal: AbortSignal,
  { id, name }: { id: string; name: string },
  entered: TypedSecrets = {},
): Promise<void> {
  if (await mayClose(signal, name)) await openAsking(signal, id, entered)
}

/** The environment with an id or a name, for what leads to it from outside and has asked already. */
export async function findEnvironment(
  signal: AbortSignal,
  wanted: string,
): Promise<{ name: string; open(): Promise<void> } | undefined> {
  const cards = (await listProfiles()).filter((card) => !card.failure)
  const found = cards.find(({ id }) => id === wanted) ?? cards.find(({ name }) => name === wanted)
  return found && { name: found.name, open: () => openAsking(signal, found.id, {}) }
}

async function openAsking(signal: AbortSignal, id: string, entered: TypedSecrets): Promise<void> {
  try {
    const { name } = (await getProfile(id)).profile
    const typed = await secretsFor(signal, { id, name }, entered)
    if (!typed) return
    const { environment } = await openProfile(id, typed)
    if (!environment) navigate(pathTo(routes.welcome)) // which tells how it goes
  } catch (thrown) {
    notifyError(failureText(Failure.of(thrown)))
  }
}

/** What a profile asks for each time that it is opened; undefined when the operator declines. */
export async function secretsFor(
  signal: AbortSignal,
  { id, name }: { id: string; name: string },
  entered: TypedSecrets = {},
): Promise<TypedSecrets | undefined> {
  const { profile, byPassphrase } = await getProfile(id)
  if (signal.aborted) return undefined
  const wanted = wantedOf(profile.secrets_from.kind, byPassphrase, usedSecrets(draftOf(profile)))
  const missing = wanted.filter((field) => !has(entered, field.name))
  return missing.length === 0 ? entered : askFor(signal, name, wanted, entered)
}

const PASSPHRASE: Field = { name: 'passphrase', kind: 'passphrase' }

/** What has to be typed to open a profile, by where its secrets come from and how what is kept is sealed. */
function wantedOf(from: string, byPassphrase: boolean, used: Field[]): Field[] {
  if (from === 'ask') return used
  return byPassphrase && from !== 'command' ? [PASSPHRASE] : []
}

const has = (typed: TypedSecrets, name: string) =>
  name === 'passphrase' ? typed.passphrase !== undefined : typed.set?.[name] !== undefined

/** Whether the live environment that is open may be closed for another one. */
async function mayClose(signal: AbortSignal, name: string): Promise<boolean> {
  const live = session().open.find((one) => !one.archive)
  if (!live) return true
  return confirm(signal, {
    title: t('profile.switch', { name: visible(name) }),
    body: t('profile.switch.text', { name: visible(live.name) }),
    verb: t('profile.switch.verb'),
  })
}

/** Asks for secrets; undefined when the operator declines. An empty field means that there is none. */
function askFor(
  signal: AbortSignal,
  name: string,
  fields: readonly Field[],
  entered: TypedSecrets,
): Promise<TypedSecrets | undefined> {
  return new Promise((resolve) => {
    const values: Record<string, string> = { ...entered.set }
    let answer: TypedSecrets | undefined
    const accept = () => {
      const { passphrase, ...set } = values
      answer = { set: notEmpty(set), ...(passphrase ? { passphrase } : {}) }
      modal.close()
    }
    const body = document.createElement('form')
    body.className = 'd-grid gap-3'
    body.addEventListener('submit', (event) => {
      event.preventDefault()
      accept()
    })
    const modal = openModal(signal, {
      title: t('profile.ask', { name: visible(name) }),
      body: html`<p>${t('profile.ask.about')}</p>${body}`,
      close: t('action.cancel'),
      footer: html`<button type="button" class="btn btn-primary" @click=${accept}>${t('profile.open')}</button>`,
      onClose: () => resolve(answer),
    })
    render(
      html`${fields.map((field) => askField(field, values))}
        <button type="submit" hidden></button>`,
      body,
    )
    modal.element.addEventListener(
      'shown.bs.modal',
      () => body.querySelector<HTMLElement>('input, textarea')?.focus(),
      { once: true },
    )
  })
}

function askField(field: Field, values: Record<string, string>) {
  const id = `profile-ask-${field.name}`
  const take = (event: Event) => {
    values[field.name] = (event.target as HTMLInputElement).value
  }
  const box =
    field.kind === 'secretPem'
      ? html`<textarea class="form-control ops-mono" id=${id} rows="3" autocomplete="off" spellcheck="false" @input=${take}></textarea>`
      : html`<input type="password" class="form-control" id=${id} autocomplete="off" .value=${values[field.name] ?? ''} @input=${take} />`
  return html`<div><label class="form-label" for=${id}>${labelOf(field)}</label>${box}</div>`
}

function notEmpty(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}
