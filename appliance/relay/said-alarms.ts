import type { Alarm } from '../base/alarms.ts'
import type { Health } from '../wire/messages.ts'

const longestDetail = 120
const mostDetails = 8
const mostAlarms = 100
/** Of a health message, which has 16 KiB: an alarm without its details says more than none. */
const mostBytes = 12 * 1024

/** The alarms as the regency hears them: with what fills their sentences, as far as there is room. Dire ones stand first. */
export function alarmsToSay(alarms: readonly Alarm[]): Health['alarms'] {
  let bytes = 0
  return alarms.slice(0, mostAlarms).map(({ code, since, severity, details: all }) => {
    const details = Object.fromEntries(Object.entries(all).slice(0, mostDetails).map(clip))
    const said = { code, since, severity, ...(Object.keys(details).length > 0 ? { details } : {}) }
    bytes += Buffer.byteLength(JSON.stringify(said))
    return bytes <= mostBytes ? said : { code, since, severity }
  })
}

const clip = ([name, value]: [string, string | number]): [string, string | number] => [
  name,
  typeof value === 'string' ? value.slice(0, longestDetail).toWellFormed() : value,
]
