/** Topic names exist here and nowhere else. A village code is ten digits, its first six are the district. */
const root = 'balai/1'

export const villagePattern = '^[0-9]{10}$'

export const districtOf = (village: string): string => village.slice(0, 6)

/** The topics of one village. */
export const villageTopics = (village: string) => topicsUnder(districtOf(village), village)

/** The same with the broker’s own signs in the places of district and village: `+`, `%u`. */
export function topicsUnder(district: string, village: string) {
  const base = `${root}/${district}/${village}`
  return {
    presence: `${base}/presence`,
    health: `${base}/health`,
    hello: `${base}/hello`,
    up: `${base}/up`,
    ack: `${base}/ack`,
    want: `${base}/want`,
    chunk: `${base}/chunk`,
    data: `${base}/data`,
    command: `${base}/command`,
    renew: `${base}/renew`,
    renewed: `${base}/renewed`,
  } as const
}

export const rollCallTopic = `${root}/all/roll-call`

/** Where a box that has no certificate of its own yet asks for one; `claim` is the CN of its claim certificate. */
export const enrolTopics = (claim: string) =>
  ({ request: `balai-enrol/1/${claim}/request`, answer: `balai-enrol/1/${claim}/answer` }) as const

/** The CN of the claim certificate in a village’s enrolment file. */
export const claimOf = (village: string): string => `enrol-${village}`

const upwardKinds = ['presence', 'health', 'hello', 'up', 'want', 'renew'] as const
export type UpwardKind = (typeof upwardKinds)[number]

/** What a hub listens to: every village, or those of its districts (six digits each). */
export function hubFilters(districts: readonly string[] | 'all'): string[] {
  const places = districts === 'all' ? ['+'] : districts
  return places.flatMap((district) => upwardKinds.map((kind) => `${root}/${district}/+/${kind}`))
}

/** The village and kind that a topic names, or null when it is none of ours. */
export function parseUpwardTopic(topic: string): { village: string; kind: UpwardKind } | null {
  const match = /^balai\/1\/([0-9]{6})\/([0-9]{10})\/(presence|health|hello|up|want|renew)$/.exec(topic)
  if (!match) return null
  const [, district, village, kind] = match as unknown as [string, string, string, UpwardKind]
  return districtOf(village) === district ? { village, kind } : null
}

/** What a hub that enrols listens to besides: whoever holds a claim certificate. */
export const enrolFilter = enrolTopics('+').request

/** The village whose claim an enrolment’s topic names, or null when it is no request for enrolment. */
export const parseEnrolTopic = (topic: string): string | null =>
  /^balai-enrol\/1\/enrol-([0-9]{10})\/request$/.exec(topic)?.[1] ?? null
