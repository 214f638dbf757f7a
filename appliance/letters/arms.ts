import { AppError } from '../base/errors.ts'
import type { Command } from '../base/schemas.ts'
import { sha256Text } from '../wire/hash.ts'
import type { LetterPaper } from './letter-paper.ts'
import type { LetterRoom } from './letters.ts'
import { readPicture } from './picture-size.ts'
import { samplePaper } from './sample.ts'
import type { ArmsView } from './views.ts'

/** Of the file, and of its longer side: 20 mm of paper want 250 points, and a box with little memory unpacks it for each letter. */
export const mostArmsBytes = 500_000
const leastSide = 100
const mostSide = 1_600

/** `setPaper`: sets a letter, to see whether a picture can be printed at all. */
export function createArms(room: LetterRoom, setPaper: (letter: LetterPaper) => Promise<unknown>) {
  const { store, pen, arms, templates, people } = room

  return {
    armsView(): ArmsView {
      const set = arms.set()
      if (!set) return { state: 'none', at: null, by: null, hash: null }
      const { at, actor, hash } = set
      return { state: arms.file() ? 'here' : 'lost', at, hash, by: people.names().get(actor) ?? actor }
    },

    armsFile: () => arms.file(),

    /**
     * It stands on the letterhead from now on. Throws `letters.arms-no-picture`, `letters.arms-drawing` (SVG),
     * `letters.arms-inks` (CMYK), `letters.arms-large`, `letters.arms-small`, `letters.arms-unreadable`.
     */
    async setArms({ bytes, actor }: { bytes: Buffer; actor: string }): Promise<void> {
      const kind = judge(bytes)
      const hash = sha256Text(bytes)
      const [template] = templates.all()
      if (template) {
        const paper = { ...samplePaper(room, template), arms: toDataUrl(kind, bytes) }
        await setPaper(paper).catch((error: unknown) => {
          throw refuse('letters.arms-unreadable', String(error))
        })
      }
      store.write((tx) => {
        if (arms.set()?.hash === hash && arms.file()) return
        arms.keepFile(tx, { hash, kind, bytes })
        pen.append(tx, { type: 'letters.arms-set', actor, data: { hash, kind, bytes: bytes.length } })
        arms.dropOthers(tx, hash)
      })
    },

    /** The letterhead has none any more. */
    removeArms({ actor, key }: Command): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.arms-removed') || !arms.set()) return
        pen.append(tx, { type: 'letters.arms-removed', actor, key, data: {} })
        arms.dropOthers(tx, null)
      })
    },
  }
}

/** As a page and a paper take a picture. */
export const toDataUrl = (kind: string, bytes: Buffer): string => `data:${kind};base64,${bytes.toString('base64')}`

function judge(bytes: Buffer): 'image/png' | 'image/jpeg' {
  if (/<svg[\s>]/i.test(bytes.toString('latin1', 0, 2_000)))
    throw refuse('letters.arms-drawing', 'An SVG: it is taken as PNG or JPEG.')
  const picture = readPicture(bytes)
  if (!picture) throw refuse('letters.arms-no-picture', 'It is no PNG and no JPEG.')
  const { kind, width, height, forPress } = picture
  // A PDF for archives has one kind of colours, those of screens.
  if (forPress) throw refuse('letters.arms-inks', 'It is CMYK.')
  const details = { width, height, least: leastSide, most: mostSide, kilobytes: Math.ceil(bytes.length / 1_000) }
  if (bytes.length > mostArmsBytes || Math.max(width, height) > mostSide)
    throw refuse('letters.arms-large', 'It is too large.', { ...details, mostKilobytes: mostArmsBytes / 1_000 })
  if (Math.max(width, height) < leastSide) throw refuse('letters.arms-small', 'It is too small to be printed.', details)
  return kind
}

const refuse = (code: string, message: string, details: Record<string, number> = {}) =>
  new AppError('invalid', code, message, details)
