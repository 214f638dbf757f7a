import { dateIn } from '../base/clock.ts'
import type { Tx } from '../base/store/store.ts'
import { dayMs } from '../base/time.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import type { Template } from '../wire/letter-template.ts'
import { publicKeyOf } from '../wire/sign.ts'
import { createCheck } from './check.ts'
import type { LetterPaper } from './letter-paper.ts'
import type { LetterRoom } from './letters.ts'
import { parseNumberFormat, writeNumber } from './number-format.ts'
import { paperOf } from './papers.ts'
import { signingTitle, signsAsHead } from './signing.ts'
import type { StoredLetter, StoredNumber } from './tables.ts'
import type {
  LetterLine,
  LetterOfResident,
  LetterSettingsView,
  LettersView,
  LetterTemplates,
  RegisterLine,
  RegisterView,
} from './views.ts'

/** A letter as far as handing it out goes. */
export type CollectableLetter = Pick<StoredLetter, 'state' | 'collectedAt' | 'collectedVillage'> & {
  title: string
  written: string | null
  /** Of whom it is about; null: erased. */
  name: string | null
  /** Null: erased, or the record had none. */
  birthDate: string | null
  paper: () => LetterPaper | null
  /** The PDF as it was signed electronically; null: it is signed by pen. */
  signedFile: () => Buffer | null
}

const page = 100
const yearMs = 365 * dayMs

