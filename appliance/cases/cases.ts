import { hash } from 'node:crypto'
import { type Clock, dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Say } from '../base/messages/catalogues.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { tidyText } from '../base/tidy-text.ts'
import { dayMs, isDay } from '../base/time.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Letters } from '../letters/letters.ts'
import { localAt, momentOf } from '../office/hours.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import type { Erased } from '../residents/erase.ts'
import type { Person, PersonFields } from '../residents/person.ts'
import type { Residents } from '../residents/residents.ts'
import { mostWrong } from '../wire/claim-outcomes.ts'
import type { CommandData } from '../wire/commands.ts'
import { verifyNotice } from '../wire/notice-signature.ts'
import type { Notice } from '../wire/notices.ts'
import { describeNotice, describeState } from './describe-state.ts'
import type { DocumentTables, StoredDocument } from './document-tables.ts'
import { caseEvents } from './events.ts'
import { agencyOf, listKinds } from './kinds.ts'
import { openNotice } from './open-notice.ts'
import { lacks } from './paper-states.ts'
import type { Paper } from './papers.ts'
import type { PhotosForAgency } from './photos-for-agency.ts'
import { dueOf, type Promised } from './promise.ts'
import { isAtAgency, isEnded, isLate } from './states.ts'
import { createCaseTables, type StoredCase } from './tables.ts'
import { createHomeTable, isForHome } from './take-home.ts'
import type { CaseKind, CaseLine, CasesPage, CasesView, CitizenCase } from './views.ts'

export type Cases = ReturnType<typeof createCases>

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  /** An IANA time zone. */
  zone: string
  datasets: Pick<Datasets, 'read'>
  letters: Pick<Letters, 'templates' | 'request' | 'collect' | 'collectable'>
  office: Pick<OfficeRoom, 'readHours' | 'services'>
  people: Pick<People, 'names'>
  queue: Pick<Queue, 'ticket'>
  residents: Pick<Residents, 'opened' | 'ticketOf' | 'idOf'>
  /** The office's language. */
  say: Say
  /** Opens what is sealed to this box: `AGE-SECRET-KEY-1…`. */
  secret: () => string
  /** What is sealed to it: `age1…`. */
  recipient: () => string
  photos: PhotosForAgency
  documents: Pick<DocumentTables, 'ofCase' | 'dropOf' | 'dropOfResident'>
  /** Until when a phone takes photos for it. */
  phoneOf: (id: string) => CaseLine['phone']
}

type Open = Command & { kind: string; resident: string; papers: readonly Paper[] }
type OfOne = Command & { case: string }
type Letter = OfOne & Omit<Parameters<Letters['request']>[0], keyof Command>

const page = 50
const usesDays = 365

