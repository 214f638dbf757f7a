import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import { closedType, Day } from '../base/schemas.ts'
import type { Db, Store } from '../base/store/store.ts'
import type { LetterPaper } from '../letters/letter-paper.ts'
import type { Letters } from '../letters/letters.ts'
import { mostWrong } from '../wire/claim-outcomes.ts'
import { openSealedJson, sealText } from '../wire/private-parts.ts'
import { caseEvents } from './events.ts'
import type { createCaseTables } from './tables.ts'

export type TakeHome = ReturnType<typeof createTakeHome>

type Parts = {
  store: Store
  journal: Journal
  tables: Pick<ReturnType<typeof createCaseTables>, 'byId'>
  letters: Pick<Letters, 'collectable' | 'noteLooked'>
  secret: () => string
  /** Sets a letter on paper. */
  print: (letter: LetterPaper) => Promise<Buffer>
}

/** What a phone seals to this box: the second proof, and the key that it has made for the answer. */
const Asked = closedType({ birthDate: Day, recipient: Type.String({ pattern: '^age1[02-9ac-hj-np-z]{58}$' }) })
const askedValidator = compileLater(Asked)

/** How often a wrong birth date was typed for a letter, and whether it was taken home. */
export function createHomeTable(db: Db) {
  const select = db.prepare<{ letter: string }, { wrong: number; takenAt: number | null }>(
    'SELECT wrong, taken_at AS takenAt FROM citizen_case_home WHERE letter = @letter',
  )
  return { of: (letter: string) => select.get({ letter }) ?? { wrong: 0, takenAt: null } }
}

/** Whether a letter counts by itself: approved here, so that its QR says that it is true, and not void. */
export function isForHome(letters: Pick<Letters, 'collectable'>, letter: string): boolean {
  const { state, birthDate, paper } = letters.collectable(letter)
  return state === 'issued' && birthDate !== null && (paper()?.code ?? null) !== null
}

/**
 * A finished letter as PDF, for who holds the number of its application and knows the birth date of whom it is about. What is
 * asked and what is answered is sealed from end to end, since phones come by HTTP. Five wrong dates close this way: the letter
 * is fetched at the office then.
 */
export function createTakeHome({ store, journal, tables, letters, secret, print }: Parts) {
  const pen = journal.pen(caseEvents)
  const home = createHomeTable(store.db)

  async function read(sealed: Buffer): Promise<Static<typeof Asked>> {
    const asked = await openSealedJson(sealed, secret())
    if (!askedValidator.Check(asked))
      throw new AppError('invalid', 'cases.home-unread', 'It is not sealed to this box, or says something else.')
    return asked
  }

  return {
    /**
     * An age file to the key that the phone has made; in clear a PDF. Throws `cases.home-none`, `cases.home-locked`,
     * `cases.home-wrong` (details: how many tries are left), `cases.home-unread`.
     */
    async take({ ticket, case: id, sealed }: { ticket: string; case: string; sealed: Buffer }): Promise<Buffer> {
      const { birthDate, recipient } = await read(sealed)
      const stored = tables.byId(id)
      const letter = stored?.ticket === ticket ? stored.letter : null
      if (!letter || !isForHome(letters, letter))
        throw new AppError('not-found', 'cases.home-none', 'There is no letter to take home (any more).')
      const about = letters.collectable(letter)
      const { wrong } = home.of(letter)
      if (wrong >= mostWrong) throw locked()
      if (about.birthDate !== birthDate) {
        store.write((tx) => {
          pen.append(tx, { type: 'cases.letter-refused', actor: 'anyone', data: { case: id, letter } })
        })
        const left = mostWrong - home.of(letter).wrong
        if (left <= 0) throw locked()
        throw new AppError('invalid', 'cases.home-wrong', 'That is another birth date.', { field: 'birthDate', left })
      }
      const paper = about.paper()
      if (!paper) throw new AppError('not-found', 'cases.home-none', 'What it said has been erased.')
      const pdf = about.signedFile() ?? (await print(paper))
      const answer = await sealText(new Uint8Array(pdf), [recipient])
      store.write((tx) => {
        pen.append(tx, { type: 'cases.letter-taken-home', actor: 'anyone', data: { case: id, letter } })
        letters.noteLooked(tx, letter, 'anyone')
      })
      return answer
    },
  }
}

const locked = () =>
  new AppError('forbidden', 'cases.home-locked', 'Too many wrong birth dates: fetch it at the office.')
