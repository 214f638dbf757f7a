import type { Datasets } from '../../appliance/datasets/datasets.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import type { DatasetWant, Manifest } from '../../appliance/wire/messages.ts'
import { signDown, verifyDown } from '../../appliance/wire/sign.ts'
import { village } from './down-work.ts'
import { hubKey, hubPublicKey } from './hub.ts'
import type { Options } from './schedule.ts'

type Sabotage = NonNullable<Options['sabotage']>

/*
 * The safeguards of what comes down, each taken out from outside, as in sabotage.ts. Who checks no signature is played by
 * signing whatever comes with the hub's own key.
 */

const signed = (manifest: Manifest): Manifest => {
  const { datasets } = manifest
  return { datasets, sig: signDown(hubKey, village, { datasets }) }
}

const manifestsAreBelieved: Sabotage = {
  datasets: (make) => {
    const datasets = make()
    return { ...datasets, takeManifest: (manifest) => datasets.takeManifest(signed(manifest)) }
  },
}

/** What the box has of a dataset is forgotten where another version is offered: an older one is fetched like a newer one. */
const olderVersionsAreTaken: Sabotage = {
  datasets(make, { db }) {
    let datasets = make()
    return {
      ...datasets,
      takeManifest(manifest) {
        for (const offer of manifest.datasets) {
          const older = 'dataset = @dataset AND max(coalesce(current, 0), refused) > @version'
          if (!db.prepare(`SELECT 1 FROM dataset WHERE ${older}`).get(offer)) continue
          db.prepare(`DELETE FROM dataset WHERE ${older}`).run(offer)
          db.prepare('DELETE FROM dataset_version WHERE dataset = @dataset AND version = @version').run(offer)
          datasets = make()
        }
        return datasets.takeManifest(manifest)
      },
      due: (session) => datasets.due(session),
      takeChunk: (chunk) => datasets.takeChunk(chunk),
    }
  },
}

/** Whatever file came is the one that was meant. */
const sumsAreNotCompared: Sabotage = {
  datasets(make, { ledger }) {
    const datasets = make()
    const believe = (manifest: Manifest): Manifest =>
      signed({
        ...manifest,
        datasets: manifest.datasets.map((offer) => {
          const { dataset, version } = offer
          const real = ledger.publications.findLast((one) => one.dataset === dataset && one.version === version)
          return { ...offer, sha256: real?.sha256 ?? offer.sha256 }
        }),
      })
    return { ...datasets, takeManifest: (manifest) => datasets.takeManifest(believe(manifest)) }
  },
}

/** Each statement is its own transaction. */
const switchedStepByStep: Sabotage = {
  datasetStore: (store) => ({ ...store, write: (work) => work({ now: { at: 0, trust: 'synced' } } as never) }),
}

/** A piece that nobody asked for, or that came twice, is taken for the answer to what is asked now. */
const anyPieceIsAnAnswer: Sabotage = {
  datasets(make) {
    const datasets = make()
    let asked: DatasetWant | null = null
    const remember = (question: ReturnType<Datasets['due']>) => {
      if (question) asked = unpackFrame(question) as DatasetWant
      return question
    }
    return {
      ...datasets,
      due: (session) => remember(datasets.due(session)),
      takeChunk: (chunk) => datasets.takeChunk(asked ? { ...chunk, session: asked.session, re: asked.n } : chunk),
    }
  },
}

export const downSabotages = {
  'F36: a retained command is carried out': { retained: false },
  'F38: a command counts after its end': {
    command(command) {
      if (!verifyDown(hubPublicKey, village, command)) return command
      const { sig: _sig, ...endless } = { ...command, expires: Number.MAX_SAFE_INTEGER }
      return { ...endless, sig: signDown(hubKey, village, endless) }
    },
  },
  'a command of another village, or of anybody, is carried out': {
    command: ({ sig: _sig, ...command }) => ({ ...command, sig: signDown(hubKey, village, command) }),
  },
  'F37: a command whose outcome is there is carried out again': { repeats: true },
  'F62: commands do not wait for history': { hasHistory: () => true },
  'SYNC-018: what came before a session’s first answer does not wait for what comes behind it': { greeted: true },
  'F41: a list of datasets is not held against its signature': manifestsAreBelieved,
  'F41: an older version is taken': olderVersionsAreTaken,
  'a file is not held against its sum': sumsAreNotCompared,
  'F40: a version takes its place step by step': switchedStepByStep,
  'SYNC-001: pieces are taken without an open question': anyPieceIsAnAnswer,
} as const satisfies Record<string, Sabotage>
