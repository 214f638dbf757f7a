import { expect, test } from 'vitest'
import { createBrokers } from './brokers.ts'
import type { TrialOutcome } from './try-broker.ts'
import { failuresBeforeNext, lookMs } from './which-broker.ts'

/** A relay's brokers whose lines the test opens and ends. */
function createAway() {
  let now = 0
  const said: string[] = []
  const trials: ((outcome: TrialOutcome) => void)[] = []
  const brokers = createBrokers({
    urls: () => ['mqtts://one', 'mqtts://two'],
    monotonicMs: () => now,
    connect: (url) => void said.push(`line to ${url}`),
    reconnect: () => void said.push('line anew'),
    tryOut(url) {
      said.push(`trial of ${url}`)
      let end: (outcome: TrialOutcome) => void = () => {}
      const outcome = new Promise<TrialOutcome>((resolve) => {
        end = resolve
      })
      trials.push(end)
      return { outcome, giveUp: () => end('closing') }
    },
  })
  for (let n = 0; n < failuresBeforeNext; n++) brokers.failed('offline')
  brokers.open()
  brokers.connected()
  const wait = (ms: number) => {
    now += ms
  }
  return { brokers, said, wait, end: (outcome: TrialOutcome) => trials.shift()?.(outcome) }
}

test('a box on a fall-back looks for the first beside its line, and goes back once the regency answers there', async () => {
  const { brokers, said, wait, end } = createAway()
  await brokers.look()
  expect(said).toEqual(['line to mqtts://two'])
  wait(lookMs)
  const first = brokers.look()
  void brokers.look() // the next minute: the same look is still on
  end('no-answer')
  await first
  expect(brokers.view()).toEqual({ url: 'mqtts://two', first: 'mqtts://one', why: 'no-answer' })
  await brokers.look()
  wait(lookMs)
  const second = brokers.look()
  end(null)
  await second
  expect(said).toEqual(['line to mqtts://two', 'trial of mqtts://one', 'trial of mqtts://one', 'line anew'])
  expect(brokers.view()).toEqual({ url: 'mqtts://one', first: 'mqtts://one', why: null })
})

test('a line that a trial at the same broker has cut off comes back after the trial, not into it', async () => {
  const { brokers, said, end } = createAway()
  const trial = brokers.tryNow('mqtts://three', 'command')
  brokers.open()
  const next = brokers.tryNow('mqtts://four', 'command')
  expect(said.slice(1)).toEqual(['trial of mqtts://three'])
  end('offline')
  expect(await trial).toBe('offline')
  expect(said.slice(1)).toContain('line to mqtts://two')
  end('offline')
  expect(await next).toBe('offline')
})

test('what stops gives its trial up and begins no other', async () => {
  const { brokers, said } = createAway()
  const [trial, next] = [brokers.tryNow('mqtts://three', 'a'), brokers.tryNow('mqtts://four', 'b')]
  await brokers.stop()
  expect([await trial, await next]).toEqual(['closing', 'closing'])
  expect(said.slice(1)).toEqual(['trial of mqtts://three'])
})
