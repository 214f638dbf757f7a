import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'

type Volumes = AdminView['voice']['volumes']
type Props = { volumes: Volumes; change: (volumes: Volumes) => void }

const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** How loud, from which hour on: quieter while school children pray next door, silent at night. */
export function VolumeRows({ volumes, change }: Props) {
  const set = (index: number, part: Partial<Volumes[number]>) =>
    change(volumes.map((one, at) => (at === index ? { ...one, ...part } : one)))
  const last = volumes[volumes.length - 1]?.fromHour ?? -1
  const free = hours.find((hour) => hour > last + 3) ?? hours.find((hour) => !taken(hour))
  function taken(hour: number): boolean {
    return volumes.some(({ fromHour }) => fromHour === hour)
  }
  return (
    <fieldset class="volumes">
      <legend>{t('admin.voice-volumes')}</legend>
      {volumes.map(({ fromHour, percent }, index) => (
        <div key={index}>
          <select
            value={fromHour}
            aria-label={t('admin.voice-from-hour')}
            onChange={(event) => set(index, { fromHour: Number(event.currentTarget.value) })}
          >
            {hours
              .filter((hour) => hour === fromHour || !taken(hour))
              .map((hour) => (
                <option key={hour} value={hour}>
                  {t('admin.voice-from', { hour: String(hour).padStart(2, '0') })}
                </option>
              ))}
          </select>
          <input
            type="range"
            min={0}
            max={100}
            step={5}
            value={percent}
            aria-label={t('admin.voice-volume', { hour: String(fromHour).padStart(2, '0'), percent })}
            onInput={(event) => set(index, { percent: Number(event.currentTarget.value) })}
          />
          <output class="num">{percent} %</output>
          <button
            type="button"
            class="button button-quiet"
            disabled={volumes.length === 1}
            onClick={() => change(volumes.filter((_, at) => at !== index))}
          >
            {t('admin.voice-remove-hour')}
          </button>
        </div>
      ))}
      <button
        type="button"
        class="button"
        disabled={free === undefined}
        onClick={() => free !== undefined && change([...volumes, { fromHour: free, percent: 40 }])}
      >
        {t('admin.voice-add-hour')}
      </button>
    </fieldset>
  )
}