/** What citizens apply for: papers, the letter or the agency, when it is due, and what came of it. */
export function createCases(parts: Parts) {
  const {
    store,
    journal,
    clock,
    zone,
    datasets,
    letters,
    office,
    people,
    queue,
    residents,
    say,
    secret,
    photos,
    documents,
    recipient,
    phoneOf,
  } = parts
  const pen = journal.pen(caseEvents)
  const tables = createCaseTables(store.db)
  const home = createHomeTable(store.db)
  const now = (): number => clock.read().at
  const today = (): string => dateIn(zone, now())

  const allKinds = (): CaseKind[] =>
    listKinds({
      templates: letters.templates().templates,
      services: datasets.read('services')?.services ?? null,
      agencies: agencies(),
    })

  /** Throws `cases.unknown-kind`. */
  function kindOf(code: string): CaseKind {
    const found = allKinds().find((one) => one.code === code)
    if (!found) throw new AppError('not-found', 'cases.unknown-kind', `Nobody applies for ${code} here.`)
    return found
  }

  /** Throws `cases.unknown`. */
  function known(id: string): StoredCase {
    const found = tables.byId(id)
    if (!found) throw new AppError('not-found', 'cases.unknown', 'There is no such application.')
    return found
  }

  /** Throws `cases.unknown`, `cases.ended`. */
  function going(id: string): StoredCase {
    const found = known(id)
    if (isEnded(found.state)) throw new AppError('conflict', 'cases.ended', 'That application has ended already.')
    return found
  }

  /** Begins when the last paper is here. */
  function dueFrom(papers: readonly Paper[], within: Promised): number | null {
    if (lacks(papers).length > 0) return null
    const due = dueOf(office.readHours()(''), localAt(zone, now()), within)
    return due && momentOf(zone, due)
  }

  /** Of a list that a page sends: the days are none before today. Throws `cases.wrong-day`. */
  function readPapers(papers: readonly Paper[]): Paper[] {
    return papers.map(({ name, state, until }) => {
      if (state !== 'later') return { name, state, until: null }
      if (until !== null && (!isDay(until) || until < today()))
        throw new AppError('invalid', 'cases.wrong-day', 'That day is over, or is none.', { field: name })
      return { name, state, until }
    })
  }

  const papersOf = (stored: StoredCase): Paper[] => JSON.parse(stored.papers) as Paper[]
  const agencies = () => datasets.read('agencies')?.agencies ?? null

  function changePapers(tx: Tx, { case: id, papers, actor, key }: OfOne & { papers: readonly Paper[] }): void {
    if (pen.entryByKey(key, 'cases.papers-changed')) return
    const stored = going(id)
    const said = readPapers(papers)
    const list = papersOf(stored).map((one) => said.find(({ name }) => name === one.name) ?? one)
    const due = lacks(list).length > 0 ? null : (stored.dueAt ?? dueFrom(list, JSON.parse(stored.within ?? 'null')))
    pen.append(tx, { type: 'cases.papers-changed', actor, key, data: { case: id, papers: list, due } })
  }

  function toLine(stored: StoredCase, staff: ReadonlyMap<string, string>): CaseLine {
    const { ordinal, title, state, stateAt, dueAt, openedAt, openedBy, template, letter, stateRow, resident, sender } =
      stored
    const agency = agencyOf(stored.agency, agencies())
    const withdrawn = state === 'withdrawn' ? (pen.partOf(stateRow, 'cases.withdrawn')?.reason ?? null) : null
    return {
      ...{ case: stored.case, title, state, stateAt, dueAt, openedAt, template, letter, resident, sender },
      name: pen.partOf(ordinal, 'cases.opened')?.name ?? null,
      papers: papersOf(stored),
      late: isLate(stored, now()),
      by: staff.get(openedBy) ?? openedBy,
      ...{ agency: agency?.name ?? null, sealable: agency?.sealable ?? false },
      text: withdrawn ?? stored.text,
      photos: photos.view(stored.case),
      documents: documents.ofCase(stored.case).map(toDocument),
      home: homeOf(letter),
      phone: phoneOf(stored.case),
    }
  }

  function homeOf(letter: string | null): CaseLine['home'] {
    if (letter === null) return { takenAt: null, locked: false }
    const { takenAt, wrong } = home.of(letter)
    return { takenAt, locked: wrong >= mostWrong }
  }

  return {
    /** What the photos of its papers go by; throw `cases.unknown`, and the second one `cases.ended`. */
    photoSide: { find: tables.byId, known, going, papersOf, changePapers },

    /** What can be applied for: first what the number in service came for, then what is asked for most. */
    kinds(actor: string): CaseKind[] {
      const ticket = residents.ticketOf(actor)
      const service = ticket === null ? null : queue.ticket(ticket).service
      const code = office.services().find((one) => one.service === service)?.code ?? null
      const uses = tables.uses(now() - usesDays * dayMs)
      const rank = (one: CaseKind): number => (one.code === code ? Number.POSITIVE_INFINITY : (uses.get(one.code) ?? 0))
      return allKinds().toSorted((one, other) => (rank(one) === rank(other) ? 0 : rank(other) - rank(one)))
    },

    /** What is published of one service, or of all. Throws `cases.unknown-kind`. */
    standards: (code: string | null): CaseKind[] => (code === null ? allKinds() : [kindOf(code)]),

    /**
     * Opens one for the resident whose record is open; answers its id. Papers that the list does not name count as missing.
     * Throws `residents.not-open`, `cases.unknown-kind`, `cases.wrong-day`.
     */
    async open({ kind: code, resident, papers, actor, key }: Open): Promise<string> {
      const before = pen.entryByKey(key, 'cases.opened')
      if (before) return before.data.case
      const { title, papers: asked, within, template, agency } = kindOf(code)
      const { name } = residents.opened(resident, actor)
      const said = readPapers(papers)
      const list = asked.map(
        (paper): Paper => said.find((one) => one.name === paper) ?? { name: paper, state: 'missing', until: null },
      )
      const part = await pen.seal('cases.opened', { name })
      return store.write((tx) => {
        const twice = pen.entryByKey(key, 'cases.opened')
        if (twice) return twice.data.case
        const data = {
          ...{ case: newId(), kind: code, title, resident, ticket: residents.ticketOf(actor), papers: list, within },
          ...{ due: dueFrom(list, within), template, agency: agency?.code ?? null, notice: null },
        }
        pen.append(tx, { type: 'cases.opened', actor, key, data, private: part })
        return data.case
      })
    },

    /** How it stands with papers now; names that the case does not ask for are left. Throws `cases.ended`, `cases.wrong-day`. */
    changePapers(change: OfOne & { papers: readonly Paper[] }): void {
      store.write((tx) => changePapers(tx, change))
    },

    /**
     * Writes the letter that it ends in, for whoever has the record open; answers the letter's id. Throws `cases.no-letter`,
     * `cases.papers-missing` and what `letters.request` throws.
     */
    async writeLetter({ case: id, actor, key, ...asked }: Letter): Promise<string> {
      const before = pen.entryByKey(key && followUp(key), 'cases.letter-written')
      if (before) return before.data.letter
      const stored = going(id)
      if (stored.template !== asked.template || stored.resident !== asked.resident)
        throw new AppError('invalid', 'cases.no-letter', 'That application does not end in this letter.')
      assertComplete(stored)
      if (stored.state !== 'open' && stored.state !== 'returned')
        throw new AppError('conflict', 'cases.has-letter', 'It has its letter already.')
      const letter = await letters.request({ ...asked, actor, key })
      store.write((tx) => {
        const again = key && followUp(key)
        if (pen.entryByKey(again, 'cases.letter-written')) return
        pen.append(tx, { type: 'cases.letter-written', actor, key: again, data: { case: id, letter } })
      })
      return letter
    },

    /**
     * Sends it to its agency, sealed to the agency's key; once more where the agency has asked for papers. Throws
     * `residents.not-open`, `cases.no-agency`, `cases.no-key`, `cases.papers-missing`, `cases.relayed`.
     */
    async relay({ case: id, note, actor, key }: OfOne & { note: string }): Promise<void> {
      if (pen.wasDone(key, ['cases.relayed'])) return
      const stored = going(id)
      const { agency, title, kind, resident } = stored
      if (agency === null) throw new AppError('invalid', 'cases.no-agency', 'That application goes nowhere else.')
      const recipient = agencies()?.find(({ code }) => code === agency)?.recipient
      if (!recipient)
        throw new AppError('conflict', 'cases.no-key', 'The regency has published no key of that agency.', { agency })
      assertComplete(stored)
      assertNotThere(stored)
      const notice = pen.partOf(stored.ordinal, 'cases.opened')?.notice
      const applicant = applicantOf(resident === null ? null : residents.opened(resident, actor), notice)
      const words = tidyText(note)
      const part = await pen.seal(
        'cases.relayed',
        { applicant, title, ...(words ? { note: words } : {}), ...(notice ? { notice } : {}) },
        recipient,
      )
      const { fresh, named } = await photos.sealFor(id, recipient)
      store.write((tx) => {
        if (pen.entryByKey(key, 'cases.relayed')) return
        assertNotThere(going(id))
        for (const one of fresh) photos.keep(tx, one)
        const papers = papersOf(stored).map((one) => one.name)
        // What the office promised it has kept; an agency's promise is counted by the same time, from here on.
        const due = dueFrom([], JSON.parse(stored.within ?? 'null'))
        pen.append(tx, {
          type: 'cases.relayed',
          actor,
          key,
          data: { case: id, kind, agency, papers, due, ...(named.length > 0 ? { photos: named } : {}) },
          private: part,
        })
      })
    },

    /**
     * What an agency says: the sentence for the desks, where somebody has to do something, and what keeps it, in the caller's
     * transaction. Null: this office never sent that one, or has ended it.
     */
    takeState({ case: id, state, text }: CommandData<'case-state'>) {
      const found = tables.byId(id)
      if (!found || !isAtAgency(found.state)) return null
      return {
        say: describeState({ state, title: found.title, ...(text ? { text } : {}) }, say),
        from: agencyOf(found.agency, agencies())?.name.slice(0, 60) ?? '',
        keep: () =>
          store.write((tx) => {
            pen.append(tx, { type: 'cases.answered', actor: 'hub', data: { case: id, state, text: text ?? null } })
          }),
      }
    },

    /**
     * A birth or a death that a hospital or a midwife tells of: begins the case of whom it is about, with the papers that came
     * with it. Answers the sentence for the desks and what keeps it, in the caller's transaction; null: it was told already;
     * `unsigned`: the agency has a key to sign with, and did not; `sealed`: it is sealed to another box; `unreadable`: it
     * says something else than a notice does.
     */
    async takeNotice({ notice, kind, from, sealed, agency: teller, signature }: CommandData<'notice'>) {
      if (tables.byNotice(notice)) return null
      const signer = agencies()?.find(({ code }) => code === teller)?.signer
      const { village } = journal
      if (signer && !(signature && verifyNotice(signer, { village, notice, kind, from, sealed }, signature)))
        return 'unsigned' as const
      const told = await openNotice(Buffer.from(sealed, 'base64'), secret())
      if (told === null) return 'sealed' as const
      if (told === 'unreadable' || told.kind !== kind) return 'unreadable' as const
      const { code, title, papers, within, template, agency } = kindOf(certificateOf[kind])
      const about = told.kind === 'birth' ? told.mother : told
      const list = papers.map((name): Paper => ({ name, state: isTold(name) ? 'seen' : 'missing', until: null }))
      const part = await pen.seal('cases.opened', { name: about.name, notice: told })
      return {
        say: describeNotice({ kind, from, on: told.on }, say),
        keep: () =>
          store.write((tx) => {
            const data = {
              ...{
                case: newId(),
                kind: code,
                title,
                resident: about.nik ? residents.idOf(about.nik) : null,
                ticket: null,
              },
              ...{ papers: list, within, due: dueFrom(list, within), template, agency: agency?.code ?? null },
              notice: { notice, from },
            }
            pen.append(tx, { type: 'cases.opened', actor: 'hub', data, private: part })
          }),
      }
    },

    /**
     * What a hospital or a midwife has told of it, for who has the record open, where there is one. Throws `cases.unknown`,
     * `residents.not-open`. Null: nobody has, or it was erased.
     */
    notice(id: string, actor: string): Notice | null {
      const { ordinal, resident } = known(id)
      if (resident !== null) residents.opened(resident, actor)
      return pen.partOf(ordinal, 'cases.opened')?.notice ?? null
    },

    /** Whoever applied has what they came for; a letter is noted as fetched. Throws `cases.ended`, `cases.not-ready`. */
    close({ case: id, actor, key }: OfOne): void {
      const { state: stands, letter } = known(id)
      if (letter !== null && (stands === 'issued' || stands === 'closed')) {
        letters.collect({ letter, actor, key })
        return
      }
      store.write((tx) => {
        if (pen.entryByKey(key, 'cases.closed')) return
        const { state, template, agency } = going(id)
        const isPlain = template === null && agency === null
        if (state !== 'done' && !(isPlain && state === 'open'))
          throw new AppError('conflict', 'cases.not-ready', 'There is nothing to hand over yet.')
        pen.append(tx, { type: 'cases.closed', actor, key, data: { case: id } })
      })
    },

    /** Taken back, with a reason. Throws `cases.ended`, `cases.reason-needed`. */
    async withdraw({ case: id, reason, actor, key }: OfOne & { reason: string }): Promise<void> {
      const words = tidyText(reason)
      if (words === '') throw new AppError('invalid', 'cases.reason-needed', 'Say why.', { field: 'reason' })
      const part = await pen.seal('cases.withdrawn', { reason: words })
      store.write((tx) => {
        if (pen.entryByKey(key, 'cases.withdrawn')) return
        going(id)
        pen.append(tx, { type: 'cases.withdrawn', actor, key, data: { case: id }, private: part })
      })
    },

    /**
     * Somebody is erased: what is private of their cases goes, here and wherever it went, also of those that a hospital began
     * and in which they are named.
     */
    forget(tx: Tx, { residents: gone, isNamed }: Erased): void {
      const told = tables
        .told()
        .filter(({ ordinal }) => namedIn(pen.partOf(ordinal, 'cases.opened')?.notice).some(isNamed))
      for (const resident of gone) {
        photos.dropOfResident(tx, resident)
        documents.dropOfResident(tx, resident)
      }
      for (const { case: id } of told) {
        photos.dropOf(tx, id)
        documents.dropOf(tx, id)
      }
      journal.eraseParts(tx, [
        ...[...gone].flatMap((resident) => tables.entriesOf(resident)),
        ...told.flatMap(({ case: id }) => tables.entriesOfCase(id)),
      ])
    },

    /** What is open: what is late first, then what is due soonest, then the newest. */
    view(): CasesView {
      const staff = people.names()
      const open = tables.open().map((one) => toLine(one, staff))
      const soon = ({ dueAt }: CaseLine): number => dueAt ?? Number.POSITIVE_INFINITY
      return {
        open: open.toSorted((one, other) =>
          one.late === other.late
            ? soon(one) === soon(other)
              ? 0
              : soon(one) - soon(other)
            : Number(other.late) - Number(one.late),
        ),
        late: open.filter(({ late }) => late).length,
      }
    },

    /** All of them, the newest first, those that were opened before `before`. */
    list(before: string | null): CasesPage {
      const staff = people.names()
      const rows = tables.newest({ before: before === null ? null : known(before).ordinal, limit: page + 1 })
      return { cases: rows.slice(0, page).map((row) => toLine(row, staff)), more: rows.length > page }
    },

    /** Those of one resident, for who has the record open. Throws `residents.not-open`. */
    ofResident(resident: string, actor: string): CaseLine[] {
      residents.opened(resident, actor)
      const staff = people.names()
      return tables.ofResident(resident).map((row) => toLine(row, staff))
    },

    /** Those that began with a number, for whoever holds it: without anybody's name. */
    ofTicket(ticket: string): CitizenCase[] {
      return tables.ofTicket(ticket).map((stored) => ({
        ...{
          case: stored.case,
          title: stored.title,
          state: stored.state,
          stateAt: stored.stateAt,
          dueAt: stored.dueAt,
          text: stored.text,
        },
        lacks: isEnded(stored.state) ? [] : lacks(papersOf(stored)),
        agency: agencyOf(stored.agency, agencies())?.name ?? null,
        takeHome: stored.letter !== null && isForHome(letters, stored.letter) ? recipient() : null,
        document: !isEnded(stored.state) && documents.ofCase(stored.case).some(({ isHere }) => isHere === 1),
      }))
    },

    /** How many are late now. */
    countLate(): number {
      const at = now()
      return tables.open().filter((one) => isLate(one, at)).length
    },
  }

  function assertNotThere({ state }: StoredCase): void {
    if (state !== 'open' && state !== 'papers')
      throw new AppError('conflict', 'cases.relayed', 'It has gone there already.')
  }

  function assertComplete(stored: StoredCase): void {
    const missing = lacks(papersOf(stored))
    if (missing.length > 0)
      throw new AppError('conflict', 'cases.papers-missing', 'Papers are missing.', {
        papers: missing.map(({ name }) => name).join(', '),
      })
  }
}

