import { html, nothing, render } from 'lit-html'
import { type Found, getProfile, type Profile, readURL, saveProfile, testProfile } from '../api/profiles.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { handover } from '../lib/handover.ts'
import { guardLeaving } from '../lib/leave.ts'
import { navigate, type Page, pathTo } from '../lib/router.ts'
import { t, tryText } from '../text/text.ts'
import { confirm } from '../ui/confirm.ts'
import { face, failureFace, loadingFace } from '../ui/face.ts'
import { notifyError, notifySuccess } from '../ui/notify.ts'
import { pageFrame } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import {
  type Draft,
  draftOf,
  type Kept,
  NEW_PROFILE,
  NOTHING_KEPT,
  profileOf,
  sameDraft,
  type Typed,
  withKind,
} from './profile/draft.ts'
import { KINDS } from './profile/fields.ts'
import { idOf, profileForm } from './profile/form.ts'
import { openEnvironment } from './profile/open.ts'
import { askToForget, fieldOfFailure, secretsOf, secretsOnceSaved } from './profile/secrets.ts'
import { askToAccept } from './profile/server.ts'
import { type TestState, testPanel } from './profile/test.ts'

/** The editor of a profile that is there; the address may name the field that it is about. */
export const profilePage: Page = (host, signal, { path, query }) =>
  edit(host, signal, path['id'] ?? '', '', query.get('field') ?? '')

/** The editor of a new profile; the address may say its kind. */
export const newProfilePage: Page = (host, signal, { query }) => edit(host, signal, '', query.get('kind') ?? '')

