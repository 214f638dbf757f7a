import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtInClips, resolveClip } from './clip-files.ts'
import { readMp3 } from './mp3.ts'
import { clips } from './sentence.ts'

const files = readdirSync(builtInClips)

test('there is a file for every clip that can be named, and no other', () => {
  expect(files.sort()).toEqual(clips.map((clip) => `${clip}.mp3`).sort())
})

test('the script says what is spoken in every clip but the chime', () => {
  const said = execFileSync('bash', [join(import.meta.dirname, 'make-clips.sh'), '--dry-run'], { encoding: 'utf8' })
  const named = said
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0])
  expect([...named, 'chime'].sort()).toEqual([...clips].sort())
})

test('all clips together are under 400 KB', () => {
  expect(files.reduce((sum, file) => sum + statSync(join(builtInClips, file)).size, 0)).toBeLessThan(400_000)
})

test.each(clips)('%s is mono MP3 from its first to its last byte, and no longer than it takes to say', (clip) => {
  const { mono, seconds, rest } = readMp3(readFileSync(join(builtInClips, `${clip}.mp3`)))
  expect({ mono, rest }).toEqual({ mono: true, rest: 0 })
  expect(seconds).toBeGreaterThan(0.25)
  expect(seconds).toBeLessThan(2)
})

test('a recorded clip stands for the built-in one, clip by clip, and no other path is opened', () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-clips-'))
  writeFileSync(join(folder, 'dua.mp3'), '')
  expect(resolveClip('dua', folder)).toBe(join(folder, 'dua.mp3'))
  expect(resolveClip('tiga', folder)).toBe(join(builtInClips, 'tiga.mp3'))
  expect(resolveClip('dua', null)).toBe(join(builtInClips, 'dua.mp3'))
  expect(resolveClip('../../etc/passwd', folder)).toBeNull()
  rmSync(folder, { recursive: true })
})
