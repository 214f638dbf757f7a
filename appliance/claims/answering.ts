import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { AppError } from '../base/errors.ts'
import { closedType, Day, Id } from '../base/schemas.ts'
import { dotVillage } from '../base/village-code.ts'
import { type ClaimOutcome, mostWrong } from '../wire/claim-outcomes.ts'
import type { CommandData } from '../wire/commands.ts'
import { openFromBox, sealForBox } from '../wire/letter-claim.ts'
import type { ClaimRoom } from './claims.ts'

const Proof = closedType({ claim: Id, from: Type.String(), to: Type.String(), code: Type.String(), birthDate: Day })
const proofValidator = compileLater(Proof)

/** What passes over the line with its entry and as a command. */
const mostSealed = 14_000

type Judged = { letter: string | null; outcome: ClaimOutcome; left: number | null }

/** What other villages ask of this office's letters. */
export function createAnswering(room: ClaimRoom) {
  const { store, pen, tables, letters, identity, village } = room

  /** A wrong birth date is said before anything of the letter: whoever has only the code learns nothing of it. */
  function judge({ code, birthDate }: Static<typeof Proof>): Judged {
    const found = tables.letterOf(code)
    if (!found) return { letter: null, outcome: 'unknown', left: null }
    const { letter, wrong } = found
    const about = letters.collectable(letter)
    const say = (outcome: ClaimOutcome, left: number | null = null): Judged => ({ letter, outcome, left })
    if (wrong >= mostWrong) return say('locked')
    if (about.birthDate === null) return say(about.name === null ? 'erased' : 'undated')
    if (about.birthDate !== birthDate)
      return wrong + 1 < mostWrong ? say('wrong', mostWrong - wrong - 1) : say('locked')
    if (about.state === 'void') return say('void')
    if (about.state !== 'issued') return say('not-issued')
    return say(about.collectedAt === null ? 'given' : 'collected')
  }

  async function sealLetter({ letter }: Judged, { claim, key }: CommandData<'claim'>): Promise<string | null> {
    const about = letter === null ? null : letters.collectable(letter)
    const whole = about?.paper()
    if (!about || !whole) return null
    // A coat of arms is larger than a message may be.
    const { mark: _mark, arms: _arms, ...paper } = whole
    const body = { claim, letter, name: about.name, paper }
    return await sealForBox('paper', body, { key: identity.key, to: key })
  }

  return {
    /**
     * What another village's box asks: checks the proof, seals the letter to that box, and answers what keeps and says so,
     * in the caller's transaction. The same request once more is answered already, and counts no second try.
     */
    async takeClaim(asked: CommandData<'claim'>): Promise<{ keep: () => void }> {
      const { claim, from, key, sealed: proof } = asked
      const answeredBefore = () => tables.answer({ village: from, claim }) !== null
      if (answeredBefore()) return { keep: () => {} }
      const body = await openFromBox('proof', proof, { key: identity.key, from: key })
      const read =
        proofValidator.Check(body) && body.claim === claim && body.from === from && body.to === village ? body : null
      const judged: Judged = read ? judge(read) : { letter: null, outcome: 'unread', left: null }
      const sealed = judged.outcome === 'given' ? await sealLetter(judged, asked) : null
      const data = { claim, village: from, ...judged, outcome: judged.outcome, sealed }
      if (judged.outcome === 'given' && sealed === null) data.outcome = 'erased'
      if (sealed !== null && sealed.length > mostSealed) Object.assign(data, { outcome: 'too-long', sealed: null })
      return {
        keep: () =>
          store.write((tx) => {
            if (answeredBefore()) return
            // Meanwhile it was declared void, collected, or tried by somebody else: the regency asks again.
            if (read && judge(read).outcome !== judged.outcome)
              throw new AppError('conflict', 'claims.changed', 'The letter has changed meanwhile.')
            pen.append(tx, { type: 'claims.answered', actor: 'hub', data })
            if (data.outcome === 'given' && data.letter !== null) letters.noteLooked(tx, data.letter, dotVillage(from))
          }),
      }
    },

    /** That village has handed it out. Null: this office has given it nothing. */
    takeHanded({ claim, from, at }: CommandData<'claim-handed'>): { keep: () => void } | null {
      const answer = tables.answer({ village: from, claim })
      const { letter } = answer ?? {}
      if (answer?.outcome !== 'given' || !letter) return null
      return {
        keep: () =>
          store.write((tx) => {
            if (tables.answer({ village: from, claim })?.handedAt !== null) return
            pen.append(tx, { type: 'claims.handed-elsewhere', actor: 'hub', data: { claim, village: from, at } })
            letters.collectElsewhere(tx, { letter, village: from, at })
          }),
      }
    },
  }
}
