import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Call } from './announcer.ts'
import { createSpeaker, type Speaker, type SpeakerState } from './speaker.ts'

let folder = ''
let running: Speaker | null = null
let volumePercent = 50

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'balai-speaker-'))
  volumePercent = 50
})
afterEach(async () => {
  await running?.stop()
  running = null
  rmSync(folder, { recursive: true })
})

const call = (id: string, number: string, ageMs = 0): Call => ({ call: id, number, counter: 'Loket 2', ageMs })

/** A player that writes down what it was asked to play when it begins and when it ends. */
function player(script: string): string {
  const file = join(folder, 'player')
  writeFileSync(file, `#!/bin/sh\nlog='${join(folder, 'log')}'\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}
const writing = 'echo "begin $@" >>"$log"; sleep 0.2; echo end >>"$log"'
const log = (): string[] =>
  existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').trim().split('\n') : []
const begun = () => log().filter((line) => line.startsWith('begin'))
const clipsOf = (line = ''): string[] =>
  line
    .split(' ')
    .filter((word) => word.endsWith('.mp3'))
    .map((file) => basename(file, '.mp3'))

function speaker(program: string, more: { recordedFolder?: string; longestCallMs?: number } = {}) {
  const states: SpeakerState[] = []
  const created = createSpeaker({
    ...{ program, recordedFolder: null, monotonicMs: () => performance.now(), ...more },
    readSettings: () => ({ style: 'digits', volumePercent }),
    onChange: (state) => states.push(state),
  })
  running = created
  return { speaker: created, states }
}

test('a call is one run of the player over its clips, at the volume that is set', async () => {
  const { speaker: box, states } = speaker(player(writing))
  expect(box.state().state).toBe('unknown')
  box.hear([call('1', 'A012')])
  await vi.waitFor(() => expect(states.map(({ state }) => state)).toEqual(['ready']))
  expect(begun()[0]).toMatch(/^begin -q -o alsa -f 16384 \//)
  expect(clipsOf(begun()[0]).join(' ')).toBe('chime nomor-antrean a nol satu dua silakan-ke loket dua')
})

test('two counters never speak over each other', async () => {
  const { speaker: box } = speaker(player(writing))
  box.hear([call('2', 'B001'), call('1', 'A001')])
  box.hear([call('3', 'C001'), call('2', 'B001'), call('1', 'A001')])
  await vi.waitFor(() => expect(log()).toHaveLength(6), 5_000)
  expect(log().map((line) => line.split(' ')[0])).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end'])
  expect(begun().map((line) => clipsOf(line)[2])).toEqual(['a', 'b', 'c'])
})

test('a call that is taken back before it begins is not spoken; one that has begun is', async () => {
  const { speaker: box } = speaker(player(writing))
  box.hear([call('3', 'C001'), call('2', 'B001'), call('1', 'A001')])
  box.drop('1')
  box.drop('2')
  await vi.waitFor(() => expect(log()).toHaveLength(4), 5_000)
  expect(begun().map((line) => clipsOf(line)[2])).toEqual(['a', 'c'])
})

test('at volume 0 nothing is played, and the call is not spoken later', async () => {
  volumePercent = 0
  const { speaker: box } = speaker(player(writing))
  box.hear([call('1', 'A001')])
  await new Promise((resolve) => setTimeout(resolve, 50))
  volumePercent = 80
  box.hear([call('1', 'A001', 50)])
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(log()).toEqual([])
})

test('recorded clips are played where the office has them', async () => {
  writeFileSync(join(folder, 'dua.mp3'), '')
  const { speaker: box } = speaker(player(writing), { recordedFolder: folder })
  box.hear([call('1', 'A001')])
  await vi.waitFor(() => expect(begun()).toHaveLength(1))
  expect(begun()[0]).toContain(join(folder, 'dua.mp3'))
})

test('a missing program is a state, not an error', async () => {
  const { speaker: box, states } = speaker(join(folder, 'nothing-here'))
  box.hear([call('1', 'A001')])
  await vi.waitFor(() => expect(states.map(({ state }) => state)).toEqual(['missing']))
})

test('a device that refuses is a state with its reason, and is well again after the next call', async () => {
  const { speaker: box, states } = speaker(
    player(`if [ -e '${join(folder, 'fixed')}' ]; then exit 0; fi; echo 'no such card' >&2; exit 255`),
  )
  box.hear([call('1', 'A001')])
  await vi.waitFor(() => expect(states).toHaveLength(1))
  expect(states[0]).toMatchObject({ state: 'failing', reason: 'no such card' })
  writeFileSync(join(folder, 'fixed'), '')
  box.hear([call('2', 'A002'), call('1', 'A001')])
  await vi.waitFor(() => expect(box.state()).toMatchObject({ state: 'ready', reason: null }))
})

test('a device that hangs is given up, and the next call is spoken', async () => {
  const hangsOnce = `echo "begin $@" >>"$log"; [ $(wc -l <"$log") -gt 1 ] || exec sleep 30`
  const { speaker: box, states } = speaker(player(hangsOnce), { longestCallMs: 300 })
  box.hear([call('2', 'B001'), call('1', 'A001')])
  await vi.waitFor(() => expect(states.map(({ state }) => state)).toEqual(['failing', 'ready']), 5_000)
  expect(states[0]?.reason).toContain('did not end')
})
