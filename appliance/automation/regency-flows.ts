import { AppError } from '../base/errors.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { findDifferences } from './differences.ts'
import { assertNoneMissing, missingTypes } from './flow-file.ts'
import type { HostLine } from './host-line.ts'
import type { Versions } from './versions.ts'
import type { FlowsView } from './views.ts'

/** A set of the regency that does not run here, and why. */
type WaitingSet = NonNullable<FlowsView['regency']>

/**
 * The flow set that the regency publishes. It runs at once where nobody has changed flows since the last one; what a
 * technician has changed is the village's own, and stays until one takes the regency's instead.
 */
export function createRegencyFlows(datasets: Datasets, versions: Versions, line: HostLine) {
  /** The newest set, if it is another than the one that was taken last. */
  function newest() {
    const version = datasets.version('flows')
    // Most villages have taken theirs long since, and nothing has to be read for it.
    if (version === null || version === versions.takenOfRegency()) return null
    const nodes = datasets.read('flows')?.flows ?? []
    return {
      version,
      nodes,
      publishedAt: datasets.publishedAt('flows') ?? 0,
      missing: missingTypes(nodes, line.types()),
    }
  }

  function waiting(): WaitingSet | null {
    const set = newest()
    if (!set) return null
    const { version, publishedAt, missing } = set
    return { version, publishedAt, missing, waits: missing.length > 0 ? 'types' : 'changed-here' }
  }

  function run(set: NonNullable<ReturnType<typeof newest>>, author: string, key: string | null): void {
    const flows = JSON.stringify(set.nodes)
    versions.save({ flows, credentials: '{}', author, origin: 'regency', of: set.version }, key)
    line.noteVersion({ reload: true })
  }

  return {
    waiting,

    /** Looked at now and then: whatever came in between is found, and a set that waits for its nodes runs once they are there. */
    look(): void {
      const set = newest()
      if (!set || set.missing.length > 0) return
      const isUntouched = ['first', 'regency'].includes(versions.current().origin)
      if (isUntouched) run(set, 'hub', null)
    },

    /** What the regency's set would change of what runs. Throws `flow.nothing-waits`. */
    differences() {
      const set = newest()
      if (!set) throw nothingWaits()
      return findDifferences(versions.nodes(versions.current().version), set.nodes)
    },

    /** A person takes it in place of the village's own. Throws `flow.nothing-waits` and `flow.missing-types`. */
    take(actor: string, key: string | null): void {
      const set = newest()
      if (!set) throw nothingWaits()
      assertNoneMissing('conflict', set.missing)
      run(set, actor, key)
    },
  }
}

const nothingWaits = () => new AppError('conflict', 'flow.nothing-waits', 'No flow set of the regency waits here.')

export type RegencyFlows = ReturnType<typeof createRegencyFlows>
