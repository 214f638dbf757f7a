import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import Holidays from 'date-holidays'

/*
 * Writes national-holidays.ts from the npm package date-holidays. Once a year, by hand, from the root of the repository:
 *
 *   node appliance/pages/admin/make-national-holidays.mjs 2028
 */

/**
 * Names as the joint decree of the ministers has them, by the package's rule; one that is not here ends the script.
 * @type {Record<string, string>}
 */
const names = {
  '01-01': 'Tahun Baru Masehi',
  '27 Rajab': 'Isra Mikraj Nabi Muhammad SAW',
  'chinese 01-0-01': 'Tahun Baru Imlek',
  'easter -2': 'Wafat Yesus Kristus',
  '1 Shawwal': 'Hari Raya Idulfitri',
  '2 Shawwal': 'Hari Raya Idulfitri',
  '05-01': 'Hari Buruh Internasional',
  'easter 39': 'Kenaikan Yesus Kristus',
  '10 Dhu al-Hijjah': 'Hari Raya Iduladha',
  '06-01': 'Hari Lahir Pancasila',
  '1 Muharram': 'Tahun Baru Islam',
  '08-17': 'Proklamasi Kemerdekaan',
  '12 Rabi al-awwal': 'Maulid Nabi Muhammad SAW',
  '12-25': 'Kelahiran Yesus Kristus (Natal)',
}
/**
 * Days that the package lists one by one, by its own name.
 * @type {Record<string, string>}
 */
const dated = { 'Hari Raya Nyepi': 'Hari Suci Nyepi', 'Hari Raya Waisak': 'Hari Raya Waisak' }

const firstYear = 2026
const lastYear = Number(process.argv[2])
if (!(lastYear >= firstYear && lastYear <= firstYear + 10)) throw new Error('Name the last year, for instance 2028.')

const calendar = new Holidays('ID', { languages: 'id', types: ['public'] })
const days = new Map()
for (let year = firstYear; year <= lastYear; year++) {
  for (const { date, rule, name } of calendar.getHolidays(year)) {
    const known = names[rule] ?? dated[name]
    if (!known) throw new Error(`No name for ${date}: ${name} (${rule}).`)
    days.set(date.slice(0, 10), known)
  }
  for (const name of new Set(Object.values(dated)))
    if (![...days].some(([day, known]) => known === name && day.startsWith(`${year}-`)))
      throw new Error(`The package has no ${name} in ${year}: a year too far.`)
}

const path = 'appliance/pages/admin/national-holidays.ts'
const list = [...days].sort().map(([day, name]) => `  { day: '${day}', name: '${name}' },`)
writeFileSync(
  path,
  `/**
 * National holidays of Indonesia, ${firstYear} to ${lastYear}: offered in the first steps and at the settings, never taken without being
 * asked for; the regency's dataset comes before them. Made by make-national-holidays.mjs from the npm package date-holidays
 * (its data, CC BY 3.0, from Wikipedia's lists). It lacks *cuti bersama*, days of elections and Easter Sunday, and days
 * that follow the moon are computed: the decree of the ministers may have them a day earlier or later.
 */
export const nationalHolidays: readonly { day: string; name: string }[] = [
${list.join('\n')}
]
`,
)
execFileSync('biome', ['check', '--write', path], { stdio: 'inherit' })
