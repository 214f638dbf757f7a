import type { Values } from '../../appliance/base/messages/fill.ts'

/** A catalogue's sentence with its values; undefined where there is none. */
type Find = (key: string, values: Values) => string | undefined

const hole = /\{\w+[}|]/

/**
 * An alarm in words, by the catalogue of a page or of a message. What its details do not fill is not said: the title has a
 * `plain` form, of the remedy the sentences go that have a hole. `code`: a box's, or `hub.` and the hub's.
 */
export function describeAlarm(find: Find, { code, details }: { code: string; details: Values }) {
  const title = find(`alarm.${code}.title`, details) ?? code
  const remedy = find(`alarm.${code}.remedy`, details) ?? ''
  return {
    title: hole.test(title) ? (find(`alarm.${code}.plain`, {}) ?? code) : title,
    remedy: remedy
      .split(/(?<=\.) /)
      .filter((sentence) => !hole.test(sentence))
      .join(' '),
  }
}
