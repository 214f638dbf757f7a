import type { Alarms } from '../base/alarms.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import { type Call, newCalls } from './announcer.ts'
import { defaultVoice, type VoiceSettings, voiceEvents } from './events.ts'
import { createRecordings } from './recordings.ts'
import { createSpeaker } from './speaker.ts'
import { createTestCall } from './test-call.ts'
import { volumeAt } from './volume.ts'

/** A display that closed so long ago has not only been loaded anew. */
const reopenMs = 5_000

export type Voice = ReturnType<typeof createVoice>

type Parts = {
  store: Store
  journal: Journal
  alarms: Alarms
  /** Folder of this office's own recordings. */
  recordedFolder: string
  /** What people bring to any service. */
  papers: () => readonly string[]
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
  papers,
  localHour,
  isOpen,
  displays,
  monotonicMs,
}: Parts) {
  const pen = journal.pen(voiceEvents)
  const select = store.db.prepare<[], string>('SELECT settings FROM voice_settings').pluck()
  const settings = (): VoiceSettings => ({
    ...defaultVoice,
    ...(JSON.parse(select.get() ?? '{}') as Partial<VoiceSettings>),
  })
  /**
   * Who speaks: the chosen display, or the first that is open while that one is not, or was taken away. A television that
   * is off is not a silent room.
   */
  function speakerNow(): string {
    const { speaker: chosen } = settings()
    if (chosen === 'box' || chosen === 'off') return chosen
    const paired = displays()
    const inOrder = [...paired.filter((one) => one === chosen), ...paired.filter((one) => one !== chosen)]
    return inOrder.find(seen) ?? inOrder[0] ?? chosen
  }
  /** Whether a display is open, or was a moment ago: a page that loads itself anew keeps its office. */
  const seen = (device: string): boolean =>
    isOpen(device) || monotonicMs() - (closedAt.get(device) ?? -reopenMs) < reopenMs
  const volumePercent = (): number => volumeAt(settings().volumes, localHour())
  const recordings = createRecordings(store, journal, recordedFolder, papers)
  const trial = createTestCall(monotonicMs)
  /** Displays that cannot be heard: their browser asks for a touch first, or gets no clips. */
  const blocked = new Set<string>()
  /** When displays closed, monotonic. */
  const closedAt = new Map<string, number>()
  /** A call was made while no display was open. */
  let unheardCall = false

  const speaker = createSpeaker({
    recordedFolder,
    readSettings: () => ({ style: settings().style, volumePercent: volumePercent() }),
    onChange: () => watch(),
    monotonicMs,
  })

  function watch(): void {
    const who = speakerNow()
    const boxFails = who === 'box' && ['missing', 'failing'].includes(speaker.state().state)
    if (who === 'box' || who === 'off' || isOpen(who)) unheardCall = false
    alarms.set('voice.silent', boxFails || (isOpen(who) && blocked.has(who)) || unheardCall, 'warning')
  }

  /** An office that has displays, none of them open, and calls: nobody hears them. */
  function noticeUnheard(calls: readonly Call[]): void {
    const who = speakerNow()
    if (who === 'box' || who === 'off' || displays().length === 0 || seen(who)) return
    if (newCalls(new Set(), calls).length > 0) unheardCall = true
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
        if (!pen.entryByKey(key, 'voice.settings-changed'))
          pen.append(tx, { type: 'voice.settings-changed', actor, key, data: next })
      })
      watch()
    },

    /** A display says whether it is heard, and of which call it learned that. */
    reportSound(device: string, canPlay: boolean, call: string | null = null): void {
      if (call) trial.report(call, canPlay)
      if (canPlay) blocked.delete(device)
      else blocked.add(device)
      watch()
    },

    /** A page of a display was opened or closed. `changed` is called when another one may speak now. */
    noticeDisplay(device: string, open: boolean, changed: () => void): void {
      if (open) closedAt.delete(device)
      else {
        closedAt.set(device, monotonicMs())
        // Opened anew it may be touched already, and says so itself when it is not.
        blocked.delete(device)
        const later = setTimeout(changed, reopenMs)
        later.unref()
      }
      watch()
      changed()
    },

    /** The newest calls, for the box's own speaker; it says nothing when another one is chosen. */
    announceNewCalls(readCalls: () => readonly Call[]): void {
      const { speaker: chosen } = settings()
      if (chosen === 'off') return
      const calls = [...trial.calls(), ...readCalls()]
      if (chosen === 'box') speaker.hear(calls)
      else noticeUnheard(calls)
      watch()
    },

    /**
     * A call that is nobody's, to `counter`: who speaks it (null: nobody, no display is open or sound is off), and what
     * that one reports within some seconds (null: nothing yet). `changed` brings the call to the displays.
     */
    async tryCall(counter: string, changed: () => void): Promise<{ speaker: string | null; heard: boolean | null }> {
      const report = trial.call(counter)
      changed()
      const who = speakerNow()
      if (who === 'box') return { speaker: who, heard: null }
      if (who === 'off' || !isOpen(who)) return { speaker: null, heard: false }
      return { speaker: who, heard: await report }
    },

    /** A call behind which no ticket stands, spoken in its turn like any other once the speakers hear of it. */
    addCall: (called: { number: string; counter: string }): void => {
      trial.make(called)
    },

    stop: () => speaker.stop(),
  }
}
