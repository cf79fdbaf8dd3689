import { describe, expect, it } from 'vitest'
import { termLanes } from '../../src/pages/dashboard/terms.ts'

const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`
const term = (epoch: number, workerId: string, since: string, until = '') => ({
  epoch: String(epoch),
  workerId,
  since,
  until,
})
const history = (...terms: ReturnType<typeof term>[]) => ({ from: at(6), to: at(18), terms, recorded: true })

describe('the bands of terms', () => {
  it('lie on a lane for each leader, cut to the window, the latest leader on the lowest', () => {
    const lanes = termLanes(
      history(
        term(7, 'a', at(1), at(8)),
        term(8, 'b', at(8), at(12)),
        term(9, 'a', at(12), at(13)),
        term(10, 'c', at(13)),
      ),
    )
    expect(lanes.lanes).toEqual(['c', 'a', 'b'])
    expect(lanes.stretches.map((s) => [s.lane, s.from.getUTCHours(), s.to.getUTCHours()])).toEqual([
      [1, 6, 8],
      [2, 8, 12],
      [1, 12, 13],
      [0, 13, 18],
    ])
    const tokens = lanes.stretches.map((s) => s.token)
    for (const [i, token] of tokens.slice(1).entries()) expect(token).not.toBe(tokens[i])
  })

  it('keep the latest leaders where there are too many', () => {
    const many = Array.from({ length: 9 }, (_, i) => term(i + 1, `w${i}`, at(6 + i), i === 8 ? '' : at(7 + i)))
    const lanes = termLanes(history(...many))
    expect(lanes.lanes).toEqual(['w8', 'w7', 'w6', 'w5', 'w4'])
    expect(lanes.stretches).toHaveLength(5)
  })

  it('share one lane where nobody recorded who led', () => {
    const lanes = termLanes({ ...history(term(3, '', at(7), at(9)), term(4, '', at(9))), recorded: false })
    expect(lanes.lanes).toHaveLength(1)
    expect(lanes.stretches.map((s) => s.lane)).toEqual([0, 0])
  })
})
