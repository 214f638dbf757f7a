import type { Alarms } from '../health/alarms.ts'
import type { Journal } from '../journal/journal.ts'
import type { Store } from '../store/store.ts'
import type { Call } from './announcer.ts'
import { defaultVoice, type VoiceSettings } from './events.ts'
import { createRecordings } from './recordings.ts'
import { createSpeaker } from './speaker.ts'
import { createTrial } from './trial.ts'
import { volumeAt } from './volume.ts'

export type Voice = ReturnType<typeof createVoice>

type Parts = {
  store: Store
  journal: Journal
  alarms: Alarms
  /** Folder of this office's own recordings. */
  recordedFolder: string
  /** Hour of the day in the village, 0 to 23. */
  localHour: () => number
  /** Whether a page of this device is open. */
  isOpen: (device: string) => boolean
  /** The displays that are paired now. */
  displays: () => string[]
  monotonicMs: () => number
}

/** Speaking calls: exactly one speaker in the room, a display page or the box's own sound output. */
export function createVoice({
  store,
  journal,
  alarms,
  recordedFolder,
  localHour,
  isOpen,
  displays,
  monotonicMs,
}: Parts) {
  const select = store.db.prepare<[], string>('SELECT settings FROM voice_settings').pluck()
  const settings = (): VoiceSettings => ({
    ...defaultVoice,
    ...(JSON.parse(select.get() ?? '{}') as Partial<VoiceSettings>),
  })
  /** Who speaks. A chosen display that was taken away is followed by the first one: a new television is not a silent room. */
  function speakerNow(): string {
    const { speaker: chosen } = settings()
    if (chosen === 'box' || chosen === 'off') return chosen
    const paired = displays()
    return paired.includes(chosen) ? chosen : (paired[0] ?? chosen)
  }
  const volumePercent = (): number => volumeAt(settings().volumes, localHour())
  const recordings = createRecordings(store, journal, recordedFolder)
  const trial = createTrial(monotonicMs)
  /** Displays that may not play sound: their browser asks for a touch first. */
  const blocked = new Set<string>()

  const speaker = createSpeaker({
    recordedFolder,
    readSettings: () => ({ style: settings().style, volumePercent: volumePercent() }),
    onChange: () => watch(),
    monotonicMs,
  })

  function watch(): void {
    const who = speakerNow()
    const boxFails = who === 'box' && ['missing', 'failing'].includes(speaker.state().state)
    alarms.set('voice.silent', boxFails || (isOpen(who) && blocked.has(who)), 'warning')
  }

  return {
    settings,
    recordedFolder,
    recordings,

    /** What a display needs to know; it speaks when it is the speaker. */
    view: () => ({
      speaker: speakerNow(),
      style: settings().style,
      volumePercent: volumePercent(),
      trials: trial.calls(),
    }),

    /** Whether the chosen speaker can be heard; null while it is not known. */
    heard(): boolean | null {
      const who = speakerNow()
      if (who !== 'box') return isOpen(who) ? !blocked.has(who) : null
      const { state } = speaker.state()
      return state === 'unknown' ? null : state === 'ready'
    },

    changeSettings({
      settings: next,
      actor,
      key,
    }: {
      settings: VoiceSettings
      actor: string
      key: string | null
    }): void {
      store.write((tx) => {
        if (!journal.entryByKey(key, 'voice.settings-changed'))
          journal.append(tx, { type: 'voice.settings-changed', actor, key, data: next })
      })
      watch()
    },

    /** A display says whether its browser lets it be heard. */
    reportSound(device: string, canPlay: boolean): void {
      if (canPlay) blocked.delete(device)
      else blocked.add(device)
      watch()
    },

    /** The newest calls, for the box's own speaker; it says nothing when another one is chosen. */
    hear(readCalls: () => readonly Call[]): void {
      if (settings().speaker === 'box') speaker.hear([...trial.calls(), ...readCalls()])
    },

    /** A call that is nobody's, to `counter`, from the speaker that is chosen. */
    tryCall: (counter: string): void => trial.call(counter),

    stop: () => speaker.stop(),
  }
}
