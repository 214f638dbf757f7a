import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Announcing, type Call, drop, finish, hear, silent, speakNext } from './announcer.ts'

const call = (id: string, ageMs = 0): Call => ({ call: id, number: `A00${id}`, counter: 'Loket 1', ageMs })

/** Speaks all that is due at one moment, each to its end. */
function speakAll(state: Announcing, nowMs: number): string[] {
  const { state: after, speak } = speakNext(state, nowMs)
  return speak ? [speak.call, ...speakAll(finish(after), nowMs)] : []
}

test('two calls that come together are spoken one after the other, the older first', () => {
  const heard = hear(silent, [call('2', 10), call('1', 500)], 1_000)
  const first = speakNext(heard, 1_000)
  expect(first.speak?.call).toBe('1')
  expect(speakNext(first.state, 2_000).speak).toBeNull()
  expect(speakNext(finish(first.state), 7_000).speak?.call).toBe('2')
})

test('a call that stays in the view is spoken once', () => {
  const spoken = finish(speakNext(hear(silent, [call('1')], 0), 0).state)
  expect(speakNext(hear(spoken, [call('1', 9_000)], 9_000), 9_000).speak).toBeNull()
})

test('a recall is another call', () => {
  const spoken = finish(speakNext(hear(silent, [call('1')], 0), 0).state)
  expect(speakNext(hear(spoken, [call('1b'), call('1', 9_000)], 9_000), 9_000).speak?.call).toBe('1b')
})

test.each([
  [29_999, ['1']],
  [30_000, []],
])('a call of %i ms of age is spoken: %j', (ageMs, spoken) => {
  expect(speakAll(hear(silent, [call('1', ageMs)], 0), 0)).toEqual(spoken)
})

test('a call that grew too old while others were spoken is left out', () => {
  const heard = hear(silent, [call('2', 100), call('1', 20_000)], 0)
  const first = speakNext(heard, 0)
  expect(speakNext(finish(first.state), 31_000).speak).toBeNull()
})

test('a call taken back before it began is not spoken, whether the view or the desk says so', () => {
  const heard = hear(silent, [call('2'), call('1')], 0)
  expect(speakAll(hear(heard, [call('1')], 10), 10)).toEqual(['1'])
  expect(speakAll(drop(heard, '1'), 10)).toEqual(['2'])
})

test('whatever the views, each call is spoken at most once, in the order of calls, and one at a time', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('call' as const), apartMs: fc.nat(8_000) }),
    fc.record({ kind: fc.constant('view' as const), apartMs: fc.nat(8_000) }),
    fc.record({ kind: fc.constant('end' as const), apartMs: fc.nat(8_000) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const made: { id: string; at: number }[] = []
      const spoken: string[] = []
      let state = silent
      let now = 0
      for (const { kind, apartMs } of steps) {
        now += apartMs
        if (kind === 'call') made.unshift({ id: String(made.length), at: now })
        if (kind === 'end') state = finish(state)
        if (kind !== 'end') {
          const view = made.slice(0, 10).map(({ id, at }) => call(id, now - at))
          state = hear(state, view, now)
        }
        const before = state.speaking
        const next = speakNext(state, now)
        if (next.speak && before !== null) return false
        if (next.speak) spoken.push(next.speak.call)
        state = next.state
      }
      return spoken.every((id, index) => index === 0 || Number(id) > Number(spoken[index - 1]))
    }),
  )
})