const toDocument = ({ document, at, outcome, isHere }: StoredDocument): CaseLine['documents'][number] => ({
  ...{ document, at },
  state: outcome === null ? 'coming' : outcome === 'here' && isHere === 0 ? 'gone' : outcome,
})

/** The key of the second entry, of a command that writes two. */
const followUp = (key: string): string => hash('sha256', `${key} case`, 'base64url').slice(0, 12)

/** Everybody whom a notice names. */
function namedIn(notice: Notice | undefined): PersonFields[] {
  if (!notice) return []
  const { kind, name } = notice
  if (kind === 'death') return [{ name, ...(notice.nik ? { nik: notice.nik } : {}) }]
  return [notice.mother, ...(notice.father ? [notice.father] : []), ...(name ? [{ name, birthDate: notice.on }] : [])]
}

/** Whose it is towards an agency: by the record, else by what was told. */
function applicantOf(person: Person | null, notice: Notice | undefined) {
  const told = notice?.kind === 'birth' ? { ...notice.mother, kk: notice.kk } : { name: notice?.name, nik: notice?.nik }
  const one: Partial<Person> = person ?? (told as Partial<Person>)
  const { name = '', nik, kk, sex, birthPlace, birthDate, address, hamlet, rw, rt, currentAddress } = one
  const all = { name, nik, kk, sex, birthPlace, birthDate, address, hamlet, rw, rt, currentAddress }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as typeof all
}

const certificateOf = { birth: 'akta-kelahiran', death: 'akta-kematian' } as const
/** The paper that a notice stands for. */
const isTold = (paper: string): boolean => /(bidan|rumah sakit|surat lahir)/i.test(paper)
