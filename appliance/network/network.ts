import { existsSync } from 'node:fs'
import type { Alarms } from '../base/alarms.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { writeShared } from '../base/store/shared-file.ts'
import type { NetworkSettings } from '../wire/network-settings.ts'
import { confirmationFile, readRequest, readState, requestFile } from './request-files.ts'
import { assertNetwork } from './settings.ts'
import type { NetworkView } from './views.ts'

export type Network = ReturnType<typeof createNetwork>

/** A technician walks to another device, opens the new address and logs in. */
const confirmWithinS = 180

type Options = {
  data: string
  stateFolder: string
  alarms: Alarms
  log: { info(details: object, what: string): void; warn(details: object, what: string): void }
}

/** What the box asks of the machine’s network, and how it went. A password is kept when it is not given again. */
export function createNetwork({ data, stateFolder, alarms, log }: Options) {
  const isManaged = () => existsSync(stateFolder)

  function ask(settings: NetworkSettings, withinS: number): void {
    assertNetwork(settings)
    const id = newId()
    writeShared(requestFile(data), JSON.stringify({ id, confirmWithinS: withinS, settings }), 0o600)
    log.info({ id, fields: Object.keys(settings) }, 'the network is to be changed')
  }

  return {
    view(): NetworkView {
      const request = readRequest(data)
      const state = readState(stateFolder)
      const { wifi, hotspot, ...plain } = request?.settings ?? {}
      const withoutPassword = (radio: NetworkSettings['wifi']) =>
        radio ? { name: radio.name, hasPassword: radio.password !== undefined } : null
      return {
        managed: isManaged(),
        settings: { ...plain, wifi: withoutPassword(wifi), hotspot: withoutPassword(hotspot) },
        change: request && state?.id === request.id ? state : null,
        asked: request !== null && state?.id !== request.id,
      }
    },

    /** Asks for other settings; they fall back by themselves unless `confirm` follows. */
    change(wanted: NetworkSettings): void {
      if (!isManaged()) throw new AppError('unavailable', 'network.not-managed', 'The network is not Balai’s here.')
      const before = readRequest(data)?.settings
      const keep = (kind: 'wifi' | 'hotspot') => {
        const radio = wanted[kind]
        if (!radio || radio.password !== undefined || before?.[kind]?.name !== radio.name) return {}
        return { [kind]: before[kind] }
      }
      ask({ ...wanted, ...keep('wifi'), ...keep('hotspot') }, confirmWithinS)
    },

    /** Somebody reached the box after the change. */
    confirm(): void {
      const request = readRequest(data)
      if (!request || readState(stateFolder)?.id !== request.id)
        throw new AppError('conflict', 'network.nothing-asked', 'No change waits to be kept.')
      writeShared(confirmationFile(data), request.id, 0o600)
    },

    /** What the enrolment file says, once: before it there is no network from which anybody could confirm. */
    begin(settings: NetworkSettings): void {
      if (!isManaged() || existsSync(requestFile(data))) return
      try {
        ask(settings, 0)
      } catch (error) {
        log.warn({ cause: (error as Error).message }, 'the network of the enrolment file is not taken')
      }
    },

    /** Twice a minute: a change that nobody confirmed is said. */
    checkChange(): void {
      const request = readRequest(data)
      const state = readState(stateFolder)
      alarms.set('network.reverted', request?.id === state?.id && state?.outcome === 'reverted', 'warning')
    },
  }
}
