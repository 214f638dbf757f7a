import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findMedium, readDocumentState, readJobEnd } from './document-state.ts'
import { encodeRequest, operations, parseAnswer } from './ipp-message.ts'
import type { DocumentState } from './views.ts'

const says = (state: number, reasons: string[], more: Record<string, (string | boolean)[]> = {}, status = 0) =>
  readDocumentState({
    status,
    attributes: new Map<string, (string | number | boolean)[]>([
      ['printer-state', [state]],
      ['printer-state-reasons', reasons],
      ...Object.entries(more),
    ]),
  })

test.each<[number, string[], DocumentState]>([
  [3, ['none'], 'ready'],
  [4, ['none'], 'busy'],
  [5, ['none'], 'stopped'],
  [3, ['media-low-warning'], 'paper-low'],
  [3, ['media-empty-warning'], 'paper-low'],
  [3, ['media-empty-error'], 'paper-out'],
  [5, ['media-empty'], 'paper-out'],
  [5, ['paused', 'media-needed-error'], 'paper-out'],
  [5, ['door-open-error'], 'cover-open'],
  [5, ['cover-open'], 'cover-open'],
  [5, ['media-jam-error', 'media-empty-error'], 'jam'],
  [3, ['marker-supply-low-report'], 'toner-low'],
  [5, ['toner-empty-error'], 'toner-out'],
  [5, ['paused'], 'stopped'],
  [3, ['offline-report'], 'no-connection'],
  [3, ['cups-waiting-for-job-completed'], 'ready'],
])('state %i with %j is %s', (state, reasons, word) => {
  expect(says(state, reasons)).toBe(word)
})

test('a printer that takes no PDF, takes nothing, or refuses is said to do so', () => {
  expect(says(3, ['none'], { 'document-format-supported': ['image/urf', 'image/pwg-raster'] })).toBe('no-pdf')
  expect(says(3, ['none'], { 'document-format-supported': ['image/urf', 'application/pdf'] })).toBe('ready')
  expect(says(3, ['none'], { 'printer-is-accepting-jobs': [false] })).toBe('stopped')
  expect(says(3, ['none'], {}, 0x0406)).toBe('no-queue')
  expect(says(3, ['none'], {}, 0x0403)).toBe('no-permission')
  expect(says(3, ['none'], {}, 0x0500)).toBe('error')
  expect(readDocumentState({ status: 0, attributes: new Map() })).toBe('no-printer')
})

test('a job is on, out, or given up; one that is forgotten was out', () => {
  const job = (state: number, status = 0) => readJobEnd({ status, attributes: new Map([['job-state', [state]]]) })
  expect([3, 5, 6, 7, 8, 9].map((state) => job(state))).toEqual([null, null, null, 'ended', 'ended', 'printed'])
  expect(job(0, 0x0406)).toBe('printed')
})

test('the paper of a letter is found among the media of a printer', () => {
  const media = ['na_letter_8.5x11in', 'iso_a4_210x297mm', 'na_foolscap_8.5x13in', 'custom_min_3x5in']
  expect(findMedium(media, 210, 297)).toBe('iso_a4_210x297mm')
  expect(findMedium(media, 215, 330)).toBe('na_foolscap_8.5x13in')
  expect(findMedium(['iso_a4_210x297mm'], 215, 330)).toBeNull()
})

test('an answer is read: several values, a collection beside them, and none of it beyond its end', () => {
  const attribute = (tag: number, name: string, value: Buffer | string) => {
    const bytes = Buffer.from(value)
    const lengths = [Buffer.alloc(2), Buffer.alloc(2)]
    lengths[0]?.writeUInt16BE(name.length)
    lengths[1]?.writeUInt16BE(bytes.length)
    return Buffer.concat([Buffer.from([tag]), lengths[0] ?? bytes, Buffer.from(name), lengths[1] ?? bytes, bytes])
  }
  const answer = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 1, 1]),
    attribute(0x47, 'attributes-charset', 'utf-8'),
    Buffer.from([4]),
    attribute(0x23, 'printer-state', Buffer.from([0, 0, 0, 5])),
    attribute(0x34, 'media-col-default', ''),
    attribute(0x4a, '', 'media-type'),
    attribute(0x44, '', 'stationery'),
    attribute(0x37, '', ''),
    attribute(0x44, 'printer-state-reasons', 'media-empty-error'),
    attribute(0x44, '', 'door-open-error'),
    attribute(0x22, 'printer-is-accepting-jobs', Buffer.from([1])),
    Buffer.from([3]),
  ])
  const { status, attributes } = parseAnswer(answer)
  expect(status).toBe(0)
  expect(attributes.get('printer-state')).toEqual([5])
  expect(attributes.get('printer-state-reasons')).toEqual(['media-empty-error', 'door-open-error'])
  expect(attributes.get('printer-is-accepting-jobs')).toEqual([true])
  for (let length = 0; length < answer.length; length++)
    expect(() => parseAnswer(answer.subarray(0, length)), String(length)).toThrow(RangeError)
})

test('whatever comes back is read to an end, and read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        readDocumentState(parseAnswer(Buffer.from([1, 1, 0, 0, 0, 0, 0, 1, 4, ...bytes])))
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
  for (const bytes of ['<html>No</html>', '\xff'.repeat(300), '\x01\x01\x00\x00\x00\x00\x00\x01\x04\x44\xff\xff'])
    expect(() => parseAnswer(Buffer.from(bytes, 'latin1'))).toThrow(RangeError)
})

test('a question names its operation, its printer and nobody', () => {
  const bytes = encodeRequest(operations.getPrinter, 'ipp://a/ipp/print', [
    ['requested-attributes', 'keyword', 'a', 'b'],
  ])
  expect(bytes.readUInt16BE(2)).toBe(0x000b)
  expect(bytes.toString('latin1')).toContain('ipp://a/ipp/print')
  expect(bytes.at(-1)).toBe(3)
})
