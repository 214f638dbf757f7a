import { createHash, generateKeyPairSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Box } from '../appliance/open-box.ts'
import type { DatasetName, DatasetOf } from '../appliance/wire/datasets.ts'
import { unpackFrame } from '../appliance/wire/frame.ts'
import type { DatasetWant } from '../appliance/wire/messages.ts'
import { publicKeyOf, signDown } from '../appliance/wire/sign.ts'

const { privateKey } = generateKeyPairSync('ed25519')

/** A regency without a line, for a box that is opened with its `hubKey`. */
export const regencyKey = publicKeyOf(privateKey)

/** What the regency publishes reaches this box at once. `at`: when it was published, ms since 1970 UTC. */
export function giveDataset<N extends DatasetName>(
  { datasets, config }: Box,
  dataset: N,
  content: DatasetOf<N>,
  { version = 1, at = Date.UTC(2026, 10, 12) } = {},
): void {
  const { village } = config
  const file = gzipSync(JSON.stringify(content))
  const sha256 = createHash('sha256').update(file).digest('base64url')
  const offer = { datasets: [{ dataset, version, bytes: file.length, sha256, at }] }
  datasets.takeManifest({ ...offer, sig: signDown(privateKey, village, offer) })
  const session = 'sessionsessionse'
  for (let question = datasets.due(session); question; question = datasets.due(session)) {
    const { n, from } = unpackFrame(question) as DatasetWant
    const chunk = { session, re: n, dataset, version, first: from, bytes: file.subarray(from).toString('base64url') }
    datasets.takeChunk({ ...chunk, sig: signDown(privateKey, village, chunk) })
  }
}

/** The regency's next list names no dataset any more. */
export function takeDatasetAway({ datasets, config }: Box): void {
  const list = { datasets: [] }
  datasets.takeManifest({ ...list, sig: signDown(privateKey, config.village, list) })
}
