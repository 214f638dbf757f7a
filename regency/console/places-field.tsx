import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../../appliance/pages/ui/messages.ts'
import type { Choices } from '../datasets/views.ts'
import { dotted } from './rows.ts'

const kinds = ['all', 'district', 'villages'] as const
type Village = Choices['villages'][number]

/** What is chosen of each kind stays when another one is looked at. */
export function useChosenPlaces() {
  return {
    kind: useSignal<(typeof kinds)[number]>('all'),
    district: useSignal(''),
    villages: useSignal<ReadonlySet<string>>(new Set()),
    search: useSignal(''),
  }
}
type Places = ReturnType<typeof useChosenPlaces>

const districtOf = ({ village }: Village) => village.slice(0, 6)

/** How many villages are meant, and as the hub is told. */
export function placesOf({ kind, district, villages }: Places, all: Village[]): { of: number; say: string } {
  if (kind.value === 'all') return { of: all.length, say: 'all' }
  if (kind.value === 'villages') return { of: villages.value.size, say: [...villages.value].join(',') }
  return { of: all.filter((one) => districtOf(one) === district.value).length, say: district.value }
}

export function PlacesField({ places, villages, problem }: { places: Places; villages: Village[]; problem: string }) {
  const id = useId()
  const { kind, district, search } = places
  const districts = new Map(villages.map((one) => [districtOf(one), one.district]))
  const words = search.value.trim().toLowerCase()
  const found = villages.filter(({ village, name, district: of }) =>
    [name, of, village, dotted(village)].some((one) => one.toLowerCase().includes(words)),
  )
  return (
    <fieldset class="field" aria-describedby={problem ? `${id}-say` : undefined}>
      <legend>{t('hub.data-for')}</legend>
      <div class="choices">
        {kinds.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name={id}
              checked={kind.value === one}
              onChange={() => {
                kind.value = one
              }}
            />
            {t(`hub.data-for-${one}`)}
          </label>
        ))}
      </div>
      {kind.value === 'district' && (
        <select
          aria-label={t('hub.district')}
          value={district.value}
          onChange={(event) => {
            district.value = event.currentTarget.value
          }}
        >
          <option value="" />
          {[...districts].map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
      {kind.value === 'villages' && (
        <>
          <input
            type="search"
            aria-label={t('hub.search')}
            placeholder={t('hub.search')}
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault()
            }}
          />
          <div class="checks some">
            {found.map((one) => (
              <label key={one.village}>
                <input
                  type="checkbox"
                  checked={places.villages.value.has(one.village)}
                  onChange={(event) => choose(places, one.village, event.currentTarget.checked)}
                />
                {one.name} <span class="quiet">{one.district}</span>
              </label>
            ))}
          </div>
          <small class="quiet" role="status">
            {t('hub.data-chosen', { n: places.villages.value.size })}
          </small>
        </>
      )}
      {problem && (
        <small id={`${id}-say`} class="wrong" role="alert">
          {problem}
        </small>
      )}
    </fieldset>
  )
}

function choose({ villages }: Places, village: string, isChosen: boolean): void {
  const others = [...villages.value].filter((one) => one !== village)
  villages.value = new Set(isChosen ? [...others, village] : others)
}
