import { render } from 'lit-html'
import { describe, expect, it } from 'vitest'
import { causeCell, causeLink } from '../../src/pages/failures/columns.ts'
import { aGroup } from './record-fixtures.ts'
import { stage } from './stage.ts'

const on = stage()

describe('a cause', () => {
  it('shows what stands for the parts that differ', () => {
    render(causeCell('order {n} at {path} of {user}'), on.host)
    expect(on.text()).toBe('order number at path of {user}')
    expect(on.host.querySelectorAll('.ops-blank').length).toBe(2)
  })

  it('leads to its runs and to no others of its state, time and job', () => {
    expect(decodeURIComponent(causeLink(aGroup()).replaceAll('+', ' '))).toBe(
      '#/ops/runs/?state=FAILED&job=3&from=2026-11-23T09:59:00.123Z&before=2026-11-23T10:59:00.124Z&error=no disk left for order',
    )
    const jobs = [
      { id: '3', name: 'a', runs: 1 },
      { id: '4', name: 'b', runs: 1 },
    ]
    expect(causeLink(aGroup({ jobs, searchText: '' }))).not.toMatch(/job=|error=/)
    expect(causeLink(aGroup({ jobs }), '4')).toContain('job=4')
  })
})
