import { expect, test } from 'vitest'
import { packFrame } from '../wire/frame.ts'
import type { Command } from '../wire/messages.ts'
import { createDownlink, settleMs } from './downlink.ts'
import type { Input, SenderState } from './sender-state.ts'

const first = 'firstfirstfi'
const second = 'secondsecond'

/** A session whose hello is not answered yet. */
function openDownlink() {
  const obeyed: string[] = []
  const waits: (() => void)[] = []
  const state = { session: null, ready: false, isOwner: true }
  const downlink = createDownlink({
    log: { warn: () => {} },
    datasets: null,
    files: null,
    onCommand: ({ id }) => void obeyed.push(id),
    state: () => state as Partial<SenderState> as SenderState,
    hasHistory: () => true,
    publishWant: () => {},
    after(ms, work) {
      expect(ms).toBe(settleMs)
      waits.push(work)
    },
  })
  const note = (kind: 'connected' | 'hello-ack', ready: boolean) => {
    state.ready = ready
    downlink.noteStep({ kind } as Input)
  }
  note('connected', false)
  return {
    obeyed,
    note,
    settle: () => {
      for (const work of waits.splice(0)) work()
    },
    hear: (...ids: string[]) => {
      for (const id of ids) {
        const command: Command = { id, type: 'announce', data: {}, expires: 1, sig: 'A'.repeat(86) }
        downlink.readCommand(packFrame(command), false)
      }
    },
  }
}

test('SYNC-018: a command that a box heard amid what the hub sent waits for the ones before it', () => {
  const { obeyed, note, hear, settle } = openDownlink()
  hear(second)
  note('hello-ack', false) // an answer that is none of this session's
  note('hello-ack', true)
  hear(first, second)
  expect(obeyed).toEqual([])
  settle()
  expect(obeyed).toEqual([first, second])
})

test('SYNC-018: a command that overtakes the answer to the hello is not lost', () => {
  const { obeyed, note, hear, settle } = openDownlink()
  hear(first)
  note('hello-ack', true)
  hear(second)
  settle()
  expect(obeyed).toEqual([first, second])
})

test('SYNC-018: where nothing came before the answer, commands are carried out as they come', () => {
  const { obeyed, note, hear } = openDownlink()
  note('hello-ack', true)
  hear(first)
  expect(obeyed).toEqual([first])
})

test('SYNC-018: what waits in one session is not carried out in the next, where it comes again', () => {
  const { obeyed, note, hear, settle } = openDownlink()
  hear(second)
  note('hello-ack', true)
  note('connected', false)
  hear(second)
  settle()
  note('hello-ack', true)
  hear(first)
  expect(obeyed).toEqual([])
})