/** What pages and paper show of letters. */
export function createReading(room: LetterRoom) {
  const { journal, clock, pen, tables, electronic, templates, people, residents, issuer, claimOf } = room
  const { settings, signatories, today, thisYear, known } = room
  const recipient = recipientOfBox(publicKeyOf(room.identity.key))

  const nameOf = ({ requestedRow }: StoredLetter): string | null =>
    pen.partOf(requestedRow, 'letters.requested')?.person.name ?? null
  const reasonOf = ({ state, decidedRow }: StoredLetter): string | null =>
    decidedRow === null || (state !== 'void' && state !== 'rejected')
      ? null
      : (pen.partOf(decidedRow, state === 'void' ? 'letters.voided' : 'letters.rejected')?.reason ?? null)
  const titleOf = (code: string): string => templates.find(code)?.title ?? code

  function toLine(stored: StoredLetter, staff: ReadonlyMap<string, string>): LetterLine {
    const { letter, template, state, requestedAt, requestedBy, collectedAt } = stored
    const numbered = tables.numberOf(letter)
    const signs = signatories().find(({ signatory }) => signatory === stored.signatory)
    return {
      ...{ letter, state, requestedAt, collectedAt, claim: claimOf(letter) },
      title: numbered?.title ?? titleOf(template),
      name: nameOf(stored),
      written: numbered?.written ?? null,
      on: numbered?.on ?? null,
      requestedBy: staff.get(requestedBy) ?? requestedBy,
      reason: reasonOf(stored),
      signatory: signs?.name ?? '',
      approver: signs?.account ?? null,
      dateByHand: numbered !== null && numbered.clock !== 'synced',
      signed: signedAs(stored),
    }
  }

  function toRegisterLine(one: StoredNumber, staff: ReadonlyMap<string, string>): RegisterLine {
    const { row, number, written, on, title, letter, actor, clock: trust } = one
    const stored = letter === null ? null : tables.letter(letter)
    const mail = letter === null ? pen.partOf(row, 'letters.number-used') : null
    return {
      ...{ row, number, written: written ?? '', on: on ?? '', letter },
      subject: letter === null ? (mail?.subject ?? null) : title,
      name: stored ? nameOf(stored) : (mail?.to ?? null),
      by: staff.get(actor) ?? actor,
      state: letter === null ? 'mail' : stateInRegister(stored),
      signed: stored && signedAs(stored),
      reason: stored && reasonOf(stored),
      collectedAt: stored?.collectedAt ?? null,
      sentOn: tables.sentOn(one),
      collectedVillage: stored?.collectedVillage ?? null,
      claim: letter && claimOf(letter),
      dateByHand: trust !== 'synced',
    }
  }

  const signedFile = ({ letter, state }: StoredLetter): Buffer | null =>
    state === 'issued' ? electronic.file(letter) : null

  /** Null: by pen. */
  const signedAs = ({ letter, signing }: StoredLetter): LetterLine['signed'] => {
    if (signing !== 'electronic') return null
    return electronic.hasFile(letter) ? 'electronic' : 'lost'
  }

  /** What is written every day comes before what is written once a year. */
  function byUse(all: readonly Template[]): Template[] {
    const uses = tables.uses(clock.read().at - yearMs)
    return all.toSorted((one, other) => (uses.get(other.code) ?? 0) - (uses.get(one.code) ?? 0))
  }

  function hindrance(): LettersView['hindrance'] {
    // The date first: the year, and so the rows, hang on it.
    if (clock.read().trust === 'doubtful') return { why: 'doubtful', last: [] }
    const held = journal.numbersHeld('letters')
    if (held === null) return null
    return { why: held === 'not-owner' ? 'replaced' : 'held', last: tables.lastNumbers(thisYear()) }
  }

  return {
    view(): LettersView {
      const staff = people.names()
      return {
        waiting: tables.open().map((one) => toLine(one, staff)),
        unsigned: tables.unsigned().map((one) => toLine(one, staff)),
        signatories: signatories().map((one) => ({
          ...{
            signatory: one.signatory,
            name: one.name,
            asHead: signsAsHead(one),
            title: signingTitle(one, issuer.name),
          },
        })),
        approval: settings().approval,
        hindrance: hindrance(),
        printer: room.documentPrinter(),
        recipient,
      }
    },

    templates: (): LetterTemplates => ({
      templates: byUse(templates.all()).map(({ code, title, aka = [], papers, fields, signing }) => ({
        ...{ code, title, aka, papers, fields, headOnly: signing?.headOnly ?? false },
      })),
    }),

    /** Letters of one resident, for who has the record open. Throws `residents.not-open`. */
    ofResident(resident: string, actor: string): LetterOfResident[] {
      residents.opened(resident, actor)
      const staff = people.names()
      return tables.ofResident(resident).map((one) => ({
        ...toLine(one, staff),
        ...{ template: one.template, signatoryId: one.signatory },
        typed: pen.partOf(one.requestedRow, 'letters.requested')?.typed ?? null,
      }))
    },

    /** Numbers of a year, the newest first, those before the entry `before`. */
    register({ year, before }: { year: number | null; before: number | null }): RegisterView {
      const of = year ?? thisYear()
      const staff = people.names()
      const lines = tables.register({ year: of, before, limit: page + 1 })
      return {
        year: of,
        years: [...new Set([thisYear(), of, ...tables.years()])].sort((one, other) => other - one),
        lines: lines.slice(0, page).map((one) => toRegisterLine(one, staff)),
        more: lines.length > page,
      }
    },

    /** All of a year, the oldest first, for a sheet. */
    registerOfYear(year: number): RegisterLine[] {
      const staff = people.names()
      return tables
        .register({ year, before: null, limit: 1_000_000 })
        .map((one) => toRegisterLine(one, staff))
        .reverse()
    },

    settingsView(): LetterSettingsView {
      const now = settings()
      const { format, villageMark, classification } = now
      const day = today()
      const code = templates.everything()[0]?.template.classification[classification] ?? ''
      return {
        settings: now,
        signatories: signatories(),
        accounts: people
          .accounts()
          .filter(({ active, role }) => active && role !== 'technician')
          .map(({ account, name }) => ({ account, name })),
        last: tables.lastNumbers(thisYear()),
        example: writeNumber(parseNumberFormat(format, { perCode: false }), {
          ...{ number: 1, classification: code, villageMark, day },
        }),
      }
    },

    /** A letter as it is printed. Whoever has not opened the record has looked at it by this, which leaves its trace. */
    paper(letter: string, actor: string): LetterPaper | null {
      const stored = known(letter)
      residents.lookedByLetter(stored.resident, actor)
      return paperOf(room, stored)
    },

    /** The PDF as it was signed; null: it is printed from what it says. Of who may see `paper`. */
    signedFile: (letter: string): Buffer | null => signedFile(known(letter)),

    /** What whoever collects a letter is asked for, and what is handed out. Throws `letters.unknown`. */
    collectable(letter: string): CollectableLetter {
      const stored = known(letter)
      const { requestedRow, template, state, collectedAt, collectedVillage } = stored
      const person = pen.partOf(requestedRow, 'letters.requested')?.person ?? null
      const numbered = tables.numberOf(letter)
      const sentOn = numbered && tables.sentOn(numbered)
      return {
        // One that went by mail is not here any more either.
        ...{ state, collectedAt: collectedAt ?? (sentOn ? Date.parse(sentOn) : null), collectedVillage },
        title: numbered?.title ?? titleOf(template),
        written: numbered?.written ?? null,
        name: person?.name ?? null,
        birthDate: person?.birthDate ?? null,
        paper: () => paperOf(room, stored),
        signedFile: () => signedFile(stored),
      }
    },

    /** Another village has the letter now: the record says so as of any other reader. */
    noteLooked: (tx: Tx, letter: string, actor: string): void =>
      residents.noteInLetter(tx, { members: [known(letter).resident], actor }),

    check: createCheck(room),

    /** What a page that a phone keeps goes by: the regency's list, and what this office knows of its own letters by now. */
    keptList() {
      const { village, identity, datasets, zone } = room
      const list = datasets.read('letters') ?? { asOf: today(), keys: [], voided: [] }
      const own = publicKeyOf(identity.key)
      const known = new Set(list.voided.map(({ letter }) => letter))
      return {
        asOf: list.asOf,
        keys: list.keys.some(({ key }) => key === own) ? list.keys : [...list.keys, { village, key: own }],
        voided: [
          ...list.voided,
          ...tables
            .voided()
            .filter(({ letter }) => !known.has(letter))
            .map(({ letter, at }) => ({ letter, on: dateIn(zone, at) })),
        ],
        names: { [village]: issuer.name },
      }
    },
  }
}

const stateInRegister = (stored: StoredLetter | null): 'void' | 'unsigned' | 'issued' =>
  stored?.state === 'void' || stored?.state === 'unsigned' ? stored.state : 'issued'
