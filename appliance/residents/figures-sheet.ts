import type { Say } from '../base/messages/catalogues.ts'
import { type Cell, writeSheet } from '../base/write-sheet.ts'
import { unknown } from './figures.ts'
import type { FiguresView } from './views.ts'

type Shown = FiguresView['pyramid'][number]['male']

/** A line for each cell. */
export function figuresSheet({ total, groups, pyramid }: FiguresView, say: Say): string {
  const shown = (n: Shown): Cell => (typeof n === 'number' ? n : say(`residents.shown-${n}`))
  const both = (label: string, male: Shown, female: Shown): Cell[][] => [
    [say('residents.figures-pyramid'), `${label}, ${say('residents.male')}`, shown(male)],
    [say('residents.figures-pyramid'), `${label}, ${say('residents.female')}`, shown(female)],
  ]
  return writeSheet(
    ['group', 'cell', 'people'].map((column) => say(`residents.figures-column-${column}`)),
    [
      [say('residents.figures-total'), null, total],
      ...groups.flatMap(({ name, cells }) =>
        cells.map(({ key, label, n }): Cell[] => [
          say(`residents.figures-${name}`),
          key === unknown ? say('residents.not-known') : label,
          shown(n),
        ]),
      ),
      ...pyramid.flatMap(({ label, male, female }) => both(label, male, female)),
    ],
  )
}