function edit(host: HTMLElement, signal: AbortSignal, id: string, kind = '', wanted = ''): void {
  const frame = pageFrame(host, id === '' ? t('profile.new') : t('profile.edit'), { lead: t('profile.lead') })
  let base: Profile = NEW_PROFILE
  let saved = draftOf(base)
  let draft: Draft = (KINDS as readonly string[]).includes(kind) ? withKind(saved, kind) : saved
  let revision = ''
  let kept = NOTHING_KEPT
  let typed: Typed = {}
  let urls: Record<string, string> = {}
  let errors = new Map<string, string>()
  let failure: Failure | undefined
  let loading = id !== ''
  let busy = false
  let test: TestState = { phase: 'none', found: [] }
  let testLife = new AbortController()
  signal.addEventListener('abort', () => {
    testLife.abort()
    if (!loading) handed.give({ id, base, saved, draft, revision, kept, typed, urls })
    typed = {} // the page's memory of secrets ends with the form
    urls = {}
  })

  const dirty = () => !sameDraft(draft, saved) || Object.values(typed).some((value) => value !== undefined)
  let lift: (() => void) | undefined
  const guard = () => {
    if (dirty() && !lift) {
      lift = guardLeaving(signal, () =>
        confirm(signal, {
          title: t('profile.leave'),
          body: t('profile.leave.text'),
          verb: t('profile.leave.verb'),
          danger: true,
        }),
      )
    } else if (!dirty() && lift) {
      lift()
      lift = undefined
    }
  }

  async function load(): Promise<void> {
    try {
      const found = await getProfile(id)
      if (signal.aborted) return
      ;({ profile: base, revision } = found)
      kept = { names: found.kept, byPassphrase: found.byPassphrase, unknown: found.keptFailure !== undefined }
      saved = draftOf(base)
      draft = saved
      if (found.keptFailure) errors.set('secrets_from.kind', failureText(found.keptFailure))
      frame.heading(t('profile.edit.name', { name: base.name }))
      loading = false
    } catch (thrown) {
      failure = Failure.of(thrown)
    }
    if (signal.aborted) return
    draw()
    if (wanted !== '') document.getElementById(idOf(wanted))?.focus()
  }

  /** Saves, and gives the profile's id; "" when something is wrong. */
  async function save(): Promise<string> {
    if (typed['new_passphrase'] !== typed['new_passphrase_again']) {
      errors.set('new_passphrase_again', t('profile.passphrase.differs'))
      draw()
      focusFirstError()
      return ''
    }
    busy = true
    draw()
    try {
      const result = await saveProfile(profileOf(draft, base), revision, secretsOf(typed))
      if (signal.aborted) return ''
      errors = new Map(result.problems.map(({ field, failure }) => [field, failureText(failure)]))
      if (result.problems.length > 0) return ''
      saved = draft
      typed = {}
      guard()
      notifySuccess(t('profile.saved', { name: String(draft['name']) }))
      if (result.dropped.length > 0) {
        notifyError(
          t('profile.dropped', { names: result.dropped.map((n) => tryText(`profile.field.${n}`, {}) ?? n).join(', ') }),
        )
      }
      return result.id
    } catch (thrown) {
      const failure = Failure.of(thrown)
      if (failure.reason.startsWith('secrets.')) errors.set(fieldOfFailure(failure, kept), failureText(failure))
      else notifyError(failureText(failure))
      return ''
    } finally {
      busy = false
      if (!signal.aborted) {
        draw()
        focusFirstError()
      }
    }
  }

  async function saveAndStay(): Promise<void> {
    const savedId = await save()
    if (savedId === '' || signal.aborted) return
    if (id === '') navigate(pathTo(routes.profile, { id: savedId }))
    else await load()
  }

  async function saveAndOpen(): Promise<void> {
    const entered = secretsOnceSaved(typed) // what was typed just now need not be typed again
    const savedId = dirty() || id === '' ? await save() : id
    if (savedId === '' || signal.aborted) return
    await openEnvironment(signal, { id: savedId, name: String(draft['name']) }, entered)
  }

  async function fill(server: 'postgres' | 'redis'): Promise<void> {
    try {
      const { fields, password } = await readURL(server, urls[server] ?? '')
      const read = draftOf({ ...profileOf(draft, base), ...fields })
      const filled = Object.entries(read).filter(([name, value]) => name.startsWith(`${server}.`) && value !== '')
      draft = { ...draft, ...Object.fromEntries(filled) }
      if (password !== '') typed[`${server}_password`] = password
      urls[server] = '' // it may hold the password
      errors.delete(`url.${server}`)
    } catch (thrown) {
      errors.set(`url.${server}`, failureText(Failure.of(thrown)))
    }
    guard()
    draw()
  }

  async function tryOut(): Promise<void> {
    testLife.abort()
    testLife = new AbortController()
    const { signal: life } = testLife
    test = { phase: 'running', found: [] }
    draw()
    try {
      await testProfile(
        profileOf(draft, base),
        secretsOf(typed),
        (found) => {
          if (life.aborted) return
          test = { ...test, found: [...test.found, found].sort((a, b) => a.seq - b.seq) }
          draw()
        },
        life,
      )
      if (!life.aborted) test = { ...test, phase: 'over' }
    } catch (thrown) {
      if (!life.aborted) test = { phase: 'over', found: [], failure: Failure.of(thrown) }
    }
    if (!signal.aborted) draw()
  }

  function stopTest(): void {
    testLife.abort()
    test = { ...test, phase: 'over' }
    draw()
  }

  async function accept(found: Found): Promise<void> {
    if (!(await askToAccept(signal, id, base.name, found)) || signal.aborted) return
    test = { phase: 'none', found: [] }
    draw()
  }

  async function forget(): Promise<void> {
    if (!(await askToForget(signal, id, base.name)) || signal.aborted) return
    kept = NOTHING_KEPT
    errors.delete('secrets_from.kind')
    draw()
  }

  function focusFirstError(): void {
    for (const name of errors.keys()) {
      const field = document.getElementById(idOf(name))
      if (!field) continue
      field.focus()
      return
    }
  }

  function draw(): void {
    if (failure || loading) {
      render(face(failure ? failureFace(failure) : loadingFace()), frame.body)
      return
    }
    const form = profileForm(
      { draft, errors, kept, typed, urls },
      {
        change(next, field) {
          draft = next
          errors.delete(field)
          guard()
          draw()
        },
        secret(name, value) {
          typed[name] = value
          errors.delete(name)
          guard()
          draw()
        },
        url(section, text) {
          urls[section] = text
          draw()
        },
        readURL: (section) => void fill(section),
        forget: () => void forget(),
      },
    )
    render(
      html`<form class="ops-job-edit ops-profile" @submit=${(event: Event) => event.preventDefault()}>
        <div>
          ${form}
          <div class="ops-form-actions">
            <button type="button" class="btn btn-primary" ?disabled=${busy} @click=${() => void saveAndStay()}>
              ${t('profile.save')}
            </button>
            <button type="button" class="btn btn-outline-primary" ?disabled=${busy} @click=${() => void saveAndOpen()}>
              ${t('profile.saveAndOpen')}
            </button>
            <a class="btn btn-outline-secondary" href=${pathTo(routes.welcome)}>${t('profile.back')}</a>
            ${dirty() ? html`<span class="ops-soft">${t('profile.unsaved')}</span>` : nothing}
          </div>
        </div>
        <aside class="ops-job-preview" aria-label=${t('profile.test')}>
          ${testPanel(test, {
            start: () => void tryOut(),
            stop: stopTest,
            ...(id === '' ? {} : { accept: (found) => void accept(found) }),
          })}
        </aside>
      </form>`,
      frame.body,
    )
  }

  const before = handed.take()
  if (before?.id === id) {
    ;({ base, saved, draft, revision, kept, typed, urls } = before)
    if (id !== '') frame.heading(t('profile.edit.name', { name: base.name }))
    loading = false
    guard()
  }
  draw()
  if (loading) void load()
}

/** A form with everything that was typed into it. */
interface Form {
  id: string
  base: Profile
  saved: Draft
  draft: Draft
  revision: string
  kept: Kept
  typed: Typed
  urls: Record<string, string>
}

const handed = handover<Form>()
