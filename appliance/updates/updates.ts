import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Alarms } from '../base/alarms.ts'
import { type Clock, hourIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import { openFacts } from '../base/store/facts.ts'
import { writeShared } from '../base/store/shared-file.ts'
import type { Store } from '../base/store/store.ts'
import { isNewerVersion, type SystemFile, type SystemRelease, type When } from '../wire/releases.ts'
import { type createBundles, refusals } from './bundles.ts'
import type { createDownload } from './download.ts'
import { type Outcome, type Passed, updateEvents } from './events.ts'
import type { System } from './machine.ts'
import { isBundlePlace, ownFolder, readRequest, readState, requestFile } from './request-files.ts'
import type { UpdatesView } from './views.ts'

export type Updates = ReturnType<typeof createUpdates>

/** After the night's own work, and long before anybody comes. */
const installing = { from: 3, until: 5 }
/** Nobody is in the office, and the line is free. */
const fetching = { from: 19, until: 5 }

/** `waiting`: for the night. `release`: by which the regency asked for it; null: a person did. */
type Wish = {
  update: string
  file: string
  version: string
  when: When
  step: 'waiting' | 'saving' | 'asked'
  release?: number | null
}
/** What the regency offers this box now. */
export type Offered = SystemRelease & { release: number }
type Last = {
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
  /** The kind of machine: `balai-pi`. */
  compatible: () => string
  bundles: ReturnType<typeof createBundles>
  download: ReturnType<typeof createDownload>
  /** Null: nothing any more; undefined: it has not said so since the box started. */
  offered: () => Offered | null | undefined
  /** Asks the regency for what is due. */
  fetch: () => void
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
 * slot while the office works, then the machine starts from there. The new system proves itself or the old one comes back.
 */
export function createUpdates(parts: Parts) {
  const {
    data,
    zone,
    stickFolder,
    stateFolder,
    system,
    compatible,
    bundles,
    download,
    offered,
    fetch,
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
    const { version, trouble } = bundle
    if (version === null) throw new AppError('invalid', refusals[trouble], 'This file is no system for this box.')
    store.write((tx) => {
      if (pen.wasDone(key, ['updates.asked'])) return
      if (notes.wish()) throw new AppError('conflict', 'updates.under-way', 'Another update is under way.')
      const update = newId()
      pen.append(tx, { type: 'updates.asked', actor, key, data: { update, version, when } })
      setWish({ update, file, version, when, step: 'waiting' })
    })
    onChange()
    look()
  }

  function setWish(wish: Wish): void {
    notes.setWish(wish)
    notes.setLast(null)
  }

  /** SYNC-020: what the regency offers is fetched, and wanted once it is here; each release once. */
  function follow(): void {
    const offer = offered()
    if (offer === undefined) return
    const wish = notes.wish()
    if (wish?.release && wish.step === 'waiting' && wish.release !== offer?.release) withdraw(wish)
    if (!offer || offer.release <= notes.release() || notes.wish()) {
      if (!notes.wish()) download.want(null)
      return
    }
    const { release, files, when } = offer
    const running = managed()
    const file = files.find((one) => one.compatible === compatible())
    const why = findPassed(running, file)
    if (why) {
      store.write((tx) => {
        pen.append(tx, { type: 'updates.passed-over', actor: 'hub', key: null, data: { release, why } })
        notes.setRelease(release)
      })
      return
    }
    if (!file) return
    download.want(file)
    const path = download.file()
    if (path === null) {
      fetch()
      return
    }
    const { version } = file
    store.write((tx) => {
      const update = newId()
      pen.append(tx, { type: 'updates.asked', actor: 'hub', key: null, data: { update, version, when, release } })
      setWish({ update, file: path, version, when, step: 'waiting', release })
      notes.setRelease(release)
    })
    onChange()
  }

  /** The regency has stopped the release: it may offer it again. */
  function withdraw({ update, release }: Wish): void {
    store.write((tx) => {
      pen.append(tx, { type: 'updates.taken-back', actor: 'hub', key: null, data: { update } })
      notes.setWish(null)
      notes.setRelease((release ?? 1) - 1)
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
      change({ ...wish, step: 'saving' })
      if ((await backUp()) === null) return
      store.write((tx) => {
        pen.append(tx, { type: 'updates.begun', actor: 'system', key: null, data: { update: wish.update } })
        notes.setWish({ ...wish, step: 'asked' })
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
    else if (state.step === 'installed' && system.start !== state.start)
      end(wish, system.slot === state.slot ? 'fell-back' : 'done', null)
  }

  function end({ update, version, file, release }: Wish, outcome: Outcome, reason: string | null): void {
    const ended = { update, version, outcome, ...(reason === null ? {} : { reason: reason.slice(0, 300) }) }
    store.write((tx) => {
      pen.append(tx, { type: 'updates.ended', actor: 'system', key: null, data: ended })
      notes.setWish(null)
      notes.setLast({ update, version, outcome, at: clock.read().at, reason })
    })
    rmSync(requestFile(data), { force: true })
    if (release && dirname(file) === ownFolder(data)) rmSync(file, { force: true })
    log.info({ version, outcome, reason }, 'the update has ended')
    onChange()
  }

  return {
    ask,
    takeBack,
    look,
    /** The question for the regency that is due in this session; null: none. */
    due: (session: string): Buffer | null =>
      offered()?.when === 'now' || isWithin(fetching) ? download.due(session) : null,
    takeChunk: download.takeChunk,
    async view(): Promise<UpdatesView> {
      const running = managed()
      if (!running)
        return { managed: false, slot: null, version: null, bundles: [], coming: null, wish: null, last: null }
      const wish = notes.wish()
      const state = readState(stateFolder)
      return {
        managed: true,
        slot: running.slot,
        version: running.version,
        bundles: await bundles.list(),
        coming: download.progress(),
        wish: wish && {
          ...{ version: wish.version, when: wish.when, byRegency: Boolean(wish.release) },
          step: state?.id === wish.update ? state.step : wish.step,
        },
        last: notes.last(),
      }
    },
    /** The box closes: a backup that is being made is given up by its own room. */
    stop: async (): Promise<void> => void (await saving),
  }
}

/** Why this machine, which runs `running`, does not want this file; null: it does. */
function findPassed(running: System | null, file: SystemFile | undefined): Passed | null {
  if (!running) return 'not-managed'
  if (!file) return 'other-machine'
  if (file.version === running.version) return 'already'
  return isNewerVersion(file.version, running.version) ? null : 'older'
}

/** What is under way and how the last one ended; both survive a restart into another system. */
function keepNotes({ db }: Store) {
  const facts = openFacts(db)
  const read = <T>(name: string): T | null => JSON.parse(facts.read(name) ?? 'null') as T | null
  return {
    wish: () => read<Wish>('update-wish'),
    setWish: (wish: Wish | null) => facts.write('update-wish', JSON.stringify(wish)),
    last: () => read<Last>('update-last'),
    setLast: (last: Last | null) => facts.write('update-last', JSON.stringify(last)),
    /** The newest of the regency's that was wanted or passed over. */
    release: () => Number(facts.read('update-release') ?? 0),
    setRelease: (release: number) => facts.write('update-release', String(release)),
  }
}
