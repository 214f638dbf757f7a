import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makePng } from '../../testing/make-picture.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'
import { toDataUrl } from './arms.ts'
import { describeLetter } from './letter-paper.ts'
import { readPicture } from './picture-size.ts'

/* The coat of arms: taken where it can be printed, kept, on the paper, and gone again. */

let box: Awaited<ReturnType<typeof openTestBox>>
const folder = mkdtempSync(join(tmpdir(), 'balai-arms-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  box = await openTestBox()
  await furnish(box)
})
afterEach(() => box.remove())

const png = makePng(400, 480)
const set = (bytes: Buffer) => box.letters.setArms({ bytes, actor: 'secretary-000' })
const sample = () => box.letters.samplePaper({ code: 'keterangan-usaha', of: 'now' })

/** A JPEG as cameras and office programs write them. */
async function makeJpeg(kind = '-jpeg'): Promise<Buffer> {
  const path = join(folder, 'page')
  writeFileSync(`${path}.pdf`, await makePdf({ defaultStyle: { font: 'Jakarta' }, content: ['Lambang'] }))
  execFileSync('pdftoppm', [kind, '-r', '40', '-singlefile', `${path}.pdf`, path])
  return readFileSync(`${path}.jpg`)
}

test('a picture is known by its bytes, with its size', async () => {
  expect(readPicture(png)).toEqual({ kind: 'image/png', width: 400, height: 480, forPress: false })
  expect(readPicture(await makeJpeg())).toMatchObject({ kind: 'image/jpeg', width: 331, height: 468 })
  for (const bytes of [Buffer.alloc(0), Buffer.from('GIF89a'), png.subarray(0, 20), Buffer.from([0xff, 0xd8, 0xff])])
    expect(readPicture(bytes)).toBeNull()
})

describe('the coat of arms', () => {
  test.each([
    ['a text', Buffer.from('lambang'), 'letters.arms-no-picture'],
    ['nothing', Buffer.alloc(0), 'letters.arms-no-picture'],
    [
      'a drawing',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      'letters.arms-drawing',
    ],
    ['too many points', makePng(1_601, 20), 'letters.arms-large'],
    ['too many bytes', Buffer.concat([png, Buffer.alloc(500_000)]), 'letters.arms-large'],
    ['too few points', makePng(60, 60), 'letters.arms-small'],
    ['a picture that is cut', png.subarray(0, 200), 'letters.arms-unreadable'],
  ])('%s is refused in words, and the one before stays', async (_what, bytes, code) => {
    await set(png)
    const before = box.letters.armsView()
    await expect(set(bytes)).rejects.toMatchObject({ code })
    expect(box.letters.armsView()).toEqual(before)
    expect(box.letters.armsFile()?.bytes.equals(png)).toBe(true)
  })

  test('in the inks of a printing press is refused, since a PDF for archives has one kind of colours', async () => {
    const inks = await makeJpeg('-jpegcmyk')
    expect(readPicture(inks)).toMatchObject({ kind: 'image/jpeg', forPress: true })
    await expect(set(inks)).rejects.toMatchObject({ code: 'letters.arms-inks' })
  })

  test('is there for letters that are printed from then on, is replaced, and is gone again, also its bytes', async () => {
    expect(box.letters.armsView()).toMatchObject({ state: 'none' })
    expect(sample().arms).toBeNull()
    await set(png)
    expect(box.letters.armsView()).toMatchObject({ state: 'here', by: 'secretary-000' })
    expect(sample().arms).toBe(toDataUrl('image/png', png))
    const jpeg = await makeJpeg()
    await set(jpeg)
    expect(sample().arms).toBe(toDataUrl('image/jpeg', jpeg))
    box.letters.removeArms({ actor: 'secretary-000', key: null })
    expect(box.letters.armsView()).toMatchObject({ state: 'none' })
    expect(box.store.db.prepare('SELECT count(*) AS n FROM letter_arms_file').get()).toEqual({ n: 0 })
  })

  test('is in the box’s backup, and a rebuild from the regency says that its picture is not', async () => {
    await set(png)
    const copy = join(folder, 'copy.db')
    await box.store.db.backup(copy)
    const restored = new Database(copy)
    expect(restored.prepare('SELECT bytes FROM letter_arms_file').pluck().get()).toEqual(png)
    restored.close()
    const again = new Database(':memory:')
    migrate(again, ':memory:')
    expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
      ...{ differences: [], failed: [] },
    })
    expect(again.prepare('SELECT count(*) AS n FROM letter_arms').get()).toEqual({ n: 1 })
    again.close()
    box.store.db.prepare('DELETE FROM letter_arms_file').run()
    expect(box.letters.armsView()).toMatchObject({ state: 'lost' })
    expect(sample().arms).toBeNull()
    await set(png)
    expect(box.letters.armsView()).toMatchObject({ state: 'here' })
  })

  test.each(['F4', 'A4'] as const)('stands on a letterhead of %s, and the words stay in the middle', async (paper) => {
    const letter = { ...sample(), paper, mark: null }
    const say = openCatalogues().speak('id')
    const [without, withArms] = await Promise.all(
      [letter, { ...letter, arms: toDataUrl('image/png', png) }].map((one) =>
        makePdf(describeLetter({ letter: one }, say)),
      ),
    )
    const middleOf = (pdf: Buffer | undefined) => {
      const path = join(folder, 'letter.pdf')
      writeFileSync(path, pdf ?? '')
      const boxes = execFileSync('pdftotext', ['-bbox', '-l', '1', path, '-'], { encoding: 'utf8' })
      const words = [
        ...boxes.matchAll(/xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">(DESA|TAMANSARI)</g),
      ]
      return (Number(words[0]?.[1]) + Number(words[1]?.[2])) / 2
    }
    expect(Math.abs(middleOf(without) - middleOf(withArms))).toBeLessThan(1)
    const path = join(folder, 'letter.pdf')
    expect(execFileSync('pdfimages', ['-list', path], { encoding: 'utf8' })).toMatch(/image\s+400\s+480/)
    expect(execFileSync('pdfinfo', [path], { encoding: 'utf8' })).toMatch(/Pages:\s+1\b/)
  })
})
