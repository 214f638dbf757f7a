import { Download, Grid2x2, List } from 'lucide-preact'
import { writeSheet } from '../../appliance/base/write-sheet.ts'
import { zone } from '../../appliance/pages/ui/clock.ts'
import { download } from '../../appliance/pages/ui/download.ts'
import { formatMoment, toWall } from '../../appliance/pages/ui/format.ts'
import { find, t } from '../../appliance/pages/ui/messages.ts'
import { describeAlarm } from '../alarms/words.ts'
import { Choice } from './choice.tsx'
import { linkTo, place, setFilter } from './place.ts'
import { arrange, dotted, standingOf } from './rows.ts'
import type { HubView, VillageRow } from './view.ts'
import { standingWords } from './village-line.tsx'

/** What of the villages is seen: each choice is part of the address, so that it can be sent and kept. */
export function Filters({ view }: { view: HubView }) {
  const { filter } = place.value
  const districts = [...new Set(view.villages.map(({ district }) => district))].sort((a, b) => a.localeCompare(b, 'id'))
  const versions = [...new Set(view.villages.flatMap(({ version }) => version ?? []))].sort().reverse()
  const byDistrict = filter.view === 'districts'
  return (
    <div class="filters">
      <Choice
        label={t('hub.district')}
        all={t('hub.all-districts')}
        value={filter.district}
        options={districts.map((name) => [name, name])}
        choose={(district) => setFilter({ district })}
      />
      {versions.length > 1 && (
        <Choice
          label={t('hub.version')}
          all={t('hub.all-versions')}
          value={filter.version}
          options={versions.map((version) => [version, version])}
          choose={(version) => setFilter({ version })}
        />
      )}
      <a class="button" href={linkTo({ filter: { ...filter, view: byDistrict ? '' : 'districts' } })}>
        {byDistrict ? <List class="icon" strokeWidth={1.8} /> : <Grid2x2 class="icon" strokeWidth={1.8} />}
        {t(byDistrict ? 'hub.as-list' : 'hub.by-district')}
      </a>
      <button type="button" class="button" onClick={() => save(view)}>
        <Download class="icon" strokeWidth={1.8} />
        {t('hub.save-csv')}
      </button>
      {Object.entries(filter).some(([name, value]) => name !== 'view' && value) && (
        <a class="button button-quiet" href={linkTo({ filter: { view: filter.view } })}>
          {t('hub.see-all')}
        </a>
      )}
    </div>
  )
}

/** What is seen, as a file. */
function save({ villages, now }: HubView): void {
  const rows = arrange(villages, place.peek().filter, { by: 'standing', descending: false }, now)
  const headings = [
    ...[t('hub.code'), t('hub.village'), t('hub.district'), t('hub.state'), t('hub.waiting'), t('hub.tickets')],
    ...[t('hub.served'), t('hub.backlog'), t('hub.seen'), t('hub.version'), t('hub.note')],
  ]
  const day = toWall(now, zone.value).date
  download(
    `${t('hub.file-name')}-${day}.csv`,
    writeSheet(
      headings,
      rows.map((row) => toCells(row, now)),
    ),
    'text/csv;charset=utf-8',
  )
}

const toCells = (row: VillageRow, now: number) => [
  dotted(row.village),
  row.name,
  row.district,
  t(standingWords[standingOf(row, now)]),
  row.waiting,
  row.ticketsToday,
  row.servedToday,
  row.backlog,
  row.lastSeenAt === null ? null : formatMoment(row.lastSeenAt),
  row.version,
  row.alarms.map((alarm) => describeAlarm(find, alarm).title).join('. '),
]
