import type { Person } from '../residents/person.ts'
import { addTitles, type Folk, makeFolk, makeName, type Sex } from './demo-names.ts'
import { seededRandom } from './seeded-random.ts'

/** What a village is made of: the same seed gives the same people, on every machine. */
export type MadeVillage = {
  seed: number
  /** How many people; the last family is cut short. */
  count: number
  /** The village's ten digits; those of NIK and KK begin with its first six. */
  village?: string
  /** The year in which the list was made. */
  year?: number
}

const hamlets = [
  'KRAJAN',
  'SUMBERWARU',
  'KAMPUNG BARU',
  'TEGALSARI',
  'PONDOK NONGKO',
  'SUKOWIDI',
  'GUNUNG REMUK',
  'SELOGIRI',
]
const streets = [
  'MAWAR',
  'MELATI',
  'RAYA JEMBER',
  'IKAN TONGKOL',
  'GAJAH MADA',
  'K.H. HASYIM ASYARI',
  'DIPONEGORO',
  'BASUKI RAHMAT',
]
const farmers = [9, 9, 9, 20, 88, 15, 19, 11, 25, 84, 81]

/**
 * The residents of a village in whole families: a head, a wife, children, here and there a parent; about one in forty is
 * dead or has moved, one in fifty has no NIK yet. NIK by its rule: district, birth date (a woman's day plus 40), a number
 * that counts from 1 within both; one in twelve was born elsewhere.
 */
export function makeResidents({ seed, count, village = '3510212003', year = 2026 }: MadeVillage): Person[] {
  const random = seededRandom(seed)
  const made: Person[] = []
  const serials = new Map<string, number>()
  const count4 = (before: string): string => {
    const serial = (serials.get(before) ?? 0) + 1
    serials.set(before, serial)
    return `${before}${String(serial).padStart(4, '0')}`
  }
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const two = (number: number) => String(number).padStart(2, '0')
  const nikOf = (day: string, sex: Sex) => {
    const area = random() < 0.08 ? `35${two(between(1, 29))}${two(between(1, 20))}` : village.slice(0, 6)
    return count4(`${area}${two(Number(day.slice(8)) + (sex === 2 ? 40 : 0))}${day.slice(5, 7)}${day.slice(2, 4)}`)
  }
  const dayIn = (born: number) => `${born}-${two(between(1, 12))}-${two(between(1, 28))}`
  let tag = 0x04a1b2c3

  const makeOne = (folk: Folk, sex: Sex, born: number): Person => {
    const birthDate = dayIn(born)
    const person: Person = {
      name: addTitles(random, makeName(random, sex, born, folk), sex, born),
      sex,
      birthPlace: 'BANYUWANGI',
      birthDate,
      religion: folk === 'balinese' ? 4 : 1,
      citizenship: 1,
      blood: pick([1, 2, 3, 4, 13, 13]),
      status: random() < 0.975 ? 1 : pick([2, 2, 3]),
    }
    if (random() > 0.02) person.nik = nikOf(birthDate, sex)
    tag += 1_030
    if (random() < 0.3) person.tag = tag.toString(16).toUpperCase().padStart(8, '0')
    return person
  }

  while (made.length < count) made.push(...makeFamily())
  return made.slice(0, count)

  function makeFamily(): Person[] {
    const folk = makeFolk(random)
    const one = (sex: Sex, born: number) => makeOne(folk, sex, born)
    const born = between(year - 75, year - 22)
    const headSex: Sex = random() < 0.88 ? 1 : 2
    const head: Person = { ...one(headSex, born), relation: 1 }
    const hamlet = pick(hamlets)
    const rw = between(1, 6)
    const home: Partial<Person> = {
      kk: count4(`${village.slice(0, 6)}${two(between(1, 28))}${two(between(1, 12))}${two(between(8, year % 100))}`),
      hamlet,
      rw: String(rw).padStart(3, '0'),
      rt: String(between(1, 5)).padStart(3, '0'),
      address: random() < 0.6 ? `DUSUN ${hamlet}` : `JL. ${pick(streets)} NO. ${between(1, 180)}`,
    }
    const family = [head]
    const wife = headSex === 1 && random() < 0.85 ? { ...one(2, born + between(-1, 8)), relation: 3 } : null
    head.marital = wife ? 2 : pick([1, 3, 4])
    head.work = pick(farmers)
    if (wife) family.push({ ...wife, marital: 2, work: pick([2, 2, 9, 88]) })
    const plain = (person: Person) => person.name.replace(/^(H|HJ|DRS|KH|DR)\. |,.*$/g, '')
    const [father, mother] = headSex === 1 ? [plain(head), wife && plain(wife)] : [null, plain(head)]
    for (let child = between(0, 3); child > 0; child--) {
      const age = Math.max(born + between(20, 38), year - 40)
      if (age > year - 1) continue
      family.push({
        ...one(random() < 0.5 ? 1 : 2, age),
        ...{ relation: 4, marital: 1, work: year - age < 18 ? 3 : 1 },
        ...(father === null ? {} : { fatherName: father }),
        ...(mother === null ? {} : { motherName: mother }),
      })
    }
    if (random() < 0.12)
      family.push({ ...one(random() < 0.3 ? 1 : 2, born - between(20, 30)), relation: 7, marital: 4 })
    for (const person of family) {
      person.fatherName ??= makeName(random, 1, Number(person.birthDate?.slice(0, 4)) - 27, folk)
      person.motherName ??= makeName(random, 2, Number(person.birthDate?.slice(0, 4)) - 23, folk)
    }
    return family.map((person) => ({ ...person, ...home }))
  }
}
