import type { Answer } from './ipp-message.ts'
import type { DocumentState } from './views.ts'

/* What a printer of documents says of itself (RFC 8011, 5.4.11 and 5.4.12), as one word. */

/** In these it prints; in all others somebody has to do something first. `unknown`: it was not asked yet. */
const printing: readonly DocumentState[] = ['ready', 'busy', 'paper-low', 'toner-low', 'unknown']
export const canPrint = (state: DocumentState): boolean => printing.includes(state)

type Said = { reason: string; severity: string }

/** The first of these that it says counts. One without a severity is an error. */
const causes: readonly [RegExp, DocumentState, ...string[]][] = [
  [/^(offline|timed-out|shutdown)$/, 'no-connection'],
  [/^media-jam$/, 'jam'],
  [/^(cover|door|interlock)-open$|^input-tray-missing$/, 'cover-open'],
  [/^media-(empty|needed)$/, 'paper-out', 'error'],
  [/^(toner|marker-supply|developer)-empty$/, 'toner-out', 'error'],
  [/^(moving-to-)?paused$|^stopped-partly$/, 'stopped'],
]
const notices: readonly [RegExp, DocumentState][] = [
  [/^media-(low|empty|needed)$/, 'paper-low'],
  [/^(toner|marker-supply|developer)-(low|empty)$/, 'toner-low'],
]

/** Reads the answer to Get-Printer-Attributes. */
export function readDocumentState({ status, attributes }: Answer): DocumentState {
  const refusal = readRefusal(status)
  if (refusal) return refusal
  const [state] = attributes.get('printer-state') ?? []
  if (typeof state !== 'number') return 'no-printer'
  const formats = attributes.get('document-format-supported') ?? []
  if (formats.length > 0 && !formats.includes('application/pdf')) return 'no-pdf'
  const said = (attributes.get('printer-state-reasons') ?? []).map((one) => split(String(one)))
  for (const [pattern, word, severity] of causes)
    if (said.some((one) => pattern.test(one.reason) && (!severity || one.severity === severity))) return word
  if (attributes.get('printer-is-accepting-jobs')?.[0] === false) return 'stopped'
  if (state === 5) return 'stopped'
  for (const [pattern, word] of notices) if (said.some(({ reason }) => pattern.test(reason))) return word
  return state === 4 ? 'busy' : 'ready'
}

function split(reason: string): Said {
  const [, word = reason, severity = 'error'] = /^(.*?)(?:-(report|warning|error))?$/.exec(reason) ?? []
  return { reason: word, severity }
}

/** What a status that is no success means (RFC 8011, appendix B); null: it is one. */
export function readRefusal(status: number): DocumentState | null {
  if (status < 0x0100) return null
  if (status >= 0x0401 && status <= 0x0403) return 'no-permission'
  if (status === 0x0406) return 'no-queue'
  if (status === 0x040a) return 'no-pdf'
  return status === 0x0506 ? 'stopped' : 'error'
}

/** What became of a job: null while it is on (RFC 8011, 5.3.7). */
export function readJobEnd({ status, attributes }: Answer): 'printed' | 'ended' | null {
  const [state] = attributes.get('job-state') ?? []
  // Printers forget jobs that are over.
  if (status === 0x0406 || state === 9) return 'printed'
  return state === 7 || state === 8 ? 'ended' : null
}

/** The name of a medium of this size, in mm, to within 2 mm (PWG 5101.1: `iso_a4_210x297mm`); null: it has none. */
export function findMedium(
  media: readonly (string | number | boolean)[],
  width: number,
  height: number,
): string | null {
  const isNear = (one: number, other: number) => Math.abs(one - other) <= 2
  return (
    media.map(String).find((name) => {
      const [, across, along, unit] = /_(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)$/.exec(name) ?? []
      const scale = unit === 'in' ? 25.4 : 1
      return isNear(Number(across) * scale, width) && isNear(Number(along) * scale, height)
    }) ?? null
  )
}
