import { useSignal } from '@preact/signals'
import { Download, Printer } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { FiguresView } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { language, t } from '../ui/messages.ts'
import { heedRefusal } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'

type Shown = FiguresView['pyramid'][number]['male']

const sizeOf = (n: Shown): number => (typeof n === 'number' ? n : 0)
const shown = (n: Shown): string =>
  typeof n === 'number' ? n.toLocaleString(language.value) : t(`residents.shown-${n}`)

/** Who lives here, as figures: nobody is in them. */
export function Figures() {
  const view = useSignal<FiguresView | null>(null)
  const problem = useSignal<string | null>(null)
  useEffect(() => {
    ask<FiguresView>('GET', '/api/residents/figures', undefined, 30_000).then(
      (answer) => {
        view.value = answer
      },
      (error) => {
        problem.value = explain(error)
        heedRefusal(error)
      },
    )
  }, [])

  const figures = view.value
  return (
    <main class="imports figures-page" aria-busy={figures === null && problem.value === null}>
      <header class="room">
        <div>
          <h1>{t('residents.figures')}</h1>
          <p class="quiet">{t('residents.figures-what')}</p>
        </div>
        <div class="buttons">
          <a class="button" download href={`/api/residents/figures.pdf?language=${language.value}`}>
            <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('residents.figures-pdf')}
          </a>
          <a class="button" download href={`/api/residents/figures.csv?language=${language.value}`}>
            <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('residents.figures-csv')}
          </a>
        </div>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {figures && figures.total === 0 && <p>{t('residents.empty')}</p>}
      {figures && figures.total > 0 && (
        <>
          <p class="total">
            <b class="num">{figures.total.toLocaleString(language.value)}</b> {t('residents.figures-people')}
          </p>
          <Pyramid rows={figures.pyramid} />
          <div class="tables">
            {figures.groups.map(({ name, cells }) => (
              <section key={name} class="group">
                <h2>{t(`residents.figures-${name}`)}</h2>
                <table>
                  <tbody>
                    {cells.map(({ key, label, n }) => (
                      <tr key={key}>
                        <th scope="row" style={{ '--share': `${(100 * sizeOf(n)) / figures.total}%` }}>
                          {key === '?' ? t('residents.not-known') : label}
                        </th>
                        <td class={typeof n === 'number' ? '' : 'quiet'}>{shown(n)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            ))}
          </div>
        </>
      )}
    </main>
  )
}

/** Men to the left, women to the right, the oldest on top. */
function Pyramid({ rows }: { rows: FiguresView['pyramid'] }) {
  const most = Math.max(1, ...rows.flatMap(({ male, female }) => [sizeOf(male), sizeOf(female)]))
  const width = (n: Shown) => ({ '--share': `${(100 * sizeOf(n)) / most}%` })
  return (
    <section class="group pyramid">
      <h2>{t('residents.figures-pyramid')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('residents.male')}</th>
            <th scope="col">{t('residents.figures-age')}</th>
            <th scope="col">{t('residents.female')}</th>
          </tr>
        </thead>
        <tbody>
          {[...rows].reverse().map(({ label, male, female }) => (
            <tr key={label}>
              <td class="male" style={width(male)}>
                {shown(male)}
              </td>
              <th scope="row">{label}</th>
              <td class="female" style={width(female)}>
                {shown(female)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
