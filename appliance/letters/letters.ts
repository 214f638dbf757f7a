import type { Identity } from '../base/broker/identity.ts'
import { type Clock, dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { People } from '../people/people.ts'
import type { DocumentPrinterView } from '../print/views.ts'
import type { Erased } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import { createArms, toDataUrl } from './arms.ts'
import { createArmsTable } from './arms-table.ts'
import { createCivilForms } from './civil-form-making.ts'
import { createDispatches } from './dispatches.ts'
import { createElectronicSigning } from './electronic-signing.ts'
import { createElectronicTables } from './electronic-tables.ts'
import { letterEvents } from './events.ts'
import { createIssuing } from './issuing.ts'
import type { LetterPaper } from './letter-paper.ts'
import { parseNumberFormat, yearOf } from './number-format.ts'
import type { OfficeTemplates } from './office-templates.ts'
import { createReading } from './reading.ts'
import { createRequests } from './requests.ts'
import { type LetterSettings, type Signatory, usualSettings } from './settings.ts'
import type { Trust } from './signing-service.ts'
import { createLetterTables, type StoredLetter } from './tables.ts'
import { createTemplateVersions } from './template-versions.ts'
import type { Issuer } from './values.ts'

export type Letters = ReturnType<typeof createLetters>
export type LetterRole = 'clerk' | 'secretary' | 'head'

export type LetterParts = {
  store: Store
  journal: Journal
  clock: Clock
  /** An IANA time zone. */
  zone: string
  village: string
  issuer: Issuer
  /** By which the box signs what it issues. */
  identity: Pick<Identity, 'key'>
  templates: OfficeTemplates
  datasets: Pick<Datasets, 'read'>
  people: People
  residents: Residents
  /** Sets a letter as PDF; throws where that cannot be done. */
  setPaper: (letter: LetterPaper) => Promise<Buffer>
  /** Whom this box trusts when it has a letter signed. */
  trust: Trust
  /** How the printer is on which they are printed without a dialog. */
  documentPrinter: () => DocumentPrinterView
  /** The code by which a letter is collected; null: none was given. */
  claimOf: (letter: string) => string | null
}

/** What the parts of the room share. */
export type LetterRoom = ReturnType<typeof createShared>

/** The head's signature, while an office has said nothing of who signs. */
const headSignatory = 'kepala------'

function createShared(parts: LetterParts) {
  const { store, journal, clock, zone, village, people } = parts
  const tables = createLetterTables(store.db)
  const arms = createArmsTable(store.db)
  const electronic = createElectronicTables(store.db)
  const settings = (): LetterSettings => tables.settings() ?? usualSettings(village)

  /** Who signs here. Where nobody was set, the head does. */
  function signatories(): Signatory[] {
    const { signatories: set } = settings()
    if (set.length > 0) return set
    const head = people.head()
    if (!head) return []
    const { name, account } = head
    return [{ signatory: headSignatory, form: 'head', title: '', name, number: '', account, from: null, until: null }]
  }

  const today = (): string => dateIn(zone, clock.read().at)

  /** Throws `letters.unknown`. */
  function known(letter: string): StoredLetter {
    const found = tables.letter(letter)
    if (!found) throw new AppError('not-found', 'letters.unknown', 'There is no such letter.')
    return found
  }

  return {
    ...parts,
    tables,
    arms,
    electronic,
    /** The picture for letterheads, as a paper takes it; null: there is none. */
    armsOnPaper: (): string | null => {
      const file = arms.file()
      return file && toDataUrl(file.kind, file.bytes)
    },
    settings,
    signatories,
    pen: journal.pen(letterEvents),
    today,
    /** Numbers begin anew in each. */
    thisYear: (): number => yearOf(today()),
    known,
    /** What has no number yet and may have one. Throws `letters.unknown`, `letters.not-waiting`. */
    waiting(letter: string): StoredLetter {
      const found = known(letter)
      if (found.state !== 'waiting' && found.state !== 'reviewed')
        throw new AppError('conflict', 'letters.not-waiting', `It is ${found.state} already.`)
      return found
    },
    /** Throws `letters.no-signatory`. */
    signatory(id: string): Signatory {
      const found = signatories().find(({ signatory }) => signatory === id)
      if (!found)
        throw new AppError('conflict', 'letters.no-signatory', 'Nobody signs under that name any more.', {
          field: 'signatory',
        })
      return found
    },
  }
}

/** Letters from the request to the register. */
export function createLetters(parts: LetterParts) {
  const room = createShared(parts)
  const { store, pen, signatories } = room
  const reading = createReading(room)
  const requests = createRequests(room)
  const civilForms = createCivilForms(room)

  return {
    ...requests,
    ...createIssuing(room),
    ...createTemplateVersions(room),
    ...createDispatches(room),
    ...civilForms,
    ...createArms(room, parts.setPaper),
    ...createElectronicSigning(room, { setPaper: parts.setPaper, ...parts.trust }),
    ...reading,
    signatories,

    /** Somebody is erased. */
    forget(tx: Tx, gone: Pick<Erased, 'residents'>): void {
      requests.forget(tx, gone)
      civilForms.dropFormsOf(new Set(gone.residents))
    },

    /** Throws what `parseNumberFormat` throws, and `letters.signatory-title`. */
    changeSettings({ settings, actor, key }: Command & { settings: LetterSettings }): void {
      parseNumberFormat(settings.format, { perCode: settings.numbering === 'per-code' })
      const untitled = settings.signatories.find(({ form, title }) => (form === 'an' || form === 'ub') && title === '')
      if (untitled)
        throw new AppError('invalid', 'letters.signatory-title', 'Whoever signs for the head has an office.', {
          name: untitled.name,
        })
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.settings-changed')) return
        pen.append(tx, { type: 'letters.settings-changed', actor, key, data: { settings } })
      })
    },
  }
}
