import { expect, test } from 'vitest'
import { fill } from '../../appliance/base/messages/fill.ts'
import { describeAlarm } from './words.ts'

const texts: Record<string, string> = {
  'alarm.disk.scarce.title': 'Hampir habis: sisa {free} MB',
  'alarm.disk.scarce.plain': 'Hampir habis',
  'alarm.disk.scarce.remedy': 'Sisa {free} MB. Hapus berkas lain. Ganti kartunya.',
}
const find = (key: string, values: Record<string, string | number>) => {
  const text = texts[key]
  return text === undefined ? undefined : fill(text, values, 'id-ID')
}

test('an alarm is said with what fills it', () => {
  expect(describeAlarm(find, { code: 'disk.scarce', details: { free: 1_210 } })).toEqual({
    title: 'Hampir habis: sisa 1.210 MB',
    remedy: 'Sisa 1.210 MB. Hapus berkas lain. Ganti kartunya.',
  })
})

test('of a box that says a code only there is no hole in the words', () => {
  expect(describeAlarm(find, { code: 'disk.scarce', details: {} })).toEqual({
    title: 'Hampir habis',
    remedy: 'Hapus berkas lain. Ganti kartunya.',
  })
})

test('a code that no catalogue has is said as it is', () => {
  expect(describeAlarm(find, { code: 'oven.open', details: {} })).toEqual({ title: 'oven.open', remedy: '' })
})
