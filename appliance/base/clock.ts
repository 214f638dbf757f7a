/**
 * How far a time can be believed. A Raspberry Pi has no clock battery: after a power cut it wakes up in the past.
 * `synced`: NTP or the hub's `now`; `confirmed`: a person said so since the start; `doubtful`: neither.
 */
export type ClockTrust = 'synced' | 'confirmed' | 'doubtful'

/** `at` is ms since 1970 UTC. */
export type ClockReading = { at: number; trust: ClockTrust }

/** What the machine offers: its wall clock (ms since 1970 UTC, may jump) and one that only goes forward (ms). */
export type SystemClock = { wall(): number; monotonic(): number }

export type Clock = ReturnType<typeof createClock>

export const systemClock: SystemClock = { wall: () => Date.now(), monotonic: () => performance.now() }

/** Before this, no clock of ours can be right: the release date of this program. */
const releasedAt = Date.UTC(2026, 10, 1)

/**
 * The one clock of a process. A time that a person or the hub gave is carried on by the monotonic clock, so that it
 * does not jump when something sets the machine's wall clock; with NTP the wall clock itself is right.
 */
export function createClock(system: SystemClock) {
  let trust: ClockTrust = 'doubtful'
  let ntp: boolean | null = null
  let anchor: { at: number; monotonic: number } | null = null
  let floorAt = releasedAt
  const startedAt = system.wall()
  const startedMonotonic = system.monotonic()

  function read(): ClockReading {
    if (anchor) return { at: Math.round(anchor.at + system.monotonic() - anchor.monotonic), trust }
    const wall = Math.round(system.wall())
    return { at: trust === 'doubtful' ? Math.max(wall, floorAt) : wall, trust }
  }

  const setAnchor = (at: number) => {
    anchor = { at, monotonic: system.monotonic() }
  }

  return {
    read,
    monotonicMs: () => system.monotonic(),
    trust: () => trust,

    /** What the kernel says of NTP; null where this machine cannot tell. NTP outranks everybody. */
    setNtp(state: boolean | null) {
      ntp = state
      if (state) {
        trust = 'synced'
        anchor = null
      }
    },
    ntp: () => ntp,

    /** The hub's time, given in every answer of its. Ignored while NTP holds the wall clock. */
    syncWithHub(hubNow: number) {
      if (ntp || hubNow < releasedAt) return
      if (trust === 'synced' && Math.abs(read().at - hubNow) < 2_000) return
      setAnchor(hubNow)
      trust = 'synced'
    },

    /** A person at the desk said what time it is, or says it better: nothing but a source is surer than the last word. */
    confirm(at: number) {
      if (trust === 'synced') return
      setAnchor(at)
      trust = 'confirmed'
    },

    /** While doubtful, time never reads earlier than the newest entry whose time was synced. */
    raiseFloor(at: number) {
      floorAt = Math.max(floorAt, at)
    },

    /**
     * By what dates of certificates are judged. A person's word is not enough for that: a date mistyped as 2050 would
     * shut out the one who could set it right. `floor`, a moment that is certainly past, is the release of this program
     * or the newest time that a source had said.
     */
    belief: () => ({ doubtful: trust !== 'synced', floor: floorAt, now: read().at }),

    /**
     * A moment that is certainly past, ms since 1970 UTC: now where a source says it, else the newest that one had said.
     * What has ended or is due by this time is so whatever the clock shows.
     */
    certain: () => (trust === 'synced' ? read().at : floorAt),

    /** Ms since 1970 UTC as they were believed at the start, carried on evenly: for spans, whatever becomes of the date. */
    even: () => Math.round(startedAt + system.monotonic() - startedMonotonic),

    /** By how many ms this clock differs from the machine's own. */
    offsetMs: () => Math.round(read().at - system.wall()),
  }
}

/** Date in a time zone, `2026-11-23`. */
export const dateIn = (zone: string, at: number): string => localFormat(zone).format(at).slice(0, 10)

/** Hour of the day in a time zone, 0 to 23. */
export const hourIn = (zone: string, at: number): number => Number(localFormat(zone).format(at).slice(11, 13))

/** How far local time is ahead of UTC, ms: 7 hours in Jakarta. */
export function zoneOffsetMs(zone: string, at: number): number {
  const local = localFormat(zone).format(at).replace(' ', 'T')
  return Date.parse(`${local}Z`) - Math.floor(at / 1_000) * 1_000
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-23 08:00:00`: Swedish writes dates as ISO 8601 does. Making a format takes 50 µs, so each zone's is kept. */
export function localFormat(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(zone, format)
  return format
}
