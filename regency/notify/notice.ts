import type { Catalogues } from '../../appliance/base/messages/catalogues.ts'
import type { Values } from '../../appliance/base/messages/fill.ts'
import { describeAlarm } from '../alarms/words.ts'

/** What leaves the building: alarms that began and that are over. None of either: a test. */
export type Notice = {
  regency: string
  /** The console's address; null: hub.toml does not say it. */
  link: string | null
  began: Told[]
  ended: Told[]
}
/** Times are ms since 1970 UTC; `village` is empty for the hub's own. */
export type Told = {
  trouble: string
  village: string
  name: string
  district: string
  code: string
  severity: string
  title: string
  remedy: string
  since: number
  endedAt: number | null
}

/** One way out of the building. `send` throws an Error whose message may be shown: it holds no secret. */
export type Way = {
  name: 'webhook' | 'mail' | 'telegram'
  /** Where to, as the console shows it. */
  target: string
  /** `action`: only what needs somebody. */
  least: 'action' | 'warning'
  send(notice: Notice): Promise<void>
}

type Say = ReturnType<Catalogues['speak']>

/** Title and remedy in one language. */
export const wordsOf = (say: Say, alarm: { code: string; details: Values }) =>
  describeAlarm((key, values) => {
    const text = say(key, values)
    return text === key ? undefined : text
  }, alarm)

const mostLines = 25

/** A notice as people read it in a mail or a chat. */
export function toText(notice: Notice, say: Say): { subject: string; text: string } {
  const { regency, link, began, ended } = notice
  const [first] = began.length > 0 ? began : ended
  if (!first) return { subject: say('hub.told-test', { regency }), text: say('hub.told-test-what', { regency }) }
  const only = began.length + ended.length === 1
  const subject = only
    ? `${placeOf(first, regency)}: ${first.endedAt === null ? first.title : say('hub.told-over', { title: first.title })}`
    : say('hub.told-many', { regency, began: began.length, ended: ended.length })
  const lines = [
    ...began.map((one) => `• ${placeOf(one, regency)}: ${one.title}. ${one.remedy}`.trim()),
    ...ended.map((one) => `✓ ${placeOf(one, regency)}: ${say('hub.told-over', { title: one.title })}`),
  ]
  const more = lines.length - mostLines
  return {
    subject: subject.replaceAll(/[\r\n]+/g, ' ').slice(0, 200),
    text: [
      ...lines.slice(0, mostLines),
      ...(more > 0 ? [say('hub.told-more', { n: more })] : []),
      ...(link ? ['', only && first.village ? `${link}/#/village/${first.village}` : link] : []),
    ].join('\n'),
  }
}

const placeOf = ({ village, name, district }: Told, regency: string) =>
  village === '' ? regency : `${name} (${district})`
