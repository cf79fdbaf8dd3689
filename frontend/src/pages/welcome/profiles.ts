import { html, nothing, render, type TemplateResult } from 'lit-html'
import {
  type Card,
  deleteProfile,
  duplicateProfile,
  exportProfile,
  listProfiles,
  readImport,
  saveProfile,
} from '../../api/profiles.ts'
import { closeEnvironment, onSession, session, show } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { age } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { navigate, pathTo } from '../../lib/router.ts'
import { t, tryText } from '../../text/text.ts'
import { environment, swatch } from '../../ui/badge.ts'
import { confirm } from '../../ui/confirm.ts'
import { face, failureFace, loadingFace } from '../../ui/face.ts'
import { menu } from '../../ui/menu.ts'
import { notifyError, notifySuccess } from '../../ui/notify.ts'
import { routes } from '../../ui/routes.ts'
import { foreign } from '../../ui/text.ts'
import { KINDS } from '../profile/fields.ts'
import { openEnvironment } from '../profile/open.ts'
import { askName } from './name.ts'

/** The most that an exported profile may hold, in bytes. */
const MAX_FILE = 1024 * 1024

/** The environments that can be opened, by kind, the one that was used last first. */
export function profileList(host: HTMLElement, signal: AbortSignal): void {
  let cards: readonly Card[] | undefined
  let failure: Failure | undefined

  async function load(): Promise<void> {
    try {
      cards = await listProfiles()
      failure = undefined
    } catch (thrown) {
      failure = Failure.of(thrown)
    }
    if (!signal.aborted) draw()
  }

  /** Does something, says what went wrong, and reads the list again. */
  async function act(action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
    await load()
  }

  async function remove(card: Card): Promise<void> {
    const sure = await confirm(signal, {
      title: t('profiles.delete', { name: nameOf(card) }),
      body: t('profiles.delete.text'),
      verb: t('profiles.delete.verb'),
      danger: true,
    })
    if (sure) await act(() => deleteProfile(card.id))
  }

  async function duplicate(card: Card): Promise<void> {
    const name = await askName(signal, t('profiles.duplicate', { name: nameOf(card) }), card.name)
    if (name === undefined) return
    await act(async () => {
      const { problems, id } = await duplicateProfile(card.id, name)
      const [problem] = problems
      if (problem) throw problem.failure
      navigate(pathTo(routes.profile, { id }))
    })
  }

  async function save(card: Card): Promise<void> {
    await act(async () => {
      const path = await exportProfile(card.id, t('profiles.export.title'))
      if (path !== '') notifySuccess(t('profiles.exported', { path: visible(path) }))
    })
  }

  async function take(file: File): Promise<void> {
    await act(async () => {
      if (file.size > MAX_FILE) throw new Failure('invalid', 'profile.too_large', '', { bytes: String(MAX_FILE) })
      const found = await readImport(await file.text())
      const sure = await confirm(signal, {
        title: t('profiles.import.title', { name: visible(found.profile.name) }),
        body: importBody(found.replaces, found.profile.kind, found.notes),
        verb: found.replaces === '' ? t('profiles.import.verb') : t('profiles.import.replace'),
        danger: found.replaces !== '',
      })
      if (!sure) return
      const { problems, id } = await saveProfile(found.profile, found.revision, {})
      const [problem] = problems
      if (problem) throw problem.failure
      navigate(pathTo(routes.profile, { id }))
    })
  }

  function draw(): void {
    if (failure || !cards) {
      render(face(failure ? failureFace(failure, () => void load()) : loadingFace()), host)
      return
    }
    const list = cards
    const groups = [...KINDS, 'other'].map((kind) => [kind, list.filter((c) => groupOf(c) === kind)] as const)
    render(
      html`<div class="ops-profiles-head">
          <h2 class="h6 mb-0" id="ops-profiles-title">${t('welcome.environments')}</h2>
          <div class="ops-page-actions">${importButton()}${addButton('')}</div>
        </div>
        ${list.length === 0 ? firstSteps() : nothing}
        ${groups
          .filter(([, members]) => members.length > 0)
          .map(
            ([kind, members]) => html`<div class="ops-profiles-group" role="group" aria-label=${groupName(kind)}>
              <h3 class="ops-profiles-kind">${groupName(kind)}</h3>
              <ul class="ops-profiles">${members.map(row)}</ul>
            </div>`,
          )}`,
      host,
    )
  }

  function importButton(): TemplateResult {
    const pick = (event: Event) => {
      const picker = event.target as HTMLInputElement
      const [file] = picker.files ?? []
      if (file) void take(file)
      picker.value = ''
    }
    return html`<label class="btn btn-sm btn-outline-secondary ops-file-button"
      ><i class="bi bi-box-arrow-in-down" aria-hidden="true"></i> ${t('profiles.import')}
      <input type="file" class="visually-hidden" accept=".json,application/json" @change=${pick}
    /></label>`
  }

  /** What an operator does first, when there is nothing yet. */
  function firstSteps(): TemplateResult {
    return html`<section class="ops-card ops-first" aria-labelledby="ops-first-title">
      <h3 class="h6" id="ops-first-title">${t('first.title')}</h3>
      <p>${t('first.about')}</p>
      <ol>
        <li>${t('first.try')}</li>
        <li>${t('first.login')}</li>
        <li>${t('first.add')}</li>
        <li>${t('first.test')}</li>
      </ol>
      <div class="ops-card-actions">
        ${(['development', 'staging', 'production'] as const).map((kind) => addButton(kind))}
      </div>
    </section>`
  }

  function addButton(kind: '' | 'development' | 'staging' | 'production'): TemplateResult {
    const address = pathTo(routes.newProfile, {}, kind === '' ? {} : { kind })
    const style = kind === '' ? 'btn-sm btn-primary' : 'btn-sm btn-outline-primary'
    return html`<a class="btn ${style}" href=${address}
      ><i class="bi bi-plus-lg" aria-hidden="true"></i>
      ${kind === '' ? t('profiles.add') : t('profiles.add.kind', { kind: t(`environment.${kind}`) })}</a
    >`
  }

  function row(card: Card): TemplateResult {
    const { open, opening } = session()
    const now = open.find((one) => one.id === card.id && !one.archive)
    const way = opening?.id === card.id ? opening : undefined
    const busy = way !== undefined && !way.failure
    return html`<li class="ops-card ops-profile-card" data-profile=${card.id}>
      <div class="ops-card-head">
        <span class="ops-profile-name">${environment(card.kind || 'production', '')} ${swatch(card.color)}<b>${foreign(nameOf(card))}</b></span>
        <span class="ops-soft" role="status">${stateOf(card, now !== undefined, busy)}</span>
      </div>
      ${
        card.failure
          ? html`<div class="ops-card-error" role="alert">${failureText(card.failure)}</div>`
          : html`<p>${placeOf(card)}</p>`
      }
      ${busy && way ? html`<p aria-live="polite"><i class="bi bi-hourglass-split" aria-hidden="true"></i> ${tryText(`profiles.step.${way.step}`, {}) ?? t('connection.opening')}</p>` : nothing}
      ${
        way?.failure
          ? html`<div class="ops-card-error" role="alert">
            ${failureText(way.failure)}
            <div class="ops-soft">${t('profiles.failed')}</div>
          </div>`
          : nothing
      }
      <div class="ops-card-actions">${actions(card, now?.key, busy)}</div>
    </li>`
  }

  function actions(card: Card, key: string | undefined, busy: boolean): TemplateResult {
    const edit = html`<a class="btn btn-sm btn-outline-secondary" href=${pathTo(routes.profile, { id: card.id })}>
      ${t('profiles.edit')}<span class="visually-hidden"> ${visible(nameOf(card))}</span></a
    >`
    const button = (style: string, word: string, run: () => Promise<unknown>) =>
      html`<button type="button" class="btn btn-sm ${style}" @click=${() => void act(run)}>
        ${word}<span class="visually-hidden"> ${visible(nameOf(card))}</span>
      </button>`
    const more = menu(t('profiles.more', { name: visible(nameOf(card)) }), [
      ...(card.failure
        ? []
        : [
            { label: t('profiles.duplicate.verb'), icon: 'bi-copy', run: () => void duplicate(card) },
            { label: t('profiles.export'), icon: 'bi-box-arrow-up', run: () => void save(card) },
          ]),
      { label: t('profiles.delete.verb'), icon: 'bi-trash', danger: true, run: () => void remove(card) },
    ])
    if (busy) return html`${button('btn-outline-secondary', t('action.cancel'), closeEnvironment)}`
    if (key !== undefined) {
      return html`${button('btn-primary', t('profiles.show'), () => show(key))}
      ${button('btn-outline-secondary', t('profiles.close'), closeEnvironment)} ${edit} ${more}`
    }
    if (card.failure) return html`${more}`
    return html`${button('btn-primary', t('profile.open'), () => openEnvironment(signal, card))} ${edit} ${more}`
  }

  onSession(signal, draw)
  draw()
  void load()
}

