import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keysOf } from './name-key.ts'

const meet = (one: string, other: string): boolean => keysOf(one).some((key) => keysOf(other).includes(key))
const pairs = (text: string) =>
  text.split(/\s*·\s*|\n/).flatMap((line) => (line.trim() ? [line.trim().split(' ')] : []))

/** Each with what else it is written as. */
const same = pairs(`
  muhammad mohammad · muhammad muhamad · muhammad mochammad · muhammad mukhamad · muhammad moh · muhammad muh · muhammad m
  ahmad achmad · ahmad akhmad · ahmad ahmat · ahmad ach · abdul abd · siti sitti · siti st · gusti gst · ketut ktut · gede gde
  dwi dewi · slamet selamet · sri seri · putra putera
  soekarno sukarno · noer nur · nor nur · djoko joko · soedjono sujono · tjipto cipto · njoman nyoman · widjaja wijaya
  sjarif syarif · umar omar · usman utsman
  rahman rohman · rahmat rokhmat · rachmat rohmat · saleh sholeh · soleh sholeh · mustafa mustofa · ramadan romadhon
  abdullah abdulloh · khairul khoirul · khoirul choirul · khoirul hoirul · khoirul khoerul · khairul chaerul
  zainal zaenal · zainal jaenal · zaenab jenab · husein husen · saiful syaiful · syaiful saepul · nuraini nuraeni
  yusuf yusup · fatimah patimah · fathimah fatimah · fatimah fatima · taufik taufiq · taufiq tofik · novi nopi · vina fina
  rizky rizki · rizky riski · rizqi rizki · dzulkifli zulkifli · khotijah hotijah · qomariyah komariah · kholiq holik
  ma'ruf makruf · ma'ruf maruf · sa'diyah sakdiyah · isma'il ismail · nu'man nukman · rifa'i rifai · asy'ari asyari
  juwariyah juariah · sumiyati sumiati · prasetyo prasetio · setiyo setyo · aditya aditia · suwarno suarno · kuwat kuat
  heri herry · yuni yuny · ghofur gofur · dharma darma · yakub yakup · erik eric · chandra candra · zaskia jaskia
  tsamrotul samrotul · bashori basori · raffi rafi · nabila nabillah · keysha keisya`)

const different = pairs(`
  marni murni · hasan husen · sari sri · joko yoko · budi badi · agus agung · slamet samsul · ani uni · siti sati · wati yati
  dewi devi · sukri suri · tono tini · salim halim · umi ami · bahri bari · endang lanang · nyoman noman · rini lini
  muhammad mahmud · rahmat rahim · nur nurul · made muhammad`)

test('what is one name by ear has one key', () => {
  expect(same.length).toBeGreaterThan(90)
  expect(same.filter(([one = '', other = '']) => !meet(one, other))).toEqual([])
})

test('what are two names by ear have none in common', () => {
  expect(different.filter(([one = '', other = '']) => meet(one, other))).toEqual([])
})

test('a key is two at the most for each way to say a word, short, and of letters and digits', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{1,40}('[a-z0-9]{1,9})?$/), (word) => {
      const keys = keysOf(word)
      expect(keys.length).toBeLessThanOrEqual(4)
      for (const key of keys) expect(key).toMatch(/^[a-z0-9]{1,24}$/)
    }),
  )
})

test('an unfinished word’s key is the beginning of the whole one’s, while its end is not that of a word', () => {
  for (const [typed = '', name = ''] of pairs(
    'muham muhammad · kho khoirul · rizk riski · fati patimah · soek sukarno · sita sitara · abdu abdul',
  ))
    expect(
      keysOf(typed, 'unfinished').some((begun) => keysOf(name).some((key) => key.startsWith(begun))),
      `${typed} ${name}`,
    ).toBe(true)
  expect(keysOf('muhammad', 'unfinished')).toEqual(['muhamad'])
})
