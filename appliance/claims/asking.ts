import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Command } from '../base/schemas.ts'
import { dayMs, isDay } from '../base/time.ts'
import { dotVillage } from '../base/village-code.ts'
import type { LetterPaper } from '../letters/letter-paper.ts'
import { readClaimCode, writeClaimCode } from '../wire/claim-code.ts'
import type { CommandData } from '../wire/commands.ts'
import { openFromBox, sealForBox } from '../wire/letter-claim.ts'
import type { ClaimRoom } from './claims.ts'
import type { StoredClaim } from './tables.ts'
import type { ClaimLine, ClaimsView } from './views.ts'

/** What the issuing box seals. */
type SealedPaper = { claim: string; letter: string; name: string | null; paper: Omit<LetterPaper, 'mark' | 'arms'> }

/** Nobody answers a request that is older: the hub hands it on so long. */
const answeredWithinMs = 7 * dayMs
const shown = 50

/** Letters of other villages that are collected here. */
export function createAsking(room: ClaimRoom) {
  const { store, clock, pen, tables, letters, people, identity, village: here, datasets, line } = room

  /** The key of the village's box now. Throws `claims.no-list`, `claims.unknown-village`. */
  function keyOf(village: string): string {
    const list = datasets.read('letters')
    if (!list) throw new AppError('unavailable', 'claims.no-list', 'The regency has sent no list of boxes yet.')
    const key = list.keys.filter((one) => one.village === village && one.until === undefined).at(-1)?.key
    if (!key)
      throw new AppError('not-found', 'claims.unknown-village', `No box of ${village} is known.`, {
        field: 'code',
        village: dotVillage(village),
      })
    return key
  }

  /** Throws `claims.short`, `claims.mistyped`, `claims.other-regency`, `claims.own`. */
  function readForeign(text: string): { code: string; village: string } {
    const read = readClaimCode(text)
    if (read === 'short') throw new AppError('invalid', 'claims.short', 'That is no claim code.', { field: 'code' })
    if (read === 'mistyped')
      throw new AppError('invalid', 'claims.mistyped', 'A character is wrong.', { field: 'code' })
    if (read.village.slice(0, 4) !== here.slice(0, 4))
      throw new AppError('invalid', 'claims.other-regency', `It is of ${read.village}.`, {
        ...{ field: 'code', village: dotVillage(read.village) },
      })
    if (read.village === here) {
      const found = tables.letterOf(read.code)
      const number = found && letters.collectable(found.letter).written
      if (number)
        throw new AppError('invalid', 'claims.own', `It is ${number} of this office.`, { field: 'code', number })
      throw new AppError('invalid', 'claims.own-unknown', 'No letter of this office has it.', { field: 'code' })
    }
    return read
  }

  function known(claim: string): StoredClaim {
    const found = tables.claim(claim)
    if (!found) throw new AppError('not-found', 'claims.unknown', 'There is no such request.')
    return found
  }

  const paperIn = ({ answeredRow }: StoredClaim) =>
    answeredRow === null ? null : pen.partOf(answeredRow, 'claims.received')

  function stateOf(claim: StoredClaim, sentBefore: number, now: number): ClaimLine['state'] {
    if (claim.handedAt !== null) return 'handed'
    // The paper of another village is kept for 30 days.
    if (claim.outcome === 'given' && !paperIn(claim)) return 'erased'
    if (claim.outcome !== null) return claim.outcome
    if (now - claim.at > answeredWithinMs) return 'late'
    return claim.at < sentBefore ? 'waiting' : 'here'
  }

  return {
    /**
     * Asks the village that the code names for its letter; answers the request. It goes when the line is up. Throws what is
     * said above, and `claims.wrong-day`, `claims.no-regency`.
     */
    async ask({ code: typed, birthDate, actor, key }: Command & { code: string; birthDate: string }): Promise<string> {
      const before = pen.entryByKey(key, 'claims.asked')
      if (before) return before.data.claim
      const { code, village } = readForeign(typed)
      if (!isDay(birthDate))
        throw new AppError('invalid', 'claims.wrong-day', 'That is no day.', { field: 'birthDate' })
      if (line().state === 'off') throw new AppError('conflict', 'claims.no-regency', 'This box has no regency.')
      const claim = newId()
      const proof = { claim, from: here, to: village, code, birthDate }
      const sealed = await sealForBox('proof', proof, { key: identity.key, to: keyOf(village) })
      const part = await pen.seal('claims.asked', { code })
      return store.write((tx) => {
        const known = pen.entryByKey(key, 'claims.asked')
        if (known) return known.data.claim
        pen.append(tx, { type: 'claims.asked', actor, key, data: { claim, village, sealed }, private: part })
        return claim
      })
    },

    /**
     * What that village answers: what keeps it, in the caller's transaction. Null: this office never asked, or asked another
     * one. What cannot be opened or is no letter counts as `unread`.
     */
    async takeAnswer({ claim, from, key, outcome, left, sealed }: CommandData<'claim-answer'>) {
      const asked = tables.claim(claim)
      if (asked?.village !== from) return null
      const opened = sealed === undefined ? null : await openFromBox('paper', sealed, { key: identity.key, from: key })
      const paper = opened as SealedPaper | null
      const part =
        outcome === 'given' && paper?.claim === claim
          ? await pen
              .seal('claims.received', { letter: paper.letter, name: paper.name, paper: paper.paper as never })
              .catch(() => null)
          : null
      const data = { claim, outcome: outcome === 'given' && !part ? 'unread' : outcome, left: left ?? null } as const
      return {
        keep: () =>
          store.write((tx) => {
            if (tables.claim(claim)?.outcome !== null) return
            pen.append(tx, { type: 'claims.received', actor: 'hub', data, ...(part ? { private: part } : {}) })
          }),
      }
    },

    /** The letter as it is printed here. Throws `claims.unknown`, `claims.no-paper`. */
    paper(claim: string): LetterPaper {
      const part = paperIn(known(claim))
      if (!part) throw new AppError('not-found', 'claims.no-paper', 'There is no paper for it, or no longer.')
      return { ...part.paper, arms: null, mark: null }
    },

    /** The citizen has it. Throws `claims.unknown`, `claims.no-paper`. */
    handOut({ claim, actor, key }: Command & { claim: string }): void {
      store.write((tx) => {
        if (pen.wasDone(key, ['claims.handed-out'])) return
        const { outcome, handedAt } = known(claim)
        if (outcome !== 'given') throw new AppError('conflict', 'claims.no-paper', 'There is no paper for it.')
        if (handedAt === null) pen.append(tx, { type: 'claims.handed-out', actor, key, data: { claim } })
      })
    },

    view(): ClaimsView {
      const names = people.names()
      const { state, sentBefore } = line()
      const now = clock.read().at
      return {
        line: state,
        asked: tables.asked(shown).map((one) => {
          const { claim, askedRow, village, at, actor, left, answeredAt, handedAt, handedBy } = one
          const code = pen.partOf(askedRow, 'claims.asked')?.code
          const part = paperIn(one)
          return {
            ...{ claim, village, at, left, answeredAt, handedAt, state: stateOf(one, sentBefore, now) },
            code: code ? writeClaimCode(code) : null,
            by: names.get(actor) ?? actor,
            handedBy: handedBy && (names.get(handedBy) ?? handedBy),
            paper: part && {
              title: part.paper.content.title,
              written: part.paper.written,
              name: part.name,
              issuer: part.paper.issuer.name,
            },
          }
        }),
        answered: tables.answers(shown).map(({ letter, ...one }) => {
          const about = letter === null ? null : letters.collectable(letter)
          return { ...one, title: about?.title ?? null, written: about?.written ?? null }
        }),
      }
    },
  }
}
