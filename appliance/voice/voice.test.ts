import { expect, test } from 'vitest'
import { furnish, openTestBox } from '../test-box.ts'

test('a display that takes the place of a removed one speaks in its stead', async () => {
  const box = await openTestBox()
  const { technician } = await furnish(box)
  const { devices, voice } = box
  const first = devices.pairHere('display', 'one')
  const second = devices.pairHere('display', 'two')
  expect(voice.view().speaker).toBe(first)
  devices.remove({ device: first, actor: technician, key: null })
  expect(voice.view().speaker).toBe(second)
  const third = devices.pairHere('display', 'three')
  expect(third).not.toBe(first)
  expect(voice.view().speaker).toBe(second)
  await box.remove()
})

test('the box itself, and nobody, stay chosen whichever displays there are', async () => {
  const box = await openTestBox()
  const { devices, voice } = box
  devices.pairHere('display', 'one')
  for (const speaker of ['box', 'off'] as const) {
    voice.changeSettings({ settings: { ...voice.settings(), speaker }, actor: 'box', key: null })
    expect(voice.view().speaker).toBe(speaker)
  }
  await box.remove()
})
