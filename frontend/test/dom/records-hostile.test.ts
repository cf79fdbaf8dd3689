import { html, render } from 'lit-html'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { auditColumns } from '../../src/pages/audit/columns.ts'
import { entryView } from '../../src/pages/audit/dialog.ts'
import { eventColumns } from '../../src/pages/events/columns.ts'
import { eventView } from '../../src/pages/events/dialog.ts'
import { causeColumns } from '../../src/pages/failures/columns.ts'
import { settingColumns } from '../../src/pages/settings/columns.ts'
import { settingView } from '../../src/pages/settings/dialog.ts'
import { reloadNote } from '../../src/pages/settings/reload.ts'
import { type Column, createTable } from '../../src/ui/table.ts'
import { NOW } from './fixtures.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { aFailureList, aGroup, aList, anEntry, anEvent, aReload, aSetting } from './record-fixtures.ts'
import { stage } from './stage.ts'

const on = stage()
const now = new Date(NOW)

/** Puts rows through the real table with every column shown. */
function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  createTable<Row>(on.host, on.life.signal, {
    id: `hostile-${columns[0]?.key}`,
    label: 'rows',
    columns: columns.map((c) => ({ ...c, hidden: false })),
    key: (row) => String(rows.indexOf(row)),
    empty: { kind: 'empty', title: 'none' },
  }).update(rows)
}

describe.each(HOSTILE)('the text %j', (hostile) => {
  const setting = () =>
    aSetting({
      key: hostile,
      known: false,
      group: hostile,
      type: 'choice',
      default: hostile,
      min: hostile,
      choices: [hostile],
      value: hostile,
      failure: new Failure('invalid', hostile, hostile),
      help: { title: hostile, description: hostile, impact: hostile, examples: [hostile] },
      change: { actor: hostile, action: hostile, at: NOW, auditId: hostile },
    })
  const entry = () =>
    anEntry({
      actor: hostile,
      action: hostile,
      target: hostile,
      detail: JSON.stringify({ [hostile]: hostile }),
      written: hostile,
      chain: hostile,
    })
  const event = () =>
    anEvent({
      type: hostile,
      payload: JSON.stringify([hostile]),
      dedupeKey: hostile,
      runs: [{ id: hostile, jobId: hostile, jobName: hostile, state: hostile }],
    })
  const group = () =>
    aGroup({
      cause: `${hostile} {n} ${hostile}`,
      state: hostile,
      lastRunId: hostile,
      jobs: [{ id: hostile, name: hostile, runs: 1 }],
      searchText: hostile,
    })

  it.each([
    [
      'settings',
      () =>
        table(
          settingColumns(() => undefined),
          [{ setting: setting(), now }],
        ),
    ],
    [
      'audit',
      () =>
        table(
          auditColumns(() => undefined),
          [{ entry: entry(), now }],
        ),
    ],
    [
      'events',
      () =>
        table(
          eventColumns(() => undefined),
          [{ event: event(), now }],
        ),
    ],
    ['failures', () => table(causeColumns(), [{ group: group(), list: aFailureList([group()]), now }])],
    ['dialogs', () => render(html`${settingView(setting(), now)}${entryView(entry())}${eventView(event())}`, on.host)],
    [
      'requests',
      () => {
        const reload = aReload({ requestedBy: hostile, status: hostile, leaderId: hostile })
        render(
          reloadNote(aList({ reloads: [reload, reload], leader: hostile }), now, () => undefined),
          on.host,
        )
      },
    ],
  ] as [string, () => void][])('stays a text on the screen of %s', (_, show) => {
    show()
    for (const drawn of on.host.querySelectorAll('svg.ops-spark')) drawn.remove() // our own
    expect(intruders(on.host)).toEqual([])
    expect(Reflect.get(globalThis, 'owned')).toBeUndefined()
    for (const link of on.host.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^#\/ops\//)
    expect(on.text().length).toBeGreaterThan(1)
  })
})
