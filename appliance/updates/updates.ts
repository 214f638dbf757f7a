import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Alarms } from '../base/alarms.ts'
import { isAway } from '../base/broker/link-trouble.ts'
import { type Clock, hourIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import { openFacts } from '../base/store/facts.ts'
import { writeShared } from '../base/store/shared-file.ts'
import type { Store, Tx } from '../base/store/store.ts'
import {
  type BundleKind,
  isNewerVersion,
  programCompatible,
  type SystemFile,
  type SystemRelease,
  type When,
} from '../wire/releases.ts'
import { type createBundles, refusals } from './bundles.ts'
import type { createDownload } from './download.ts'
import { type Outcome, type Passed, updateEvents } from './events.ts'
import type { System } from './machine.ts'
import {
  isBundlePlace,
  ownFolder,
  readConfirmed,
  readRequest,
  readState,
  requestFile,
  type UpdateState,
} from './request-files.ts'
import type { UpdatesView } from './views.ts'

export type Updates = ReturnType<typeof createUpdates>

/** After the night's own work, and long before anybody comes. */
const installing = { from: 3, until: 5 }
/** Nobody is in the office, and the line is free. */
const fetching = { from: 19, until: 5 }

/** `waiting`: for the night. `release`: by which the regency asked for it; null: a person did. */
type Wish = {
  /** Absent in one of a program that knew systems only. */
  kind?: BundleKind
  update: string
  file: string
  version: string
  when: When
  step: 'waiting' | 'saving' | 'asked'
  release?: number | null
  /** Whether the regency was reached when it began: what is new has to reach it, too. */
  lineWasUp?: boolean
}
/** How the line to the regency is; `reason`: why there is none. */
export type Line = { state: 'connected' | 'offline' | 'refused' | 'off'; reason: string | null }
/** What the regency offers this box now. */
export type Offered = SystemRelease & { release: number }
type Last = {
  kind?: BundleKind
  update: string
  version: string
  outcome: Outcome
  at: number
  reason: string | null
}

type Parts = {
  data: string
  zone: string
  stickFolder: string
  stateFolder: string
  system: System | null
  /** The version of the program that runs. */
  program: string
  /** The kind of machine: `balai-pi`. */
  compatible: () => string
  bundles: ReturnType<typeof createBundles>
  download: ReturnType<typeof createDownload>
  /** Null: nothing any more; undefined: it has not said so since the box started. */
  offered: () => Offered | null | undefined
  /** Asks the regency for what is due. */
  fetch: () => void
  line: () => Line
  store: Store
  journal: Journal
  clock: Clock
  alarms: Alarms
  /** Throws where no backup could be made; null when the box closes meanwhile. */
  backUp: () => Promise<unknown>
  onChange: () => void
  log: { info(details: object, what: string): void; error(details: object, what: string): void }
}

/**
 * What the box wants of its system, and what became of it. A backup comes first, then a signed bundle goes into the free
 * slot while the office works, or the program alone beside the one of the system; then the machine starts with it. What is
 * new proves itself, or what ran before comes back.
 */
export function createUpdates(parts: Parts) {
  const {
    data,
    zone,
    stickFolder,
    stateFolder,
    system,
    program,
    compatible,
    bundles,
    download,
    offered,
    fetch,
    line,
    store,
    journal,
    clock,
    alarms,
    backUp,
    onChange,
    log,
  } = parts
  const pen = journal.pen(updateEvents)
  const notes = keepNotes(store)
  /** A backup is being made for it. */
  let saving: Promise<void> | null = null

  /** Null where nothing of the machine's takes up a wish. */
  const managed = (): System | null => (existsSync(stateFolder) ? system : null)

  async function ask(wanted: { file: string; when: When; actor: string; key: string | null }): Promise<void> {
    const { file, when, actor, key } = wanted
    // Also where the stick was pulled out since.
    if (pen.wasDone(key, ['updates.asked'])) return
    if (!managed())
      throw new AppError('unavailable', 'updates.not-managed', 'This machine was not written as an image.')
    const bundle = (await bundles.list()).find((one) => one.file === file)
    if (!bundle || !isBundlePlace(file, data, stickFolder))
      throw new AppError('not-found', 'updates.no-bundle', 'This file is not there any more.')
    const { kind, version, trouble } = bundle
    if (version === null) throw new AppError('invalid', refusals[trouble], 'This file is no system for this box.')
    // The machine takes the newer one of the two, so nothing would come of it.
    if (kind === 'program' && !isNewerVersion(version, system?.version ?? ''))
      throw new AppError(
        'conflict',
        'updates.older',
        'The system of this box brings a program that is as new or newer.',
      )
    store.write((tx) => {
      if (pen.wasDone(key, ['updates.asked'])) return
      if (notes.wish()) throw new AppError('conflict', 'updates.under-way', 'Another update is under way.')
      setWish(tx, { kind, file, version, when }, { actor, key })
    })
    onChange()
    look()
  }

  function setWish(
    tx: Tx,
    { kind, file, version, when, release }: Pick<Wish, 'file' | 'version' | 'when' | 'release'> & { kind: BundleKind },
    by: { actor: string; key: string | null },
  ): void {
    const update = newId()
    const data = { update, version, when, ...(release ? { release } : {}), ...(kind === 'program' ? { kind } : {}) }
    pen.append(tx, { type: 'updates.asked', ...by, data })
    notes.setWish({ kind, update, file, version, when, step: 'waiting', ...(release ? { release } : {}) })
    notes.setLast(null)
  }

  /** SYNC-020: what the regency offers is fetched, and wanted once it is here; each file of a release once. */
  function follow(): void {
    const offer = offered()
    if (offer === undefined) return
    const wish = notes.wish()
    if (wish?.release && wish.step === 'waiting' && wish.release !== offer?.release) withdraw(wish)
    if (notes.wish()) return
    const { release: known, tried } = notes.release()
    if (!offer || offer.release < known || (offer.release === known && tried === 'all')) {
      download.want(null)
      return
    }
    const { release, files, when } = offer
    const before = release === known && tried !== 'all' ? tried : []
    const next = chooseNext(files, before)
    if (typeof next === 'string') {
      download.want(null)
      store.write((tx) => {
        if (before.length === 0)
          pen.append(tx, { type: 'updates.passed-over', actor: 'hub', key: null, data: { release, why: next } })
        notes.setRelease({ release, tried: 'all' })
      })
      return
    }
    download.want(next)
    const file = download.file()
    if (file === null) {
      fetch()
      return
    }
    const { version, sha256, compatible: target } = next
    store.write((tx) => {
      setWish(tx, { kind: kindOf(target), file, version, when, release }, { actor: 'hub', key: null })
      notes.setRelease({ release, tried: [...before, sha256] })
    })
    onChange()
  }

  const kindOf = (target: string): BundleKind => (target === compatible() ? 'system' : 'program')

  /** What this machine takes next of a release, a system before the program alone; else why nothing of it. */
  function chooseNext(files: readonly SystemFile[], tried: readonly string[]): SystemFile | Passed {
    const running = managed()
    if (!running) return 'not-managed'
    const mine = [compatible(), programCompatible()].flatMap((name) => files.filter((one) => one.compatible === name))
    if (mine.length === 0) return 'other-machine'
    const runs = (file: SystemFile) => (kindOf(file.compatible) === 'system' ? running.version : program)
    const wanted = mine.find((file) => isNewerVersion(file.version, runs(file)) && !tried.includes(file.sha256))
    return wanted ?? (mine.some((file) => file.version === runs(file)) ? 'already' : 'older')
  }

  /** The regency has stopped the release: it may offer it again. */
  function withdraw({ update, release }: Wish): void {
    store.write((tx) => {
      pen.append(tx, { type: 'updates.taken-back', actor: 'hub', key: null, data: { update } })
      notes.setWish(null)
      notes.setRelease({ release: (release ?? 1) - 1, tried: 'all' })
    })
    onChange()
  }

  function takeBack({ actor, key }: { actor: string; key: string | null }): void {
    if (pen.wasDone(key, ['updates.taken-back'])) return
    const wish = notes.wish()
    if (wish?.step !== 'waiting')
      throw new AppError('conflict', 'updates.too-late', 'It cannot be taken back any more.')
    store.write((tx) => {
      pen.append(tx, { type: 'updates.taken-back', actor, key, data: { update: wish.update } })
      notes.setWish(null)
    })
    onChange()
  }

  /** Twice a minute: the night begins what waits for it, and what the machine has said is taken over. */
  function look(): void {
    follow()
    const wish = notes.wish()
    if (wish && !saving) {
      if (wish.step === 'asked') take(wish)
      // A box that was off in between makes its backup anew.
      else if (wish.step === 'saving' || mayBegin(wish)) saving = begin(wish)
    }
    const last = notes.last()
    alarms.set('updates.fell-back', last?.outcome === 'fell-back', 'warning')
    alarms.set('updates.failed', last?.outcome === 'failed', 'warning')
  }

  /** What the regency asked for is not begun while it cannot be asked whether it stands by it. */
  const mayBegin = ({ when, release }: Wish): boolean =>
    (when === 'now' || isWithin(installing)) && (!release || offered()?.release === release)

  /** By a clock that is believed. The span may pass midnight. */
  const isWithin = ({ from, until }: typeof installing): boolean => {
    const { at, trust } = clock.read()
    const hour = hourIn(zone, at)
    return trust !== 'doubtful' && (from < until ? hour >= from && hour < until : hour >= from || hour < until)
  }

  async function begin(wish: Wish): Promise<void> {
    try {
      const begun: Wish = { ...wish, lineWasUp: line().state === 'connected' }
      change({ ...begun, step: 'saving' })
      if ((await backUp()) === null) return
      store.write((tx) => {
        pen.append(tx, { type: 'updates.begun', actor: 'system', key: null, data: { update: wish.update } })
        notes.setWish({ ...begun, step: 'asked' })
      })
      onChange()
      writeShared(requestFile(data), JSON.stringify({ id: wish.update, file: wish.file, version: wish.version }), 0o600)
      log.info({ version: wish.version }, 'the machine is asked for another system')
    } catch (error) {
      log.error({ err: error }, 'no backup, and so no update')
      end(wish, 'failed', 'backup')
    } finally {
      saving = null
    }
  }

  function change(wish: Wish): void {
    store.write(() => notes.setWish(wish))
    onChange()
  }

  function take(wish: Wish): void {
    const state = readState(stateFolder)
    // The power went between the note and the request.
    if (readRequest(data)?.id !== wish.update) {
      saving = begin(wish)
      return
    }
    if (state?.id !== wish.update || !system) return
    if (state.step === 'failed') end(wish, 'failed', state.reason)
    else if (state.step === 'installed' && system.start !== state.start) {
      if (!runsWith(wish, state, system)) end(wish, 'fell-back', null)
      else if (readConfirmed(stateFolder) === system.start) end(wish, 'done', null)
    }
  }

  const runsWith = ({ kind, version }: Wish, state: UpdateState, running: System): boolean =>
    kind === 'program' ? program === version : running.slot !== state.slot

  function end({ kind, update, version, file, release }: Wish, outcome: Outcome, reason: string | null): void {
    const ended = { update, version, outcome, ...(reason === null ? {} : { reason: reason.slice(0, 300) }) }
    store.write((tx) => {
      pen.append(tx, { type: 'updates.ended', actor: 'system', key: null, data: ended })
      notes.setWish(null)
      notes.setLast({ ...(kind ? { kind } : {}), update, version, outcome, at: clock.read().at, reason })
    })
    rmSync(requestFile(data), { force: true })
    if (release && dirname(file) === ownFolder(data)) rmSync(file, { force: true })
    log.info({ version, outcome, reason }, 'the update has ended')
    onChange()
  }

  /**
   * Whether nothing speaks against what runs since an update, pages and journal apart: the line is up, or there is none to
   * be had, or there was none before. A broker that refuses what it let in before, or that is not recognized any more, does.
   */
  function hasProved(): boolean {
    const { state, reason } = line()
    return !notes.wish()?.lineWasUp || state === 'connected' || state === 'off' || (reason !== null && isDown(reason))
  }

  return {
    ask,
    takeBack,
    look,
    hasProved,
    /** The question for the regency that is due in this session; null: none. */
    due: (session: string): Buffer | null =>
      offered()?.when === 'now' || isWithin(fetching) ? download.due(session) : null,
    takeChunk: download.takeChunk,
    async view(): Promise<UpdatesView> {
      const running = managed()
      if (!running)
        return { managed: false, slot: null, version: null, program, bundles: [], coming: null, wish: null, last: null }
      const wish = notes.wish()
      const last = notes.last()
      const coming = download.progress()
      const state = readState(stateFolder)
      return {
        managed: true,
        slot: running.slot,
        version: running.version,
        program,
        bundles: await bundles.list(),
        coming: coming && { ...coming, kind: kindOf(coming.compatible) },
        wish: wish && {
          ...{ kind: wish.kind ?? 'system', version: wish.version, when: wish.when, byRegency: Boolean(wish.release) },
          step: state?.id === wish.update ? state.step : wish.step,
        },
        last: last && { ...last, kind: last.kind ?? 'system' },
      }
    },
    /** The box closes: a backup that is being made is given up by its own room. */
    stop: async (): Promise<void> => void (await saving),
  }
}

/** No way to the regency, whatever runs here. */
const isDown = (reason: string): boolean => isAway(reason) && reason !== 'foreign-server' && reason !== 'no-answer'

/** `tried`: SHA-256 of files; all: nothing of it is wanted any more. */
type Seen = { release: number; tried: readonly string[] | 'all' }

/** What is under way and how the last one ended; both survive a restart into another system. */
function keepNotes({ db }: Store) {
  const facts = openFacts(db)
  const read = <T>(name: string): T | null => JSON.parse(facts.read(name) ?? 'null') as T | null
  return {
    wish: () => read<Wish>('update-wish'),
    setWish: (wish: Wish | null) => facts.write('update-wish', JSON.stringify(wish)),
    last: () => read<Last>('update-last'),
    setLast: (last: Last | null) => facts.write('update-last', JSON.stringify(last)),
    /** The newest of the regency's, and which of its files were wanted; a program that knew systems only noted a number. */
    release(): Seen {
      const seen = read<Seen | number>('update-release') ?? 0
      return typeof seen === 'number' ? { release: seen, tried: 'all' } : seen
    },
    setRelease: (seen: Seen) => facts.write('update-release', JSON.stringify(seen)),
  }
}