const nameOf = (card: Card) => (card.name === '' ? card.id : card.name)

function groupOf(card: Card): string {
  return (KINDS as readonly string[]).includes(card.kind) ? card.kind : 'other'
}

function groupName(kind: string): string {
  return tryText(`environment.${kind}`, {}) ?? t('profiles.unreadable')
}

function stateOf(card: Card, open: boolean, busy: boolean): string {
  if (open) return t('profiles.state.open')
  if (busy) return t('connection.opening')
  return card.lastOpened
    ? t('profiles.state.opened', { age: age(card.lastOpened, new Date()) })
    : t('profiles.state.never')
}

/** Whom it opens as, where, and how it gets there. */
function placeOf(card: Card): TemplateResult {
  const more = card.hosts > 1 ? t('profiles.hosts', { n: card.hosts - 1 }) : ''
  const way = card.reach === 'direct' ? '' : (tryText(`profile.option.reach.kind.${card.reach}`, {}) ?? card.reach)
  return html`<span class="ops-mono">${foreign(`${card.user}@${card.host}/${card.database}`)}</span> ${more}
    ${way === '' ? nothing : html`<span> · ${way}</span>`}`
}

function importBody(replaces: string, kind: string, notes: readonly string[]): TemplateResult {
  return html`<p>${environment(kind, '')}</p>
    <p>${replaces === '' ? t('profiles.import.new') : t('profiles.import.replaces', { name: visible(replaces) })}</p>
    <ul class="mb-0">
      ${notes.map((note) => html`<li>${tryText(`profiles.note.${note}`, {}) ?? visible(note)}</li>`)}
    </ul>`
}
