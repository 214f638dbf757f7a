import { type Signal, useSignal } from '@preact/signals'
import { Mic, Play, Square, Undo2 } from 'lucide-preact'
import type { AdminView } from '../../screens/admin-view.ts'
import { clips, isPaperClip, paperClip, serviceClips } from '../../voice/sentence.ts'
import { ask, explain, newKey } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { NoRecording, recordClip } from './record-clip.ts'

type Props = { recordings: string[]; services: AdminView['services'] }
/** The clip that is being recorded, and what ends it. */
type Recording = { clip: string; stop: () => void }

// A word takes one second, the longest sentence three.
const longestMs = 5_000

/** Every spoken word: heard, recorded in an own voice, and back to the built-in one. */
export function VoiceClips({ recordings, services }: Props) {
  const recording = useSignal<Recording | null>(null)
  const problem = useSignal<{ clip: string; sentence: string } | null>(null)
  const named = services.flatMap(({ prefix, name }) => {
    const clip = serviceClips.find((one) => one.endsWith(`-${prefix.toLowerCase()}`))
    return clip ? [{ clip, words: name }] : []
  })
  const papers = [
    ...new Map(services.flatMap(({ requires }) => requires.map((words) => [paperClip(words), words]))),
  ].map(([clip, words]) => ({ clip, words }))
  const words = clips
    .filter((clip) => clip.length > 1)
    .map((clip) => ({
      clip,
      words: clip === 'chime' ? t('admin.clip-chime') : clip.replaceAll('-', ' '),
    }))
  const letters = clips.filter((clip) => clip.length === 1).map((clip) => ({ clip, words: clip.toUpperCase() }))

  async function record(clip: string): Promise<void> {
    if (recording.value) return
    problem.value = null
    try {
      const stop = new Promise<void>((resolve) => {
        recording.value = { clip, stop: resolve }
        setTimeout(resolve, longestMs)
      })
      const mp3 = await recordClip(stop)
      await ask('PUT', `/api/voice/clips/${clip}?key=${newKey()}`, mp3)
      await play(clip)
    } catch (error) {
      const sentence = error instanceof NoRecording ? t(`admin.clip-${error.reason}`) : explain(error)
      problem.value = { clip, sentence }
    } finally {
      recording.value = null
    }
  }

  async function remove(clip: string): Promise<void> {
    try {
      await ask('DELETE', `/api/voice/clips/${clip}`, { key: newKey() })
    } catch (error) {
      problem.value = { clip, sentence: explain(error) }
    }
  }

  const groups = [
    [t('admin.clips-words'), words],
    [t('admin.clips-letters'), letters],
    [t('admin.clips-services'), named],
    [t('admin.clips-papers'), papers],
  ] as const
  return (
    <div class="group form clips">
      <h2>{t('admin.clips')}</h2>
      <p class="quiet">{t('admin.clips-what')}</p>
      {groups.map(([title, all]) => (
        <section key={title}>
          <h3>{title}</h3>
          <ul>
            {all.map((one) => (
              <ClipRow
                key={one.clip}
                {...one}
                own={recordings.includes(one.clip)}
                recording={recording}
                problem={problem.value?.clip === one.clip ? problem.value.sentence : null}
                record={record}
                remove={remove}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

type RowProps = {
  clip: string
  words: string
  own: boolean
  recording: Signal<Recording | null>
  problem: string | null
  record: (clip: string) => void
  remove: (clip: string) => void
}

function ClipRow({ clip, words, own, recording, problem, record, remove }: RowProps) {
  const mine = recording.value?.clip === clip
  const silent = (serviceClips.includes(clip) || isPaperClip(clip)) && !own
  return (
    <li class={own ? 'own' : ''}>
      <b>{words}</b>
      {own && <span class="tag">{t('admin.clip-own')}</span>}
      <span class="buttons">
        <IconButton Icon={Play} label={t('admin.clip-play', { words })} disabled={silent} press={() => play(clip)} />
        {mine ? (
          <IconButton
            Icon={Square}
            label={t('admin.clip-stop', { words })}
            pressed
            press={() => recording.value?.stop()}
          />
        ) : (
          <IconButton
            Icon={Mic}
            label={t('admin.clip-record', { words })}
            disabled={recording.value !== null}
            press={() => record(clip)}
          />
        )}
        <IconButton
          Icon={Undo2}
          label={t('admin.clip-remove', { words })}
          disabled={!own || recording.value !== null}
          press={() => remove(clip)}
        />
      </span>
      {mine && <small role="status">{t('admin.clip-speak')}</small>}
      {problem && (
        <small class="wrong" role="alert">
          {problem}
        </small>
      )}
    </li>
  )
}

type ButtonProps = { Icon: typeof Play; label: string; disabled?: boolean; pressed?: boolean; press: () => void }

const IconButton = ({ Icon, label, disabled, pressed, press }: ButtonProps) => (
  <button
    type="button"
    class={`button ${pressed ? 'button-main' : ''}`}
    aria-label={label}
    title={label}
    disabled={disabled}
    onClick={press}
  >
    <Icon class="icon" strokeWidth={1.8} aria-hidden="true" />
  </button>
)

const play = (clip: string): Promise<void> => new Audio(`/voice/${clip}.mp3`).play().catch(() => {})
