import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { find, t } from '../../appliance/pages/ui/messages.ts'
import type { Checked, Differences } from '../datasets/views.ts'
import { nameOfActor, nameOfDataset } from './words.ts'

type Problem = Checked['problems'][number]

/** What the check has found: every mistake with its place, or what the file changes. */
export function CheckedFile({ of, dataset }: { of: Checked; dataset: string }) {
  const { problems, problemsInAll, newest, differences } = of
  if (differences) return <Changes of={differences} newest={newest} dataset={dataset} />
  return (
    <div class="checked">
      <p class="wrong" role="alert">
        {t('hub.data-wrong-n', { n: problemsInAll })}
        {problemsInAll > problems.length && ` ${t('hub.data-wrong-more', { n: problems.length })}`}
      </p>
      <table class="deeds">
        <thead>
          <tr>
            <th>{t('hub.data-line')}</th>
            <th>{t('hub.data-column')}</th>
            <th>{t('hub.data-found')}</th>
            <th>{t('hub.data-why')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((one) => (
            <tr key={`${one.line} ${one.row} ${one.column} ${one.why}`}>
              <td>{lineOf(one)}</td>
              <td>{/^\d+$/.test(one.column) ? t('hub.data-column-n', { n: one.column }) : one.column}</td>
              <td>{one.why === 'headings' ? '' : one.found}</td>
              <td>{whyOf(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function lineOf({ line, row }: Problem): string {
  if (line !== null) return t('hub.data-line-n', { n: line })
  return row === null ? t('hub.data-whole') : t('hub.data-row-n', { n: row })
}

function whyOf({ why, column, row, bound, found, nearest }: Problem): string {
  const said = why === 'pattern' ? `pattern-${column}` : why === 'twice' && row !== null ? 'twice-row' : why
  return find(`hub.data-why-${said}`, { bound: bound ?? '', found, nearest }) ?? t('hub.data-why-wrong')
}

type ChangesProps = { of: Differences; newest: Checked['newest']; dataset: string }

function Changes({ of: { added, removed, changed, same }, newest, dataset }: ChangesProps) {
  const groups = [
    { word: t('hub.data-added', { n: added.length }), rows: added },
    { word: t('hub.data-removed', { n: removed.length }), rows: removed },
    { word: t('hub.data-changed', { n: changed.length }), rows: changed },
  ].filter(({ rows }) => rows.length > 0)
  const nameOf = (name: string) => (dataset === 'hours' ? nameOfDataset(dataset) : name)
  return (
    <div class="checked">
      <p role="status">
        {newest
          ? t('hub.data-against', {
              ...{ version: newest.version, at: formatMoment(newest.at), name: nameOfActor(newest.doer) },
            })
          : t('hub.data-first')}
      </p>
      {groups.map(({ word, rows }) => (
        <details key={word} open={rows.length <= mostShown}>
          <summary>{word}</summary>
          <ul>
            {rows.map((row) => (
              <li key={row.name}>
                {nameOf(row.name)}
                {'members' in row && <span class="quiet">{`: ${(row.members as string[]).join(', ')}`}</span>}
              </li>
            ))}
          </ul>
        </details>
      ))}
      <p class="quiet">{groups.length === 0 ? t('hub.data-nothing-new') : t('hub.data-same', { n: same })}</p>
    </div>
  )
}

/** Of longer lists the number is read first. */
const mostShown = 30
